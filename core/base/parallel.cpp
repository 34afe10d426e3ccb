#include "core/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <new>
#include <sched.h>
#include <system_error>
#include <thread>
#include <vector>

namespace coffre {
namespace {

constexpr std::size_t kThreadsMax = 64;

Status call_work(const std::function<Status(std::size_t)>& work, std::size_t index) {
  try {
    return work(index);
  } catch (const std::bad_alloc&) {
    // In a thread of ours it would end the process.
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

struct Job {
  const std::function<Status(std::size_t)>& work;
  std::size_t count;
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::size_t failed_index = std::numeric_limits<std::size_t>::max();
  Error error;

  // Indexes are handed out in order, so all below a failed one were started and run to their end:
  // the lowest failure is the same on every run.
  void run() {
    while (!stop.load(std::memory_order_acquire)) {
      const std::size_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= count) return;
      Status status = call_work(work, index);
      if (status) continue;
      stop.store(true, std::memory_order_release);
      const std::lock_guard guard(mutex);
      if (index < failed_index) {
        failed_index = index;
        error = std::move(status).error();
      }
    }
  }
};

}  // namespace

std::size_t worker_count() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::size_t cores = 0;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    cores = static_cast<std::size_t>(CPU_COUNT(&set));
  } else {
    cores = std::thread::hardware_concurrency();  // more cores than a cpu_set_t holds
  }
  return std::clamp<std::size_t>(cores, 1, kThreadsMax);
}

Status parallel_for(std::size_t count, std::size_t threads,
                    const std::function<Status(std::size_t)>& work) {
  Job job{.work = work, .count = count, .mutex = {}, .error = {}};
  const std::size_t wanted = std::min({threads, count, kThreadsMax});
  std::vector<std::jthread> others;
  try {
    others.reserve(wanted);
    for (std::size_t i = 1; i < wanted; ++i) others.emplace_back([&job] { job.run(); });
  } catch (const std::system_error&) {
    // The system gives no more threads: those there are, and this one, do the work.
  } catch (const std::bad_alloc&) {
  }
  job.run();
  others.clear();  // joins
  if (job.failed_index != std::numeric_limits<std::size_t>::max()) {
    return std::unexpected<Error>(std::move(job.error));
  }
  return {};
}

}  // namespace coffre
