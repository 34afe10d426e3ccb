#include "core/journal/head.h"

#include <atomic>
#include <cerrno>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "tests/core/journal/sample.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

using test::FaultyOs;
using test::sample_hash;
using test::ScopedOs;
using test::TempDir;
using namespace std::string_view_literals;

Head sample_head(std::uint64_t size, std::uint64_t seed = 0, const Hash& vault = sample_hash(1)) {
  Head head;
  head.vault = vault;
  for (std::uint64_t i = 0; i < size; ++i) head.frontier.append(sample_hash(seed + i));
  head.state_root = sample_hash(size + 7);
  head.policy_sequence = size - 1;
  head.policy_link = sample_hash(size + 8);
  return head;
}

const std::string kPath = "/srv/practice/vault.coffre";

class HeadMemoryTest : public testing::Test {
 protected:
  HeadMemory open() {
    auto memory = HeadMemory::open(directory_ / "memory");
    EXPECT_TRUE(memory);
    return *std::move(memory);
  }
  [[nodiscard]] std::string head_file(const Hash& vault = sample_hash(1)) const {
    return directory_ / ("memory/heads/" + to_hex(vault.view()));
  }
  [[nodiscard]] std::string path_file() const {
    return directory_ / ("memory/paths/" + to_hex(sha256(as_bytes(kPath)).view()));
  }
  // The size that is remembered; 0 when there is none.
  static std::uint64_t size_of(const HeadMemory& memory) {
    const auto head = memory.load(sample_hash(1));
    EXPECT_TRUE(head);
    return head && *head ? (*head)->frontier.size() : 0;
  }

  TempDir directory_;
};

TEST(Head, BytesAreThoseOfTheFormat) {
  const Head head = sample_head(6);
  Writer expected;
  expected.raw("coffre/head/v1\0"sv).fixed(head.vault).u64(6).fixed(head.frontier.root());
  expected.fixed(head.state_root).u8(2);
  expected.fixed(head.frontier.hashes()[0]).fixed(head.frontier.hashes()[1]);
  expected.u64(5).fixed(head.policy_link);
  expected.fixed(sha256(expected.view()));
  EXPECT_EQ(head.encode(), expected.take());
}

TEST(Head, DecodesWhatItEncodes) {
  for (const std::uint64_t size : {1U, 2U, 3U, 64U, 1023U}) {
    const Bytes bytes = sample_head(size).encode();
    const auto head = Head::decode(bytes);
    ASSERT_TRUE(head) << size;
    EXPECT_EQ(head->encode(), bytes);
    EXPECT_EQ(head->frontier.size(), size);
    EXPECT_EQ(head->vault, sample_hash(1));
  }
}

TEST(Head, EveryFlippedBitAndTruncationIsRefused) {
  const Bytes right = sample_head(5).encode();
  for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
    Bytes bytes = right;
    bytes[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
    const auto head = Head::decode(bytes);
    ASSERT_FALSE(head) << bit;
    EXPECT_EQ(head.error().code, Code::kDamaged);
  }
  for (std::size_t size = 0; size < right.size(); ++size) {
    EXPECT_FALSE(Head::decode(ByteView(right).first(size))) << size;
  }
  Bytes longer = right;
  longer.push_back(0);
  EXPECT_FALSE(Head::decode(longer));
}

// With a right sum at the end: damage by a program, not by the disk.
TEST(Head, FieldsThatDoNotFitEachOtherAreRefused) {
  const Bytes right = sample_head(5).encode();
  constexpr std::size_t kSizeAt = 15 + 32;
  constexpr std::size_t kRootAt = kSizeAt + 8;
  constexpr std::size_t kCountAt = kRootAt + 64;
  constexpr std::size_t kPolicyAt = kCountAt + 1 + 2 * 32;
  for (const std::size_t at : {std::size_t{0}, std::size_t{14}, kSizeAt + 7, kRootAt, kCountAt,
                               kCountAt + 1, kPolicyAt, kPolicyAt + 7}) {
    Bytes bytes(right.begin(), right.end() - 32);
    bytes[at] ^= 0x01;
    const Hash sum = sha256(bytes);
    bytes.insert(bytes.end(), sum.bytes.begin(), sum.bytes.end());
    const auto head = Head::decode(bytes);
    ASSERT_FALSE(head) << at;
    EXPECT_EQ(head.error().code, Code::kDamaged);
  }
}

TEST_F(HeadMemoryTest, UnknownVaultAndPathAreNothing) {
  const HeadMemory memory = open();
  const auto head = memory.load(sample_hash(1));
  ASSERT_TRUE(head);
  EXPECT_FALSE(*head);
  const auto vault = memory.vault_at(kPath);
  ASSERT_TRUE(vault);
  EXPECT_FALSE(*vault);
}

