#include "core/base/process.h"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/channel.h"

namespace coffre {
namespace {

constexpr std::int64_t kLongMs = 30'000;

// Runs a line of shell; what it wrote to descriptor 3.
struct Ran {
  ProcessEnd end;
  std::string text;
};

Ran shell(const std::string& line, std::vector<std::string> environment = {}) {
  auto ends = Channel::pair().value();
  SpawnOptions options;
  options.program = "/bin/sh";
  options.arguments = {"-c", line};
  options.environment = std::move(environment);
  options.descriptors = {ends.second.fd()};
  Process process = Process::spawn(options).value();
  ends.second = Channel();
  Clock& clock = system_clock();
  Ran ran;
  Bytes message(65'536);
  while (const auto got = ends.first.receive(message, clock, clock.steady_ms() + kLongMs)) {
    if (*got == 0) break;
    ran.text += as_text(ByteView(message).first(*got));
  }
  ran.end = process.wait(clock, clock.steady_ms() + kLongMs).value();
  return ran;
}

TEST(Process, SaysHowItEnded) {
  EXPECT_EQ(shell("exit 7").end.status, 7);
  EXPECT_FALSE(shell("exit 7").end.by_signal);
  const Ran killed = shell("kill -TERM $$");
  EXPECT_TRUE(killed.end.by_signal);
  EXPECT_EQ(killed.end.status, SIGTERM);
}

TEST(Process, InheritsNoDescriptorButThoseGiven) {
  // Not closed on exec, as a careless library would leave it.
  const int stray = ::open("/dev/zero", O_RDONLY);  // NOLINT: that is the point
  ASSERT_GE(stray, 0);
  const int high = ::fcntl(stray, F_DUPFD, 200);
  // No pattern: the shell would open the folder for it.
  const std::string line =
      "cd /proc/$$/fd; for n in 0 1 2 3 4 5 6 7 8 9 64 200; do "
      "[ ! -e $n ] || echo $n; done >&3";
  EXPECT_EQ(shell(line).text, "0\n1\n2\n3\n");
  ::close(stray);
  ::close(high);
}

TEST(Process, HasTheStandardInputAndOutputGiven) {
  const int input = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  SpawnOptions options;
  options.program = "/bin/sh";
  options.arguments = {"-c", "test -d /proc/self/fd/0 && cd -P /proc/self/fd/0 && pwd"};
  options.standard_input = input;
  options.standard_output = ends[1];
  Process process = Process::spawn(options).value();
  ::close(ends[1]);
  Clock& clock = system_clock();
  EXPECT_EQ(process.wait(clock, clock.steady_ms() + kLongMs).value().status, 0);
  std::string text(64, ' ');
  const ssize_t got = ::read(ends[0], text.data(), text.size());
  ASSERT_GE(got, 0);
  EXPECT_EQ(text.substr(0, static_cast<std::size_t>(got)), "/proc\n");
  ::close(ends[0]);
  ::close(input);
}

TEST(Process, HasNoEnvironmentButTheOneGiven) {
  const std::string text = shell("/usr/bin/env >&3", {"COFFRE_X=1"}).text;
  EXPECT_NE(text.find("COFFRE_X=1"), std::string::npos);
  EXPECT_EQ(text.find("HOME="), std::string::npos);
  EXPECT_EQ(text.find("PATH="), std::string::npos) << text;
}

TEST(Process, StartsInTheRootWithSignalsAsTheyWereBorn) {
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &blocked, &before), 0);
  const Ran ran = shell("pwd >&3; kill -TERM $$");
  ASSERT_EQ(::pthread_sigmask(SIG_SETMASK, &before, nullptr), 0);
  EXPECT_EQ(ran.text, "/\n");
  EXPECT_TRUE(ran.end.by_signal);
}

TEST(Process, SeveralDescriptorsGetTheirNumbersInOrder) {
  auto ends = Channel::pair().value();
  const int zero = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  SpawnOptions options;
  options.program = "/bin/sh";
  options.arguments = {"-c", "cd /proc/$$/fd; readlink 4 5 >&3"};
  options.environment = {"PATH=/bin:/usr/bin"};
  options.descriptors = {ends.second.fd(), null, zero};
  Process process = Process::spawn(options).value();
  Bytes message(1000);
  Clock& clock = system_clock();
  std::string text;
  ends.second = Channel();
  while (const auto got = ends.first.receive(message, clock, clock.steady_ms() + kLongMs)) {
    if (*got == 0) break;
    text += as_text(ByteView(message).first(*got));
  }
  EXPECT_EQ(text, "/dev/null\n/dev/zero\n");
  EXPECT_EQ(process.wait(clock, clock.steady_ms() + kLongMs).value().status, 0);
  ::close(zero);
  ::close(null);
}

TEST(Process, IsKilledAndWaitedForWhenItGoes) {
  int id = 0;
  {
    SpawnOptions options;
    options.program = "/bin/sleep";
    options.arguments = {"1000"};
    Process process = Process::spawn(options).value();
    id = process.id();
    EXPECT_FALSE(process.wait(system_clock(), system_clock().steady_ms())) << "it runs";
    EXPECT_EQ(::kill(id, 0), 0);
  }
  EXPECT_EQ(::kill(id, 0), -1);
  EXPECT_EQ(::waitpid(id, nullptr, 0), -1);
}

TEST(Process, KillEndsIt) {
  SpawnOptions options;
  options.program = "/bin/sleep";
  options.arguments = {"1000"};
  Process process = Process::spawn(options).value();
  process.kill();
  const auto end = process.wait(system_clock(), system_clock().steady_ms() + kLongMs);
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->by_signal);
  EXPECT_EQ(end->status, SIGKILL);
  process.kill();
}

