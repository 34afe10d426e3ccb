#include "app/common/mime.h"

#include <algorithm>

#include "core/base/text.h"

namespace coffre {
namespace {

using std::string_view_literals::operator""sv;

// Text: UTF-8 (a character that the end of the look cuts in two is fine) without control characters
// other than those of lines and pages.
bool is_text(ByteView start) {
  const auto is_binary = [](Byte byte) {
    return byte == 0x7f ||
           (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f');
  };
  if (start.empty() || std::any_of(start.begin(), start.end(), is_binary)) {
    return false;
  }
  const std::size_t cuts = start.size() == kMimeBytes ? 3 : 0;
  for (std::size_t cut = 0; cut <= cuts; ++cut) {
    if (is_utf8(as_text(start.first(start.size() - cut)))) {
      return true;
    }
  }
  return false;
}

struct MimeExtension {
  std::string_view mime;
  std::string_view extension;
};
constexpr auto kExtensions = std::to_array<MimeExtension>({{"application/pdf", ".pdf"},
                                                           {"image/jpeg", ".jpg"},
                                                           {"image/png", ".png"},
                                                           {"image/tiff", ".tif"},
                                                           {"image/webp", ".webp"},
                                                           {"text/plain", ".txt"}});

}  // namespace

const char* mime_of(ByteView start) {
  const std::string_view text = as_text(start);
  if (text.starts_with("%PDF-"sv)) {
    return "application/pdf";
  }
  if (text.starts_with("\xff\xd8\xff"sv)) {
    return "image/jpeg";
  }
  if (text.starts_with("\x89PNG\r\n\x1a\n"sv)) {
    return "image/png";
  }
  if (text.starts_with("II*\0"sv) || text.starts_with("MM\0*"sv) || text.starts_with("II+\0"sv) ||
      text.starts_with("MM\0+"sv)) {
    return "image/tiff";
  }
  if (text.starts_with("RIFF"sv) && text.size() >= 12 && text.substr(8, 4) == "WEBP"sv) {
    return "image/webp";
  }
  return is_text(start) ? "text/plain" : "application/octet-stream";
}

std::string neutral_name(std::string_view mime, std::string_view day) {
  const auto* const found = std::ranges::find(kExtensions, mime, &MimeExtension::mime);
  std::string name = "document-" + std::string(day);
  return found == kExtensions.end() ? name : name.append(found->extension);
}

}  // namespace coffre
