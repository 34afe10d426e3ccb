// Places for tests: a private directory of their own, and the samples that some tests look at.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coffre::test {

// A directory (0700) under the system's directory for temporary files, removed with all that is in
// it at the end. Ends the process when it cannot be made.
class TempDir {
 public:
  TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();

  [[nodiscard]] const std::string& path() const { return path_; }
  // The path of a name inside.
  [[nodiscard]] std::string operator/(std::string_view name) const;
  // The names inside, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::string path_;
};

// The full path of a file of the shared samples, or nothing when it is not there: the test then
// says GTEST_SKIP.
[[nodiscard]] std::optional<std::string> shared_file(std::string_view path);

}  // namespace coffre::test
