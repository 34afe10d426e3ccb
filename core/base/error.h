// Errors and Result: how every function of the core says that it failed.
//
// Guarantees: an Error names what failed, on what, and what to do next; its texts are message ids
// for the translations (assets/po) and never hold a password, a key, or the name of anything that
// the user may not read. Failure is a value: exceptions of libraries stop in the file calling them.
// Threads: values, no shared state.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace coffre {

// What kind of failure: each maps to one exit status of the command line (app/cli/exit_code.h).
enum class Code : unsigned char {
  kFailed,           // failed otherwise, or in part
  kInvalidArgument,  // the words of the call are wrong
  kCredentials,      // wrong credentials
  kDenied,           // may not, or no such object: the two are not told apart
  kDamaged,          // damaged or tampered with
  kRolledBack,       // older than what this workstation remembers
  kForked,           // another history than what this workstation remembers
  kBusy,             // in use by another process
  kLocked,           // the session is locked
  kLimit,            // a limit was reached
  kNoSpace,          // no space left
  kNotFound,         // a file of the system that is not there (never an object of the vault)
  kExists,           // a file of the system that is there already
  kUnsupported,      // a newer format, a network file system, a platform without a feature
  kReadOnly,         // the medium or the file cannot be written
  kOutOfMemory,      // memory was refused
};

// One failure. `what` and `hint` point to static message ids (mark them N_() so that they reach
// the translations); `on` is data: a path, an entry's number, a person's name.
struct [[nodiscard]] Error {
  Code code = Code::kFailed;
  const char* what = "";
  std::string on;
  const char* hint = "";
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

// Builds the failed side of a Result.
[[nodiscard]] inline std::unexpected<Error> fail(Code code, const char* what, std::string on = {},
                                                 const char* hint = "") {
  return std::unexpected<Error>(Error{code, what, std::move(on), hint});
}

// Prints `what` and where to standard error and ends the process: a fault of our own, never input.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

// The stable name of a code, for --json ("denied", "damaged", ...).
[[nodiscard]] std::string_view code_name(Code code);

}  // namespace coffre

// Marks a message for xgettext and is the text itself.
#define N_(text) text

// An assertion about our own code that stays on in release builds.
#define COFFRE_ASSERT(expression)                       \
  (static_cast<bool>(expression) ? static_cast<void>(0) \
                                 : ::coffre::assertion_failed(#expression, __FILE__, __LINE__))

#define COFFRE_CONCAT_INNER(a, b) a##b
#define COFFRE_CONCAT(a, b) COFFRE_CONCAT_INNER(a, b)

// COFFRE_TRY(expression): returns the error of a Status or Result, drops its value. The names come
// from __COUNTER__, so that a lambda in the expression can use the macros too without shadowing.
#define COFFRE_TRY_AS(name, ...)                                        \
  do {                                                                  \
    if (auto name = (__VA_ARGS__); !name) [[unlikely]] {                \
      return std::unexpected<::coffre::Error>(std::move(name).error()); \
    }                                                                   \
  } while (false)
#define COFFRE_TRY(...) COFFRE_TRY_AS(COFFRE_CONCAT(coffre_try_, __COUNTER__), __VA_ARGS__)

// COFFRE_TRY_ASSIGN(auto x, expression): x = value, or returns the error.
#define COFFRE_TRY_ASSIGN_AS(name, target, ...)                       \
  auto name = (__VA_ARGS__);                                          \
  if (!name) [[unlikely]] {                                           \
    return std::unexpected<::coffre::Error>(std::move(name).error()); \
  }                                                                   \
  target = *std::move(name)
#define COFFRE_TRY_ASSIGN(target, ...) \
  COFFRE_TRY_ASSIGN_AS(COFFRE_CONCAT(coffre_result_, __COUNTER__), target, __VA_ARGS__)
