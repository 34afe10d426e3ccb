// Jobs: work off the UI thread whose result comes back to it.
//
// Guarantees: `work` runs on a thread of the pool; the function that it returns runs later on the
// UI thread, in drain(). A lock (end_session) asks every job to stop and discards the results of
// those that began before it: none of them reaches a screen. Work and completions are destroyed on
// the UI thread, whether they ran or not, so that they may hold what belongs there. Cancel is a
// request; work looks at Progress::should_stop(). Threads: start, drain, end_session, shown, cancel
// on the UI thread; Progress from the job's thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace coffre::ui {

class Progress {
 public:
  [[nodiscard]] bool should_stop() const { return stop_.load(); }
  void stop() { stop_.store(true); }
  // 0 to 1; negative: not known.
  void set(float fraction) { fraction_.store(fraction); }
  [[nodiscard]] float fraction() const { return fraction_.load(); }

 private:
  std::atomic<bool> stop_{false};
  std::atomic<float> fraction_{-1.0F};
};

// What the bottom bar shows. A job without a label is not shown (reading a list, drawing a page).
struct ShownJob {
  std::uint64_t id = 0;
  std::string label;
  float fraction = -1.0F;
  bool can_cancel = false;
};

class Jobs {
 public:
  using Completion = std::function<void()>;
  using Work = std::function<Completion(Progress&)>;

  // `wake` is called from a job's thread when drain() has something to do (the shell wakes its
  // loop).
  explicit Jobs(std::size_t threads, std::function<void()> wake = {});
  ~Jobs();  // asks all to stop and waits
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  // Queues work; the number names it for cancel().
  std::uint64_t start(std::string label, bool can_cancel, Work work);
  // For work that another thread does (VaultHost): shown like a job, posted by finish().
  std::shared_ptr<Progress> begin_outside(std::string label, bool can_cancel, std::uint64_t* id);
  void finish_outside(std::uint64_t id, Completion completion);  // any thread
  void cancel(std::uint64_t id);
  // Runs the completions of this session that are due. True when a job ended.
  bool drain();
  // The session ended: stop all, discard what they bring.
  void end_session();
  [[nodiscard]] std::vector<ShownJob> shown() const;
  [[nodiscard]] bool is_idle() const;
  // For tests: waits until no job is queued or running (their completions wait for drain()).
  void wait_until_done();

 private:
  struct Job;
  void serve();
  // With the mutex held.
  void finish(std::shared_ptr<Job> job, Completion completion);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::function<void()> wake_;
  std::uint64_t next_id_ = 1;
  std::uint64_t generation_ = 0;
  bool ended_ = false;
  std::deque<std::shared_ptr<Job>> queued_;
  std::vector<std::shared_ptr<Job>> running_;
  std::vector<std::shared_ptr<Job>> due_;  // done: their completions wait for drain()
  std::vector<std::thread> threads_;
};

}  // namespace coffre::ui
