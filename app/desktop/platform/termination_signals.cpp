#include "app/desktop/platform/termination_signals.h"

#include <array>
#include <cerrno>
#include <poll.h>
#include <pthread.h>
#include <sys/signalfd.h>

namespace coffre::desktop {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGHUP, SIGINT}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Result<std::unique_ptr<TerminationSignals>> TerminationSignals::start(Callback callback) {
  COFFRE_TRY_ASSIGN(Wakeup wakeup, Wakeup::create());
  std::unique_ptr<TerminationSignals> made(
      new TerminationSignals(std::move(callback), std::move(wakeup)));
  const sigset_t set = ending_signals();
  const int fd = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd < 0) return std::unexpected(os_error(errno, {}));
  made->signals_ = File(fd);
  pthread_sigmask(SIG_BLOCK, &set, &made->before_);
  auto thread = start_thread([self = made.get()] { self->run(); });
  if (!thread) {
    pthread_sigmask(SIG_SETMASK, &made->before_, nullptr);
    return std::unexpected(std::move(thread).error());
  }
  made->thread_ = *std::move(thread);
  return made;
}

TerminationSignals::~TerminationSignals() {
  if (!thread_.joinable()) return;
  COFFRE_ASSERT(thread_.get_id() != std::this_thread::get_id());
  stops_.store(true);
  wakeup_.signal();
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void TerminationSignals::run() {
  std::array<pollfd, 2> waits{};
  waits[0] = {.fd = wakeup_.fd(), .events = POLLIN, .revents = 0};
  waits[1] = {.fd = signals_.fd(), .events = POLLIN, .revents = 0};
  while (!stops_.load()) {
    if (::poll(waits.data(), waits.size(), -1) <= 0) continue;
    signalfd_siginfo signal{};
    if (os().read(signals_.fd(), &signal, sizeof signal) == ssize_t{sizeof signal}) {
      callback_(DesktopEvent::kTerminate);
    }
  }
}

}  // namespace coffre::desktop
