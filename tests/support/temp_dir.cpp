#include "tests/support/temp_dir.h"

#include <algorithm>
#include <filesystem>
#include <stdlib.h>
#include <system_error>

#include "core/base/error.h"

namespace coffre::test {

TempDir::TempDir() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  COFFRE_ASSERT(!error);
  std::string made = (parent / "coffre-test-XXXXXX").string();
  COFFRE_ASSERT(::mkdtemp(made.data()) != nullptr);
  path_ = made;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDir::operator/(std::string_view name) const {
  return path_ + "/" + std::string(name);
}

std::vector<std::string> TempDir::names() const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> shared_file(std::string_view path) {
  const std::string full = std::string(COFFRE_SHARED) + "/" + std::string(path);
  std::error_code error;
  if (!std::filesystem::exists(full, error)) return std::nullopt;
  return full;
}

}  // namespace coffre::test
