// Lines from descriptors: passwords, and the commands of a batch.
//
// Guarantees: a password is read byte by byte up to its line's end, so that what follows stays for
// the next reader of the descriptor; buffers are wiped.
// Threads: one at a time.
#pragma once

#include <functional>
#include <optional>

#include "core/base/secret.h"

namespace coffre::cli {

inline constexpr std::size_t kBatchLineMax = std::size_t{64} << 10;

// The next line without \n or \r\n; the end of the input ends a line. kInvalidArgument: a closed
// descriptor, or nothing to read; kLimit: more than 4,096 bytes.
[[nodiscard]] Result<Secret> read_password_line(int fd);

// Reads lines from a descriptor, with a wait that can be called off.
class LineInput {
 public:
  explicit LineInput(int fd) : fd_(fd) {}
  [[nodiscard]] int fd() const { return fd_; }

  // The next line without its end, at most kBatchLineMax bytes (kLimit, and the line is skipped);
  // nullopt: the input has ended, or `stop` returned true (asked four times a second).
  [[nodiscard]] Result<std::optional<WipedBytes>> next(const std::function<bool()>& stop);

 private:
  // False: the input has ended. Waits for input, asking `stop`.
  [[nodiscard]] Result<bool> fill(const std::function<bool()>& stop);

  int fd_;
  WipedBytes buffer_;
  std::size_t start_ = 0;
  bool ended_ = false;
};

}  // namespace coffre::cli