TEST_F(HeadMemoryTest, RemembersHeadAndPathPrivately) {
  ASSERT_TRUE(open().store(sample_head(6), kPath));
  const HeadMemory memory = open();
  const auto head = memory.load(sample_hash(1));
  ASSERT_TRUE(head && *head);
  EXPECT_EQ((*head)->encode(), sample_head(6).encode());
  EXPECT_EQ(memory.vault_at(kPath).value(), sample_hash(1));
  EXPECT_FALSE(memory.vault_at("/srv/practice/other.coffre").value());
  EXPECT_FALSE(memory.load(sample_hash(2)).value());
  for (const char* name : {"memory", "memory/heads", "memory/paths"}) {
    struct stat found{};
    ASSERT_EQ(stat((directory_ / name).c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0700U) << name;
  }
  for (const std::string& name : {head_file(), path_file(), directory_ / "memory/lock"}) {
    struct stat found{};
    ASSERT_EQ(stat(name.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(HeadMemoryTest, OnlyGrows) {
  const HeadMemory memory = open();
  for (const std::uint64_t size : {5U, 3U, 5U, 9U, 1U, 8U}) {
    ASSERT_TRUE(memory.store(sample_head(size), kPath));
  }
  EXPECT_EQ(size_of(memory), 9U);
}

TEST_F(HeadMemoryTest, AnotherHistoryOfTheSameSizeIsAFork) {
  const HeadMemory memory = open();
  ASSERT_TRUE(memory.store(sample_head(5), kPath));
  Head state = sample_head(5);
  state.state_root = sample_hash(99);
  for (const Head& head : {sample_head(5, 1000), state}) {
    const Status status = memory.store(head, kPath);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::kForked);
  }
  EXPECT_EQ(memory.load(sample_hash(1)).value()->encode(), sample_head(5).encode());
}

TEST_F(HeadMemoryTest, VaultsDoNotMix) {
  const HeadMemory memory = open();
  ASSERT_TRUE(memory.store(sample_head(9), kPath));
  ASSERT_TRUE(memory.store(sample_head(2, 50, sample_hash(2)), "/srv/b.coffre"));
  EXPECT_EQ(size_of(memory), 9U);
  EXPECT_EQ(memory.load(sample_hash(2)).value()->frontier.size(), 2U);
  EXPECT_EQ(memory.vault_at("/srv/b.coffre").value(), sample_hash(2));
}

TEST_F(HeadMemoryTest, ForgottenPathForgetsNoHead) {
  const HeadMemory memory = open();
  ASSERT_TRUE(memory.forget_path(kPath));  // nothing to forget is fine
  ASSERT_TRUE(memory.store(sample_head(3), kPath));
  ASSERT_TRUE(memory.forget_path(kPath));
  EXPECT_FALSE(memory.vault_at(kPath).value());
  EXPECT_EQ(size_of(memory), 3U);
  ASSERT_TRUE(memory.store(sample_head(1, 50, sample_hash(2)), kPath));
  EXPECT_EQ(memory.vault_at(kPath).value(), sample_hash(2));
}

TEST_F(HeadMemoryTest, RelativePathIsRefused) {
  const HeadMemory memory = open();
  for (const char* path : {"", "vault.coffre", "./vault.coffre"}) {
    EXPECT_EQ(memory.store(sample_head(3), path).error().code, Code::kInvalidArgument);
    EXPECT_EQ(memory.vault_at(path).error().code, Code::kInvalidArgument);
    EXPECT_EQ(memory.forget_path(path).error().code, Code::kInvalidArgument);
  }
}

TEST_F(HeadMemoryTest, DamagedMemoryIsNeverFirstContact) {
  const HeadMemory memory = open();
  ASSERT_TRUE(memory.store(sample_head(3), kPath));
  Bytes flipped = sample_head(3).encode();
  flipped[60] ^= 1;
  for (const Bytes& bytes :
       {Bytes{}, flipped, Bytes(100'000), sample_head(3, 0, sample_hash(2)).encode()}) {
    ASSERT_TRUE(write_durable(head_file(), bytes));
    ASSERT_TRUE(write_durable(path_file(), bytes));
    const auto head = memory.load(sample_hash(1));
    ASSERT_FALSE(head);
    EXPECT_EQ(head.error().code, Code::kDamaged);
    EXPECT_EQ(head.error().on, head_file());
    const auto vault = memory.vault_at(kPath);
    ASSERT_FALSE(vault);
    EXPECT_EQ(vault.error().code, Code::kDamaged);
    // And it is not replaced by what would be believed from then on.
    const Status stored = memory.store(sample_head(9), kPath);
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().code, Code::kDamaged);
    EXPECT_EQ(read_file(head_file(), 200'000).value(), bytes);
  }
}

TEST_F(HeadMemoryTest, VanishedDirectoryIsAnError) {
  const HeadMemory memory = open();
  ASSERT_EQ(::rmdir((directory_ / "memory/heads").c_str()), 0);
  EXPECT_FALSE(memory.load(sample_hash(1)));
  ASSERT_TRUE(write_durable(directory_ / "memory/heads", Bytes{}));
  EXPECT_FALSE(memory.load(sample_hash(1)));
  EXPECT_FALSE(HeadMemory::open(directory_ / "memory"));
}

TEST_F(HeadMemoryTest, RacingStoresKeepTheLargestAndNeverGoBack) {
  constexpr std::uint64_t kHeads = 40;
  std::vector<Head> heads;
  for (std::uint64_t size = 1; size <= kHeads; ++size) heads.push_back(sample_head(size));
  (void)open();
  std::atomic<int> failures{0};
  std::atomic<bool> done{false};
  const auto run = [&](std::uint64_t start) {
    const auto memory = HeadMemory::open(directory_ / "memory");
    for (std::uint64_t i = 0; memory && i < kHeads; ++i) {
      // 7 and 40 have no common factor: every head once, in another order for each start.
      if (!memory->store(heads[(start + 7 * i) % kHeads], kPath)) ++failures;
    }
    if (!memory) ++failures;
  };
  std::jthread reader([&] {
    const auto memory = HeadMemory::open(directory_ / "memory");
    std::uint64_t newest = 0;
    while (memory && !done) {
      const auto head = memory->load(sample_hash(1));
      const std::uint64_t size = head && *head ? (*head)->frontier.size() : newest;
      if (!head || size < newest) ++failures;
      newest = std::max(newest, size);
    }
  });
  {
    const std::jthread first(run, 0);
    const std::jthread second(run, 20);
  }
  done = true;
  reader.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(size_of(open()), kHeads);
}

// Every call of the system that a store makes fails once: the memory then holds the old head or the
// new one, whole, and the next store succeeds.
TEST_F(HeadMemoryTest, StoreSurvivesAFailureAtEveryCall) {
  const HeadMemory memory = open();
  ASSERT_TRUE(memory.store(sample_head(1), kPath));
  std::map<std::string, int> calls;
  {
    FaultyOs faulty;
    const ScopedOs scope(faulty);
    ASSERT_TRUE(memory.store(sample_head(2), "/srv/first.coffre"));
    calls = faulty.all_calls();
  }
  EXPECT_GE(calls["fsync"], 4);  // file and directory, of the head and of the path
  EXPECT_EQ(calls["flock"], 1);
  std::uint64_t size = 2;
  for (const auto& [method, count] : calls) {
    if (method == "close") continue;  // of files that are only read: nothing depends on it
    for (int nth = 1; nth <= count; ++nth) {
      ++size;
      const std::string path = "/srv/" + std::to_string(size) + ".coffre";
      FaultyOs faulty;
      const ScopedOs scope(faulty);
      faulty.fail(method, nth, ENOSPC);
      const Status status = memory.store(sample_head(size), path);
      ASSERT_TRUE(faulty.failed()) << method << nth;
      ASSERT_FALSE(status) << method << nth;
      EXPECT_EQ(status.error().code, Code::kNoSpace) << method << nth;
      faulty.reset();
      const std::uint64_t kept = size_of(memory);
      EXPECT_TRUE(kept == size || kept == size - 1) << method << nth;
      ASSERT_TRUE(memory.store(sample_head(size), path)) << method << nth;
      EXPECT_EQ(size_of(memory), size);
      EXPECT_EQ(memory.vault_at(path).value(), sample_hash(1));
    }
  }
}

TEST_F(HeadMemoryTest, FailedReadIsAnErrorNotFirstContact) {
  const HeadMemory memory = open();
  ASSERT_TRUE(memory.store(sample_head(4), kPath));
  for (const char* method : {"lstat", "open", "fstat", "read"}) {
    for (const int error : {EIO, EACCES, ENOTDIR, EMFILE}) {
      FaultyOs faulty;
      const ScopedOs scope(faulty);
      faulty.fail(method, 1, error);
      EXPECT_FALSE(memory.load(sample_hash(1))) << method << error;
      faulty.fail(method, 1, error);
      EXPECT_FALSE(memory.vault_at(kPath)) << method << error;
    }
  }
}

TEST_F(HeadMemoryTest, FailedForgettingIsAnError) {
  const HeadMemory memory = open();
  for (const char* method : {"flock", "unlink", "fsync"}) {
    ASSERT_TRUE(memory.store(sample_head(4), kPath));
    FaultyOs faulty;
    const ScopedOs scope(faulty);
    faulty.fail(method, 1, EIO);
    EXPECT_FALSE(memory.forget_path(kPath)) << method;
  }
}

}  // namespace
}  // namespace coffre
