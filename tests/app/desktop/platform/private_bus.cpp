#include "tests/app/desktop/platform/private_bus.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"

namespace coffre::test {
namespace {

constexpr int kAddressFd = 100;

std::string configuration(const std::string& address) {
  return R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>)" +
         address + R"(</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";
}

[[noreturn]] void become_daemon(const std::string& option, int address_fd) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // it does not outlive a test that is killed
  sigset_t none;
  sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  if (::dup2(address_fd, kAddressFd) == kAddressFd) {
    ::execlp("dbus-daemon", "dbus-daemon", option.c_str(), "--print-address=100", "--nofork",
             "--nopidfile", "--nosyslog", static_cast<char*>(nullptr));
  }
  ::_exit(127);
}

}  // namespace

PrivateBus::PrivateBus(Start when) {
  if (when == Start::kNow) start();
}

PrivateBus::~PrivateBus() { stop(); }

void PrivateBus::start() {
  COFFRE_ASSERT(pid_ < 0);
  const std::string file = dir_ / "bus.conf";
  COFFRE_ASSERT(write_durable(file, as_bytes(configuration(address()))).has_value());
  const std::string option = "--config-file=" + file;
  std::array<int, 2> ends{};
  COFFRE_ASSERT(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const File reader(ends[0]);
  {
    const File writer(ends[1]);
    pid_ = ::fork();
    COFFRE_ASSERT(pid_ >= 0);
    if (pid_ == 0) become_daemon(option, writer.fd());
  }
  // The address is told once it listens; the end of the pipe without one means that it could not.
  std::array<Byte, 1> first{};
  COFFRE_ASSERT(reader.read_full(first).value_or(0) == 1);
}

void PrivateBus::stop() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  (void)os().unlink((dir_ / "bus").c_str());
  pid_ = -1;
}

}  // namespace coffre::test
