#include "app/desktop/platform/wakeup.h"

#include <cerrno>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <system_error>

namespace coffre::desktop {

Result<Wakeup> Wakeup::create() {
  const int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0) return std::unexpected(os_error(errno, {}));
  return Wakeup(File(fd));
}

void Wakeup::signal() const {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the thread is called already.
  (void)os().write(file_.fd(), &one, sizeof one);
}

void Wakeup::clear() const {
  std::uint64_t count = 0;
  (void)os().read(file_.fd(), &count, sizeof count);  // EAGAIN: nobody called
}

Result<std::thread> start_thread(std::function<void()> run) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  // A thread inherits the mask: blocked before it starts, or a signal could come in between.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread;
  int error = 0;
  try {
    thread = std::thread(std::move(run));
  } catch (const std::system_error& refused) {
    error = refused.code().value();
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (error != 0) return std::unexpected(os_error(error, {}));
  return thread;
}

}  // namespace coffre::desktop
