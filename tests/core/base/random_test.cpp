#include "core/base/random.h"

#include <cerrno>
#include <set>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/support/fake_os.h"

namespace coffre {
namespace {

TEST(SystemRandom, GivesDifferentBytesOfEverySize) {
  std::set<Id> ids;
  for (int i = 0; i < 2000; ++i) ids.insert(system_random().id().value());
  EXPECT_EQ(ids.size(), 2000u);
  for (const std::size_t size : {std::size_t{32}, std::size_t{2047}, std::size_t{100'000}}) {
    const Secret secret = system_random().secret(size).value();
    ASSERT_EQ(secret.size(), size);
    std::set<Byte> values(secret.expose().begin(), secret.expose().end());
    EXPECT_GT(values.size(), 10u);
    EXPECT_FALSE(equal_constant_time(secret.expose().first(16), secret.expose().last(16)));
  }
}

TEST(SystemRandom, ReadsTheKernelOnceForManySmallRequests) {
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(system_random().id());
  EXPECT_LE(faulty.calls("getrandom"), 2);
}

TEST(SystemRandom, RefusalOfTheKernelIsAnErrorUntilItEnds) {
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.fail("getrandom", 1, ENOSYS, true);
  Bytes large(5000);
  EXPECT_EQ(system_random().fill(large).error().code, Code::kFailed);
  bool failed = false;
  for (int i = 0; i < 300 && !failed; ++i) failed = !system_random().id();
  EXPECT_TRUE(failed);
  faulty.reset();
  EXPECT_TRUE(system_random().id());
}

TEST(SystemRandom, ChildDoesNotRepeatTheParentsBytes) {
  ASSERT_TRUE(system_random().id());  // the buffer is full now
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto id = system_random().id();
    const bool sent = id && write(ends[1], id->bytes.data(), Id::kSize) == ssize_t{Id::kSize};
    _exit(sent ? 0 : 1);
  }
  const Id ours = system_random().id().value();
  Id theirs;
  ASSERT_EQ(read(ends[0], theirs.bytes.data(), Id::kSize), ssize_t{Id::kSize});
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(ours, theirs);
  EXPECT_FALSE(theirs.is_zero());
  close(ends[0]);
  close(ends[1]);
}

TEST(SystemRandom, ServesSeveralThreads) {
  std::vector<std::set<Id>> found(4);
  {
    std::vector<std::jthread> threads;
    for (auto& ids : found) {
      threads.emplace_back([&ids] {
        for (int i = 0; i < 500; ++i) ids.insert(system_random().id().value());
      });
    }
  }
  std::set<Id> all;
  for (const auto& ids : found) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 2000u);
}

// The first outputs of splitmix64 for the seed 1234567, as its authors' C code prints them.
TEST(SeededRandom, IsSplitmix64) {
  SeededRandom random(1234567);
  Bytes bytes(16);
  ASSERT_TRUE(random.fill(bytes));
  const auto word = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = (value << 8) | bytes[at + i];
    return value;
  };
  EXPECT_EQ(word(0), 6457827717110365317U);
  EXPECT_EQ(word(8), 3203168211198807973U);
}

TEST(SeededRandom, RepeatsForTheSameSeed) {
  SeededRandom a(7);
  SeededRandom b(7);
  SeededRandom c(8);
  const Id first = a.id().value();
  EXPECT_EQ(first, b.id().value());
  EXPECT_NE(first, c.id().value());
  EXPECT_NE(first, a.id().value());
}

}  // namespace
}  // namespace coffre
