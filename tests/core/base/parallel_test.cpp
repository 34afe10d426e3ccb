#include "core/base/parallel.h"

#include <atomic>
#include <new>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace coffre {
namespace {

TEST(Parallel, WorkerCountIsWithinItsBounds) {
  EXPECT_GE(worker_count(), 1u);
  EXPECT_LE(worker_count(), 64u);
}

TEST(Parallel, CallsEveryIndexOnce) {
  for (const std::size_t threads : {std::size_t{0}, std::size_t{1}, std::size_t{4}}) {
    std::vector<std::atomic<int>> calls(100);
    ASSERT_TRUE(parallel_for(100, threads, [&](std::size_t index) -> Status {
      ++calls[index];
      return {};
    }));
    for (const auto& count : calls) EXPECT_EQ(count.load(), 1);
  }
}

TEST(Parallel, NoIndexesIsSuccess) {
  EXPECT_TRUE(parallel_for(0, 4, [](std::size_t) -> Status { return fail(Code::kFailed, "x"); }));
}

TEST(Parallel, ReturnsTheFailureOfTheLowestIndex) {
  for (int round = 0; round < 20; ++round) {
    const Status status = parallel_for(1000, 4, [](std::size_t index) -> Status {
      if (index >= 20) return fail(Code::kDamaged, "bad", std::to_string(index));
      return {};
    });
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().on, "20");
  }
}

TEST(Parallel, StartsNothingNewAfterAFailure) {
  std::size_t calls = 0;
  EXPECT_FALSE(parallel_for(100, 1, [&](std::size_t index) -> Status {
    ++calls;
    if (index == 3) return fail(Code::kFailed, "stop");
    return {};
  }));
  EXPECT_EQ(calls, 4u);
}

TEST(Parallel, RefusedMemoryIsAnError) {
  const Status status = parallel_for(8, 4, [](std::size_t) -> Status { throw std::bad_alloc(); });
  EXPECT_EQ(status.error().code, Code::kOutOfMemory);
}

}  // namespace
}  // namespace coffre
