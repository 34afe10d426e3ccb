#include "core/base/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace coffre {
namespace {

constexpr int kFirstGiven = 3;  // after the standard ones
// Above every number that a child is given, so that no dup2 overwrites what a later one needs.
constexpr int kAside = 64;
constexpr std::size_t kGivenMax = kAside - kFirstGiven;

// By the system calls: glibc 2.36 declares their functions without C linkage.
int open_by_number(pid_t id) { return static_cast<int>(::syscall(SYS_pidfd_open, id, 0)); }

// What posix_spawn is told; freed in every case.
class Plan {
 public:
  Plan() {
    failed_ = ::posix_spawn_file_actions_init(&actions_) != 0 ||
              ::posix_spawnattr_init(&attributes_) != 0;
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;
  ~Plan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  void take(int result) { failed_ = failed_ || result != 0; }
  [[nodiscard]] bool failed() const { return failed_; }
  posix_spawn_file_actions_t* actions() { return &actions_; }
  posix_spawnattr_t* attributes() { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  bool failed_ = false;
};

// `standard` are those for 0 and 1, where there are any.
void plan_descriptors(Plan& plan, const std::array<File, 2>& standard,
                      const std::vector<File>& aside) {
  auto* const actions = plan.actions();
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index < standard.size() && standard.at(index).is_open()) {
      plan.take(::posix_spawn_file_actions_adddup2(actions, standard.at(index).fd(), fd));
    } else {
      plan.take(::posix_spawn_file_actions_addopen(actions, fd, "/dev/null",
                                                   fd == STDIN_FILENO ? O_RDONLY : O_WRONLY, 0));
    }
  }
  int number = kFirstGiven;
  for (const File& file : aside) {
    plan.take(::posix_spawn_file_actions_adddup2(actions, file.fd(), number++));
  }
  plan.take(::posix_spawn_file_actions_addclosefrom_np(actions, number));
  plan.take(::posix_spawn_file_actions_addchdir_np(actions, "/"));
}

void plan_signals(Plan& plan) {
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  plan.take(::posix_spawnattr_setsigmask(plan.attributes(), &none));
  plan.take(::posix_spawnattr_setsigdefault(plan.attributes(), &all));
  plan.take(::posix_spawnattr_setpgroup(plan.attributes(), 0));
  plan.take(::posix_spawnattr_setflags(
      plan.attributes(), POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP));
}

// The terminated list that exec wants, of texts that stay where they are.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::unexpected<Error> not_started(int error, const std::string& program) {
  return fail(error == ENOENT ? Code::kNotFound : Code::kFailed,
              N_("a program that is a part of Coffre cannot be started"), program,
              N_("install Coffre again"));
}

}  // namespace

Result<Process> Process::spawn(const SpawnOptions& options) {
  COFFRE_ASSERT(options.descriptors.size() <= kGivenMax);
  std::vector<File> aside;
  for (const int fd : options.descriptors) {
    const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, kAside);
    if (copy < 0) return not_started(errno, options.program);
    aside.emplace_back(copy);
  }
  std::array<File, 2> standard;
  const std::array given{options.standard_input, options.standard_output};
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (given.at(i) < 0) continue;
    standard.at(i) = File(::fcntl(given.at(i), F_DUPFD_CLOEXEC, kAside));
    if (!standard.at(i).is_open()) return not_started(errno, options.program);
  }
  Plan plan;
  plan_descriptors(plan, standard, aside);
  plan_signals(plan);
  std::vector<std::string> words = options.arguments;
  words.insert(words.begin(), options.program);
  std::vector<std::string> environment = options.environment;
  pid_t id = -1;
  const int error =
      plan.failed() ? ENOMEM
                    : ::posix_spawn(&id, options.program.c_str(), plan.actions(), plan.attributes(),
                                    pointers(words).data(), pointers(environment).data());
  if (error != 0) return not_started(error, options.program);
  // It is our child and nobody has waited for it: the number is still its own.
  const int descriptor = open_by_number(id);
  if (descriptor < 0) {
    const int reason = errno;
    ::kill(id, SIGKILL);
    ::waitpid(id, nullptr, 0);
    return not_started(reason, options.program);
  }
  return Process(id, File(descriptor));
}

Process::Process(Process&& other) noexcept
    : id_(std::exchange(other.id_, -1)),
      descriptor_(std::move(other.descriptor_)),
      end_(std::exchange(other.end_, std::nullopt)) {}

Process::~Process() {
  if (!descriptor_.is_open() || end_) return;
  kill();
  siginfo_t ignored{};
  while (::waitid(P_PIDFD, static_cast<id_t>(descriptor_.fd()), &ignored, WEXITED) != 0 &&
         errno == EINTR) {
  }
}

void Process::kill() const {
  (void)::syscall(SYS_pidfd_send_signal, descriptor_.fd(), SIGKILL, nullptr, 0);
}

std::optional<ProcessEnd> Process::wait(Clock& clock, std::int64_t deadline_ms) {
  constexpr std::int64_t kWaitMax = 60'000;
  while (!end_) {
    const std::int64_t left = deadline_ms - clock.steady_ms();
    pollfd waited{.fd = descriptor_.fd(), .events = POLLIN, .revents = 0};
    const int ready =
        ::poll(&waited, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, kWaitMax)));
    if (ready > 0) {
      siginfo_t how{};
      if (::waitid(P_PIDFD, static_cast<id_t>(descriptor_.fd()), &how, WEXITED) != 0) {
        if (errno == EINTR) continue;
        // Somebody else waited for it: it has ended, how is lost.
        end_ = ProcessEnd{.by_signal = true, .status = 0};
        break;
      }
      end_ = ProcessEnd{.by_signal = how.si_code != CLD_EXITED, .status = how.si_status};
    } else if (clock.steady_ms() >= deadline_ms) {
      return std::nullopt;
    }
  }
  return end_;
}

std::string program_directory() {
  std::string path;
  if (os().realpath("/proc/self/exe", &path) != 0) return {};
  return parent_directory(path);
}

bool is_executable(const std::string& path) { return ::access(path.c_str(), X_OK) == 0; }

}  // namespace coffre
