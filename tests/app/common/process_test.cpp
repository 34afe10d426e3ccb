// How a process ends that cannot wait for its threads. In processes of their own.
#include "app/common/process.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace coffre::test {
namespace {

// Where there are bytes already, too.
bool writes_a_byte(int fd) { return ::pwrite(fd, "x", 1, 0) == 1; }

TEST(ProcessDeathTest, NoThreadWritesToAFileOnceThatIsForbidden) {
  const TempDir folder;
  const std::string path = folder / "vault";
  const auto end = [&] {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool before = writes_a_byte(fd);
    forbid_file_writes();
    bool after = true;
    int error = 0;
    std::thread([&] {
      after = writes_a_byte(fd);
      error = errno;
    }).join();
    std::array<int, 2> ends{};
    const bool to_a_pipe = ::pipe(ends.data()) == 0 && ::write(ends[1], "x", 1) == 1;
    _exit(before && !after && error == EFBIG && to_a_pipe ? 0 : 1);
  };
  EXPECT_EXIT(end(), testing::ExitedWithCode(0), "");
}

TEST(ProcessDeathTest, AStuckOneEndsAsALockDoes) {
  EXPECT_EXIT(end_stuck_process(), testing::ExitedWithCode(8), "");
}

}  // namespace
}  // namespace coffre::test
