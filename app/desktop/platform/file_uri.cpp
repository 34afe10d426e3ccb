#include "app/desktop/platform/file_uri.h"

#include <algorithm>
#include <optional>

#include "core/base/text.h"

namespace coffre::desktop {
namespace {

constexpr std::size_t kShownMax = 200;
constexpr std::string_view kScheme = "file:";
constexpr std::string_view kThisComputer = "localhost";

std::unexpected<Error> refused(Code code, const char* what, std::string_view uri) {
  return fail(code, what, printable(uri.substr(0, kShownMax)));
}

std::unexpected<Error> malformed(std::string_view uri) {
  return refused(Code::kInvalidArgument, N_("this is not the address of a file"), uri);
}

// `start` is lowercase.
bool starts_with_folded(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(),
                    [](char wanted, char found) { return wanted == ascii_lower(found); });
}

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  c = ascii_lower(c);
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return std::nullopt;
}

// What ends or hides a path: programs that forget to escape do so with spaces and letters only.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f || c == '?' || c == '#';
}

// One name; nothing when it is none.
std::optional<std::string> decoded_name(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (is_forbidden(c)) return std::nullopt;
    if (c == '%') {
      if (text.size() - i < 3) return std::nullopt;
      const auto high = hex_digit(text[i + 1]);
      const auto low = hex_digit(text[i + 2]);
      if (!high || !low) return std::nullopt;
      c = static_cast<char>(*high << 4U | *low);
      if (c == '\0' || c == '/') return std::nullopt;
      i += 2;
    }
    name += c;
  }
  if (name == "." || name == "..") return std::nullopt;
  return name;
}

}  // namespace

Result<std::string> path_of_file_uri(std::string_view uri) {
  if (uri.size() > kScheme.size() + kThisComputer.size() + 2 + 3 * kPathSizeMax) {
    return refused(Code::kLimit, N_("the path is too long"), uri);
  }
  const auto elsewhere = [&] {
    return refused(Code::kUnsupported, N_("this is not a file of this computer"), uri);
  };
  if (!starts_with_folded(uri, kScheme)) return elsewhere();
  std::string_view rest = uri.substr(kScheme.size());
  if (rest.starts_with("//")) {
    rest.remove_prefix(2);
    const std::string_view host = rest.substr(0, rest.find('/'));
    if (!host.empty() &&
        (host.size() != kThisComputer.size() || !starts_with_folded(host, kThisComputer))) {
      return elsewhere();
    }
    rest.remove_prefix(host.size());
    // What Windows means by four slashes is another computer's.
    if (rest.starts_with("//")) return elsewhere();
  }
  if (!rest.starts_with('/')) return malformed(uri);
  std::string path;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view part = rest.substr(0, rest.find('/'));
    const auto name = decoded_name(part);
    if (!name) return malformed(uri);
    if (!name->empty()) path += '/' + *name;
    rest.remove_prefix(part.size());
  }
  if (path.size() > kPathSizeMax) return refused(Code::kLimit, N_("the path is too long"), uri);
  return path.empty() ? "/" : path;
}

}  // namespace coffre::desktop
