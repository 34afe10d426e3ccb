// coffre-viewer: reads one document, in a sandbox, for the program that started it. It is no
// program for people: it wants the descriptors of core/base/viewer_protocol.h.
//
// --landlock-max N uses no newer Landlock than version N: tests play older kernels with it. It can
// only ask for less of what the kernel has; without any, nothing can be opened at all.
#include <charconv>
#include <cstdio>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

#include "app/viewer/document.h"
#include "app/viewer/sandbox.h"
#include "app/viewer/serve.h"

namespace {

using namespace coffre;          // NOLINT(google-build-using-namespace): a program of one file
using namespace coffre::viewer;  // NOLINT(google-build-using-namespace)

bool is_socket(int fd) {
  struct stat found{};
  return ::fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode);
}

int landlock_max(int count, char** words) {
  if (count != 3 || std::string_view(words[1]) != "--landlock-max") return kLandlockNewest;
  const std::string_view number(words[2]);
  int value = kLandlockNewest;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

void run(int count, char** words) {
  const auto content = map_to_read(kContentFd, kContentMax);
  const auto shared = map_to_write(kPixelsFd, kPixelBytesMax);
  if (!content || !shared) return;
  // The mappings stay; nothing is to be done with the descriptors.
  ::close(kContentFd);
  ::close(kPixelsFd);
  if (!enter_sandbox(landlock_max(count, words), load_font_configuration)) {
    answer_no_sandbox();
    return;
  }
  Service service(*content, *shared);
  serve(service);
  // Not a destructor of a library that saw a hostile document is run any more.
  ::_exit(0);
}

}  // namespace

int main(int count, char** words) {
  if (!is_socket(kChannelFd)) {
    std::fputs("coffre-viewer is started by Coffre, not by hand.\n", stderr);
    return 2;
  }
  run(count, words);
  return 1;
}
