// coffre-erase-helper [--discard] [PATH]: see helper.h. Without PATH, the directory that is open as
// standard input. Exit 0: the journal was zeroed; 1: it was not; 2: the call was wrong.
#include <fcntl.h>
#include <span>
#include <unistd.h>

#include "app/erase_helper/helper.h"

int main(int count, char** words) {
  using namespace coffre::erase_helper;  // NOLINT(google-build-using-namespace): a small program
  constexpr int kNotDone = 1;
  constexpr int kWrongCall = 2;
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    // A file that is opened later must not take the place of the output.
    if (fcntl(fd, F_GETFD) < 0) return kWrongCall;
  }
  if (count < 1 || !drop_rights()) return kNotDone;
  const auto request =
      parse(std::span<const char* const>(words, static_cast<std::size_t>(count)).subspan(1));
  Accepted<Done> result;
  if (!request) {
    result = std::unexpected(request.error());
  } else if (const auto directory = open_directory(*request); !directory) {
    result = std::unexpected(directory.error());
  } else {
    result = act(*directory, request->discard);
  }
  const std::string line = json_line(result);
  if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    return kNotDone;
  }
  if (result) return 0;
  return request ? kNotDone : kWrongCall;
}
