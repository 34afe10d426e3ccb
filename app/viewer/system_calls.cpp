#include "app/viewer/system_calls.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "app/viewer/no_sandbox.h"
#include "app/viewer/sanitized.h"

namespace coffre::viewer {
namespace {

// Without arguments that could do harm.
constexpr std::array kHarmless = {
    // what is there already: the channel, the content, files that were opened to be read
    SCMP_SYS(read), SCMP_SYS(pread64), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev),
    SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fadvise64), SCMP_SYS(poll), SCMP_SYS(ppoll),
    // looking at names; what may be opened is decided elsewhere
    SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
    SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    // memory
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise),
    // time, chance, locks
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom), SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(alarm),
    // about itself
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
    SCMP_SYS(getegid), SCMP_SYS(uname), SCMP_SYS(sysinfo), SCMP_SYS(getrusage),
    SCMP_SYS(sched_getaffinity),
    // signals and the end
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(exit), SCMP_SYS(exit_group)};

struct FilterDeleter {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterDeleter>;

bool allow(const Filter& filter, int call) {
  return seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
}

bool allow_if(const Filter& filter, int call, const scmp_arg_cmp& condition) {
  return seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &condition) == 0;
}

scmp_arg_cmp none_of(unsigned argument, scmp_datum_t bits) {
  return {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = bits, .datum_b = 0};
}

scmp_arg_cmp equal(unsigned argument, scmp_datum_t value) {
  return {.arg = argument, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}

// Files to be read, never made: O_TMPFILE without the bit that it shares with O_DIRECTORY.
constexpr scmp_datum_t kWriting =
    O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

bool allow_with_conditions(const Filter& filter) {
  const auto self = static_cast<scmp_datum_t>(::getpid());
  return allow_if(filter, SCMP_SYS(open), none_of(1, kWriting)) &&
         allow_if(filter, SCMP_SYS(openat), none_of(2, kWriting)) &&
         allow_if(filter, SCMP_SYS(mmap), none_of(2, PROT_EXEC)) &&
         allow_if(filter, SCMP_SYS(mprotect), none_of(2, PROT_EXEC)) &&
         allow_if(filter, SCMP_SYS(fcntl), equal(1, F_GETFD)) &&
         allow_if(filter, SCMP_SYS(fcntl), equal(1, F_SETFD)) &&
         allow_if(filter, SCMP_SYS(fcntl), equal(1, F_GETFL)) &&
         allow_if(filter, SCMP_SYS(fcntl), equal(1, F_DUPFD_CLOEXEC)) &&
         // its limits may be looked at, not changed
         allow_if(filter, SCMP_SYS(prlimit64), equal(2, 0)) &&
         // abort()
         allow_if(filter, SCMP_SYS(tgkill), equal(0, self));
}

}  // namespace

Status allow_system_calls(Opening opening) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  if (!filter ||
      seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0) {
    return no_sandbox();
  }
  for (const int call : kHarmless) {
    if (!allow(filter, call)) return no_sandbox();
  }
  if (!allow_with_conditions(filter)) return no_sandbox();
  if (kSanitized && (!allow(filter, SCMP_SYS(pipe)) || !allow(filter, SCMP_SYS(pipe2)))) {
    return no_sandbox();
  }
  if (opening == Opening::kReadOnlyUntilClosed &&
      (!allow(filter, SCMP_SYS(seccomp)) ||
       !allow_if(filter, SCMP_SYS(prctl), equal(0, PR_SET_NO_NEW_PRIVS)))) {
    return no_sandbox();
  }
  return seccomp_load(filter.get()) == 0 ? Status() : no_sandbox();
}

Status close_last_door() {
  // The kernel takes the strictest answer of all filters.
  const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return no_sandbox();
  for (const int call : {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(seccomp), SCMP_SYS(prctl)}) {
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0) != 0) return no_sandbox();
  }
  return seccomp_load(filter.get()) == 0 ? Status() : no_sandbox();
}

}  // namespace coffre::viewer
