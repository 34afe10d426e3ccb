#include "app/cli/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/file.h"

namespace coffre::cli {
namespace {

// A pipe with `text` in it, whose writing end is closed.
class Pipe {
 public:
  explicit Pipe(std::string_view text, bool close = true) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(pipe(ends), 0);
    read_ = File(ends[0]);
    write_ = File(ends[1]);
    EXPECT_TRUE(write_.write_all(as_bytes(text)));
    if (close) {
      write_ = File();
    }
  }
  [[nodiscard]] int fd() const { return read_.fd(); }

 private:
  File read_;
  File write_;
};

std::string password(const Pipe& pipe) {
  const auto secret = read_password_line(pipe.fd());
  return secret ? std::string(as_text(secret->expose())) : std::string(secret.error().what);
}

bool never() { return false; }

std::string next(LineInput& input) {
  const auto line = input.next(never);
  if (!line) {
    return std::string("error: ") + line.error().what;
  }
  return *line ? std::string(as_text(**line)) : "(end)";
}

TEST(PasswordLine, EndsAtTheLineAndLeavesTheRest) {
  const Pipe pipe("first\nsecond\r\nthird");
  EXPECT_EQ(password(pipe), "first");
  EXPECT_EQ(password(pipe), "second");
  EXPECT_EQ(password(pipe), "third");
  EXPECT_EQ(password(pipe), "the password is missing");
}

TEST(PasswordLine, KeepsBlanksAndCarriageReturnsInside) {
  EXPECT_EQ(password(Pipe(" a\rb \n")), " a\rb ");
}

TEST(PasswordLine, AnEmptyLineIsNoPassword) {
  EXPECT_EQ(password(Pipe("\n")), "the password is empty");
  EXPECT_EQ(password(Pipe("\r\n")), "the password is empty");
}

TEST(PasswordLine, TakesUpTo4096Bytes) {
  const std::string longest(4096, 'x');
  EXPECT_EQ(password(Pipe(longest + "\n")), longest);
  EXPECT_EQ(password(Pipe(longest + "\r\n")), longest);
  EXPECT_EQ(password(Pipe(longest)), longest);
  EXPECT_EQ(password(Pipe(longest + "x\n")), "the password is too long");
}

TEST(PasswordLine, AClosedDescriptorIsAWrongCall) {
  const auto secret = read_password_line(987);
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().code, Code::kInvalidArgument);
}

TEST(LineInput, GivesEveryLineAndTheLastWithoutItsEnd) {
  const Pipe pipe("one\n\ntwo\nthree");
  LineInput input(pipe.fd());
  EXPECT_EQ(next(input), "one");
  EXPECT_EQ(next(input), "");
  EXPECT_EQ(next(input), "two");
  EXPECT_EQ(next(input), "three");
  EXPECT_EQ(next(input), "(end)");
}

TEST(LineInput, ALineOf64KiBFitsAndALongerOneIsRefusedAlone) {
  std::string text = std::string(kBatchLineMax, 'a') + "\n";
  text += std::string(3 * kBatchLineMax, 'b') + "\nafter\n";
  auto made = File::open("/tmp", O_TMPFILE | O_RDWR);
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->write_all(as_bytes(text)));
  ASSERT_EQ(lseek(made->fd(), 0, SEEK_SET), 0);
  LineInput input(made->fd());
  EXPECT_EQ(next(input), std::string(kBatchLineMax, 'a'));
  EXPECT_EQ(next(input), "error: the line is too long");
  EXPECT_EQ(next(input), "after");
  EXPECT_EQ(next(input), "(end)");
}

TEST(LineInput, StopsWaitingWhenItIsCalledOff) {
  const Pipe pipe("half a line", false);
  LineInput input(pipe.fd());
  int asked = 0;
  const auto line = input.next([&asked] { return ++asked == 2; });
  ASSERT_TRUE(line);
  EXPECT_FALSE(*line);
}

}  // namespace
}  // namespace coffre::cli
