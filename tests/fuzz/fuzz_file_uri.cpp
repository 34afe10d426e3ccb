// A file's address: what is accepted is an absolute path without "." and "..", and the same path
// written as an address again is the same path.
#include "app/desktop/platform/file_uri.h"
#include "tests/fuzz/fuzz.h"

namespace coffre::desktop {
namespace {

std::string uri_of(std::string_view path) {
  std::string uri = "file://";
  for (const char c : path) {
    if (c == '/') {
      uri += c;
    } else {
      uri += "%" + to_hex(as_bytes(std::string_view(&c, 1)));
    }
  }
  return uri;
}

void check(std::string_view uri) {
  const auto path = path_of_file_uri(uri);
  if (!path) {
    COFFRE_ASSERT(path.error().code == Code::kInvalidArgument ||
                  path.error().code == Code::kUnsupported || path.error().code == Code::kLimit);
    return;
  }
  COFFRE_ASSERT(path->starts_with('/') && path->size() <= kPathSizeMax);
  COFFRE_ASSERT(path->find('\0') == std::string::npos);
  const std::string framed = *path + "/";
  for (const char* const hidden : {"//", "/./", "/../"}) {
    COFFRE_ASSERT(*path == "/" || framed.find(hidden) == std::string::npos);
  }
  expect_same(path_of_file_uri(uri_of(*path)).value(), *path);
}

}  // namespace
}  // namespace coffre::desktop

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coffre::desktop::check(coffre::as_text({data, size}));
  return 0;
}
