// How a thread that waits in poll() is called, and threads that signals leave alone.
//
// Threads: signal() from any thread; the rest belongs to the thread that waits.
#pragma once

#include <functional>
#include <thread>

#include "core/base/file.h"

namespace coffre::desktop {

// A descriptor that becomes readable when somebody calls, and stays so until clear().
class Wakeup {
 public:
  // kFailed when the system gives no descriptor.
  [[nodiscard]] static Result<Wakeup> create();

  void signal() const;
  void clear() const;
  [[nodiscard]] int fd() const { return file_.fd(); }

 private:
  explicit Wakeup(File file) : file_(std::move(file)) {}
  File file_;
};

// Starts `run` on a thread of its own with every signal blocked: SIGTERM and its like are for the
// thread that asked for them (TerminationSignals). kFailed when the system gives no thread.
[[nodiscard]] Result<std::thread> start_thread(std::function<void()> run);

}  // namespace coffre::desktop
