// Words for expectations on Results: what went wrong is in the failure's text.
#pragma once

#include <stdexcept>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace coffre::test {

[[nodiscard]] inline std::string text_of(const Error& error) {
  return std::string(code_name(error.code)) + ": " + error.what + " [" + error.on + "]";
}

template <typename R>
[[nodiscard]] ::testing::AssertionResult ok(const R& result) {
  if (result.has_value()) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << text_of(result.error());
}

template <typename R>
[[nodiscard]] ::testing::AssertionResult refused(const R& result, Code code) {
  if (result.has_value()) {
    return ::testing::AssertionFailure() << "it was allowed";
  }
  if (result.error().code != code) {
    return ::testing::AssertionFailure() << text_of(result.error()) << ", not " << code_name(code);
  }
  return ::testing::AssertionSuccess();
}

// The value, where the rest of the test makes no sense without it: GoogleTest reports what is
// thrown.
template <typename T>
T must(Result<T> result) {
  if (!result) {
    throw std::runtime_error(text_of(result.error()));
  }
  return *std::move(result);
}
inline void must(const Status& status) {
  if (!status) {
    throw std::runtime_error(text_of(status.error()));
  }
}

}  // namespace coffre::test
