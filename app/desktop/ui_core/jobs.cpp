#include "app/desktop/ui_core/jobs.h"

#include <algorithm>

#include "core/base/error.h"

namespace coffre::ui {

struct Jobs::Job {
  std::uint64_t id = 0;
  std::uint64_t generation = 0;
  std::string label;
  bool can_cancel = false;
  Work work;
  Completion completion;
  std::shared_ptr<Progress> progress = std::make_shared<Progress>();
};

Jobs::Jobs(std::size_t threads, std::function<void()> wake) : wake_(std::move(wake)) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { serve(); });
  }
}

Jobs::~Jobs() {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    ended_ = true;
    for (const auto& job : running_) {
      job->progress->stop();
    }
    changed_.notify_all();
  }
  for (std::thread& thread : threads_) {
    thread.join();
  }
}

std::uint64_t Jobs::start(std::string label, bool can_cancel, Work work) {
  const std::lock_guard<std::mutex> guard(mutex_);
  auto job = std::make_shared<Job>();
  job->id = next_id_++;
  job->generation = generation_;
  job->label = std::move(label);
  job->can_cancel = can_cancel;
  job->work = std::move(work);
  queued_.push_back(job);
  changed_.notify_all();
  return job->id;
}

std::shared_ptr<Progress> Jobs::begin_outside(std::string label, bool can_cancel,
                                              std::uint64_t* id) {
  const std::lock_guard<std::mutex> guard(mutex_);
  auto job = std::make_shared<Job>();
  job->id = next_id_++;
  job->generation = generation_;
  job->label = std::move(label);
  job->can_cancel = can_cancel;
  running_.push_back(job);
  *id = job->id;
  return job->progress;
}

void Jobs::finish_outside(std::uint64_t id, Completion completion) {
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    const auto found =
        std::ranges::find_if(running_, [&](const auto& job) { return job->id == id; });
    COFFRE_ASSERT(found != running_.end());
    finish(*found, std::move(completion));
  }
  if (wake_) {
    wake_();
  }
}

void Jobs::finish(std::shared_ptr<Job> job, Completion completion) {
  std::erase(running_, job);
  job->completion = std::move(completion);
  due_.push_back(std::move(job));
  changed_.notify_all();
}

void Jobs::cancel(std::uint64_t id) {
  const std::lock_guard<std::mutex> guard(mutex_);
  for (const auto& job : running_) {
    if (job->id == id && job->can_cancel) {
      job->progress->stop();
    }
  }
  for (const auto& job : queued_) {
    if (job->id == id && job->can_cancel) {
      job->progress->stop();
    }
  }
}

bool Jobs::drain() {
  std::vector<std::shared_ptr<Job>> due;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    due.swap(due_);
  }
  bool ended_one = false;
  for (const auto& job : due) {
    bool current = false;
    {
      // A completion may have ended the session.
      const std::lock_guard<std::mutex> guard(mutex_);
      current = job->generation == generation_;
    }
    if (!current) {
      continue;
    }
    ended_one = true;
    if (job->completion) {
      job->completion();
    }
  }
  return ended_one;
}

void Jobs::end_session() {
  // Declared before the guard: what is discarded is destroyed when the mutex is free again.
  std::deque<std::shared_ptr<Job>> queued;
  std::vector<std::shared_ptr<Job>> due;
  const std::lock_guard<std::mutex> guard(mutex_);
  ++generation_;
  queued.swap(queued_);
  due.swap(due_);
  for (const auto& job : running_) {
    job->progress->stop();
  }
  changed_.notify_all();
}

std::vector<ShownJob> Jobs::shown() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  std::vector<ShownJob> all;
  const auto add = [&](const std::shared_ptr<Job>& job) {
    if (!job->label.empty() && job->generation == generation_) {
      all.push_back({job->id, job->label, job->progress->fraction(),
                     job->can_cancel && !job->progress->should_stop()});
    }
  };
  for (const auto& job : running_) {
    add(job);
  }
  for (const auto& job : queued_) {
    add(job);
  }
  return all;
}

bool Jobs::is_idle() const {
  const std::lock_guard<std::mutex> guard(mutex_);
  return queued_.empty() && running_.empty() && due_.empty();
}

void Jobs::wait_until_done() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return queued_.empty() && running_.empty(); });
}

void Jobs::serve() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || !queued_.empty(); });
    if (ended_) {
      return;
    }
    std::shared_ptr<Job> job = queued_.front();
    queued_.pop_front();
    running_.push_back(job);
    lock.unlock();
    Completion completion = job->work(*job->progress);
    lock.lock();
    finish(std::move(job), std::move(completion));
    if (wake_) {
      lock.unlock();
      wake_();
      lock.lock();
    }
  }
}

}  // namespace coffre::ui
