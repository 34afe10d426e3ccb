// A vault in a directory of its own, and shorthands to fill and to damage it.
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdlib.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "core/store/sqlite_store.h"

namespace coffre {

inline constexpr SqliteOptions kImpatient{.patience_ms = 0};

inline Bytes filled(std::size_t size, int value) { return Bytes(size, static_cast<Byte>(value)); }
inline Bytes bytes_of(std::string_view text) {
  return {as_bytes(text).begin(), as_bytes(text).end()};
}

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    // In memory where that can be: hundreds of commits wait for no disk.
    const bool memory = std::filesystem::is_directory("/dev/shm");
    std::string name = memory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
    name += "/coffre-store-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    path_ = name + "/v.coffre";
  }
  ~StoreTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  static std::unique_ptr<Store> taken(Result<std::unique_ptr<Store>> result) {
    EXPECT_TRUE(result.has_value()) << result.error().what << ": " << result.error().on;
    return result ? std::move(*result) : nullptr;
  }
  std::unique_ptr<Store> create() { return taken(create_sqlite_store(path_)); }
  std::unique_ptr<Store> open(const SqliteOptions& options = {}) {
    return taken(open_sqlite_store(path_, options));
  }
  Error refusal() {
    auto result = open_sqlite_store(path_, kImpatient);
    EXPECT_FALSE(result.has_value());
    return result ? Error{} : std::move(result).error();
  }

  // Runs SQL on the file as another program would, through SQLite's own VFS.
  void tamper(const std::string& sql) {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(handle);
    EXPECT_EQ(sqlite3_close(handle), SQLITE_OK);
  }
  static std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  static void write(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }

  std::string directory_;
  std::string path_;
};

#define ASSERT_OK(...)                                                     \
  do {                                                                     \
    const auto& coffre_status = (__VA_ARGS__);                             \
    ASSERT_TRUE(coffre_status.has_value())                                 \
        << coffre_status.error().what << ": " << coffre_status.error().on; \
  } while (false)
#define EXPECT_CODE(wanted, ...)                                                 \
  do {                                                                           \
    const auto& coffre_status = (__VA_ARGS__);                                   \
    ASSERT_FALSE(coffre_status.has_value());                                     \
    EXPECT_EQ(coffre_status.error().code, wanted) << coffre_status.error().what; \
  } while (false)

}  // namespace coffre
