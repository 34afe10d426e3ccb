// Calls from other threads to the UI thread.
//
// Guarantees: what was posted runs once, in order, in a later run(); `wake` is called after each
// post. Threads: post() from any; run() on the UI thread.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

namespace coffre::ui {

class UiCalls {
 public:
  explicit UiCalls(std::function<void()> wake) : wake_(std::move(wake)) {}
  void post(std::function<void()> call);
  void run();
  // After it, nobody is woken any more: the window is about to go.
  void close();

 private:
  std::mutex mutex_;
  std::function<void()> wake_;
  std::vector<std::function<void()>> calls_;
};

}  // namespace coffre::ui
