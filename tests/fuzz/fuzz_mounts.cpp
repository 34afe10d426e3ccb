// What the kernel says of mounts: any text gives mounts, none of whose fields has what separates
// fields, and at most one for each line.
#include <algorithm>

#include "core/base/mounts.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = coffre::as_text(coffre::ByteView(data, size));
  const auto mounts = coffre::parse_mounts(text);
  COFFRE_ASSERT(mounts.size() <= 1 + static_cast<std::size_t>(std::ranges::count(text, '\n')));
  for (const coffre::Mount& mount : mounts) {
    for (const std::string& field : {mount.type, mount.options, mount.super_options}) {
      COFFRE_ASSERT(field.find_first_of(" \n") == std::string::npos);
    }
    static_cast<void>(coffre::has_option(mount.super_options, "data=journal"));
  }
  return 0;
}
