#include "app/common/i18n.h"
#include "app/desktop/ui_core/screen.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

// The core's messages begin small, as parts of a line; here they are sentences. ASCII and the
// letters with two bytes that French begins sentences with.
std::string sentence(std::string text) {
  if (text.empty()) {
    return text;
  }
  const auto first = static_cast<unsigned char>(text[0]);
  if (first >= 'a' && first <= 'z') {
    text[0] = static_cast<char>(first - 'a' + 'A');
  } else if (first == 0xC3 && text.size() > 1) {
    const auto second = static_cast<unsigned char>(text[1]);
    if (second >= 0xA0 && second <= 0xBE && second != 0xB7) {
      text[1] = static_cast<char>(second - 0x20);
    }
  }
  return text;
}

std::string ended(std::string text) {
  constexpr std::string_view kEnds = ".!?:";
  if (!text.empty() && kEnds.find(text.back()) == std::string_view::npos) {
    text += '.';
  }
  return text;
}

}  // namespace

ErrorText text_of(const Error& error) {
  std::string what = sentence(tr(error.what));
  if (!error.on.empty()) {
    // A no-break space before the colon in French only.
    what += current_language() == Language::kFrench ? "\u00A0: " : ": ";
    what += printable(error.on);
  } else {
    what = ended(std::move(what));
  }
  return {std::move(what), ended(sentence(tr(error.hint)))};
}

}  // namespace coffre::ui
