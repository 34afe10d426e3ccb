#include "core/base/secret.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace coffre {
namespace {

bool all_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](Byte byte) { return byte == 0; });
}

void set_all(Secret& secret, Byte value) {
  const MutableByteView bytes = secret.expose();
  std::fill(bytes.begin(), bytes.end(), value);
}

constexpr std::size_t kSizes[] = {1, 31, 32, 33, 64, 2047, 2048, 2049, 4096, 4097, 1'000'000};

TEST(Secret, IsZeroAtFirstAlsoInMemoryUsedBefore) {
  for (const std::size_t size : kSizes) {
    for (int round = 0; round < 3; ++round) {
      Secret secret = Secret::create(size).value();
      ASSERT_EQ(secret.size(), size);
      EXPECT_TRUE(all_zero(secret.expose()));
      set_all(secret, 0xaa);
    }
  }
}

TEST(Secret, RefusesImpossibleSizes) {
  EXPECT_EQ(Secret::create(0).error().code, Code::kInvalidArgument);
  EXPECT_EQ(Secret::create(Secret::kSizeMax + 1).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(Secret::create(Secret::kSizeMax));
}

TEST(Secret, SmallMemoryIsWipedWhenItIsGivenBack) {
  const Secret keeper = Secret::create(100).value();  // keeps the chunk mapped
  Secret secret = Secret::create(100).value();
  set_all(secret, 0xaa);
  const ByteView was = secret.expose();
  secret.wipe();
  EXPECT_TRUE(secret.empty());
  EXPECT_EQ(secret.size(), 0u);
  EXPECT_TRUE(all_zero(was));
  secret.wipe();
}

TEST(Secret, NeighboursDoNotTouch) {
  std::vector<Secret> secrets;
  for (std::size_t i = 0; i < 10'000; ++i) {
    secrets.push_back(Secret::create(1 + i % 200).value());
    set_all(secrets.back(), static_cast<Byte>(i % 251));
  }
  for (std::size_t i = 0; i < secrets.size(); i += 2) secrets[i].wipe();
  for (std::size_t i = 0; i < secrets.size(); i += 2) {
    secrets[i] = Secret::create(1 + i % 200).value();
    ASSERT_TRUE(all_zero(secrets[i].expose()));
    set_all(secrets[i], static_cast<Byte>(i % 251));
  }
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const ByteView bytes = secrets[i].expose();
    ASSERT_EQ(bytes.size(), 1 + i % 200);
    ASSERT_EQ(std::count(bytes.begin(), bytes.end(), static_cast<Byte>(i % 251)),
              static_cast<std::ptrdiff_t>(bytes.size()));
  }
}

TEST(Secret, ManySmallOnesFitWithinTheLimitOfMappings) {
  std::vector<Secret> secrets;
  for (int i = 0; i < 200'000; ++i) {
    auto secret = Secret::create(32);
    ASSERT_TRUE(secret) << i;
    secrets.push_back(std::move(*secret));
  }
}

TEST(Secret, MovesWithoutACopy) {
  for (const std::size_t size : kSizes) {
    Secret first = Secret::create(size).value();
    set_all(first, 7);
    const Byte* data = first.expose().data();
    Secret second(std::move(first));
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move): the state afterwards is stated
    EXPECT_EQ(second.expose().data(), data);
    Secret third = Secret::create(5).value();
    third = std::move(second);
    EXPECT_EQ(third.expose().data(), data);
    EXPECT_EQ(third.size(), size);
    EXPECT_EQ(third.expose().back(), 7);
  }
}

TEST(Secret, RefusedLockIsNoError) {
  // In a child: the limit cannot be raised again.
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0) _exit(2);
    const auto big = Secret::create(100'000);
    // A process with the privilege may lock whatever the limit says.
    _exit(big && big->size() == 100'000 && (geteuid() == 0 || !big->is_locked()) ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Secret, ChildSeesZerosAndItsArenaStillWorks) {
  Secret small = Secret::create(40).value();
  Secret big = Secret::create(10'000).value();
  set_all(small, 0x55);
  set_all(big, 0x55);
  const pid_t child = fork();
  if (child == 0) {
    bool good = all_zero(small.expose()) && all_zero(big.expose());
    small.wipe();
    for (int i = 0; i < 5000 && good; ++i) {
      auto fresh = Secret::create(40);
      good = fresh && all_zero(fresh->expose());
    }
    _exit(good ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(small.expose()[0], 0x55);
  EXPECT_EQ(big.expose()[0], 0x55);
}

TEST(Secret, ArenaServesSeveralThreads) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      std::vector<Secret> mine;
      for (std::size_t i = 0; i < 3000; ++i) {
        mine.push_back(Secret::create(1 + i % 300).value());
        ASSERT_TRUE(all_zero(mine.back().expose()));
        set_all(mine.back(), static_cast<Byte>(t + 1));
        if (i % 3 == 0) mine.erase(mine.begin());
      }
      for (const Secret& secret : mine) ASSERT_EQ(secret.expose()[0], t + 1);
    });
  }
}

// In a process of its own: nobody else's secrets are to go.
TEST(SecretDeathTest, AllAreOverwrittenForTheEndOfTheProcess) {
  const auto end = [] {
    std::vector<Secret> secrets;
    for (const std::size_t size : {1U, 32U, 33U, 2048U, 2049U, 70'000U}) {
      for (int i = 0; i < 300; ++i) {  // more than a chunk
        secrets.push_back(Secret::create(size).value());
        std::ranges::fill(secrets.back().expose(), Byte{0xa5});
      }
    }
    secrets.erase(secrets.begin() + 300, secrets.begin() + 800);  // chunks that went again
    wipe_secrets();
    const bool all = std::ranges::all_of(secrets, [](const Secret& secret) {
      return std::ranges::all_of(secret.expose(), [](Byte byte) { return byte == 0; });
    });
    _exit(all ? 0 : 1);
  };
  EXPECT_EXIT(end(), testing::ExitedWithCode(0), "");
}

TEST(Secret, CopyHoldsTheBytes) {
  const Secret secret = Secret::copy_of(as_bytes("motdepasse")).value();
  EXPECT_EQ(as_text(secret.expose()), "motdepasse");
  EXPECT_EQ(Secret::copy_of({}).error().code, Code::kInvalidArgument);
}

TEST(EqualConstantTime, ComparesAllBytesAndTheLength) {
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_TRUE(equal_constant_time(as_bytes("abc"), as_bytes("abc")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("abd")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("bbc")));
  EXPECT_FALSE(equal_constant_time(as_bytes("abc"), as_bytes("ab")));
}

TEST(WipeBytes, SetsAllToZero) {
  Bytes bytes(100, 1);
  wipe_bytes(MutableByteView(bytes).subspan(1, 98));
  EXPECT_EQ(bytes.front(), 1);
  EXPECT_EQ(bytes.back(), 1);
  EXPECT_TRUE(all_zero(ByteView(bytes).subspan(1, 98)));
  wipe_bytes({});
}

}  // namespace
}  // namespace coffre