TEST(Process, AProgramThatIsNotThereIsNotFound) {
  SpawnOptions options;
  options.program = "/nonexistent/program";
  const auto process = Process::spawn(options);
  ASSERT_FALSE(process);
  EXPECT_EQ(process.error().code, Code::kNotFound);
  EXPECT_EQ(process.error().on, options.program);
  options.program = "/etc/passwd";
  EXPECT_EQ(Process::spawn(options).error().code, Code::kFailed);
}

TEST(ProgramDirectory, IsThatOfThisTest) {
  EXPECT_TRUE(is_executable(program_directory() + "/coffre_base_test"));
  EXPECT_FALSE(is_executable(program_directory() + "/nothing"));
}

TEST(Channel, KeepsTheBoundsOfMessages) {
  auto ends = Channel::pair().value();
  ASSERT_TRUE(ends.first.send(as_bytes("one")));
  ASSERT_TRUE(ends.first.send(as_bytes("three")));
  Bytes out(4);
  Clock& clock = system_clock();
  EXPECT_EQ(ends.second.receive(out, clock, clock.steady_ms()), 3U);
  EXPECT_EQ(ends.second.receive(out, clock, clock.steady_ms()), 5U) << "the size that was sent";
  EXPECT_FALSE(ends.second.receive(out, clock, clock.steady_ms()));
}

TEST(Channel, TellsThatTheOtherSideHasGone) {
  auto ends = Channel::pair().value();
  ends.first = Channel();
  Bytes out(4);
  EXPECT_EQ(ends.second.receive(out, system_clock(), system_clock().steady_ms() + kLongMs), 0U);
  EXPECT_FALSE(ends.second.send(as_bytes("x"))) << "and no signal ends us";
}

TEST(Channel, ShutEndsAWait) {
  auto ends = Channel::pair().value();
  ends.second.shut();
  Bytes out(4);
  EXPECT_EQ(ends.second.receive(out, system_clock(), system_clock().steady_ms() + kLongMs), 0U);
}

}  // namespace
}  // namespace coffre
