// A child process that gets what it is given and nothing else.
//
// Guarantees: the child inherits no descriptor but those named (standard input, output and error
// are /dev/null unless named), no environment but the one named, no blocked or ignored signal, and
// starts in the root directory, in a process group of its own (the terminal's signals do not reach
// it). The process is reached by a descriptor, never by a number that another could have taken. It
// is killed and waited for when the object goes, unless it was left. Needs Linux 5.4. Not covered:
// limits and privileges, which the child lays down itself. Threads: kill() from any thread while
// the object lives; all else one at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/file.h"

namespace coffre {

struct SpawnOptions {
  std::string program;  // path from the root: the child starts there
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=VALUE
  std::vector<int> descriptors;          // they become 3, 4, ... in the child
  int standard_input = -1;               // -1: /dev/null
  int standard_output = -1;
};

// How a process ended.
struct ProcessEnd {
  bool by_signal = false;
  int status = 0;  // exit status, or the signal
};

class Process {
 public:
  // kNotFound: no such program; kFailed otherwise; `on` is the program.
  [[nodiscard]] static Result<Process> spawn(const SpawnOptions& options);
  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) = delete;
  Process(const Process&) = delete;
  ~Process();

  // It goes on without us, and is not waited for.
  void leave() { descriptor_ = File(); }
  // SIGKILL; nothing when it has ended.
  void kill() const;
  // nullopt: it runs at deadline_ms on the clock's steady_ms().
  [[nodiscard]] std::optional<ProcessEnd> wait(Clock& clock, std::int64_t deadline_ms);
  [[nodiscard]] int id() const { return id_; }

 private:
  Process(int id, File descriptor) : id_(id), descriptor_(std::move(descriptor)) {}
  int id_;
  File descriptor_;
  std::optional<ProcessEnd> end_;
};

// The folder of the program that runs; empty when the system does not say.
[[nodiscard]] std::string program_directory();
// Whether there is a file that may be executed.
[[nodiscard]] bool is_executable(const std::string& path);

}  // namespace coffre
