// A directory with files to erase, and one that has to stay.
#pragma once

#include <fcntl.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/erase/erase.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {

class EraseTest : public testing::Test {
 protected:
  EraseTest() { EXPECT_TRUE(write_durable(dir_ / "neighbour", neighbour_)); }
  ~EraseTest() override { EXPECT_TRUE(is_whole("neighbour", neighbour_)); }

  [[nodiscard]] std::string make(const std::string& name, std::size_t size = 10'000) const {
    const std::string path = dir_ / name;
    const auto file = File::open(path, O_WRONLY | O_CREAT | O_TRUNC);
    EXPECT_TRUE(file && file->write_all(Bytes(size, 'x')));
    return path;
  }
  [[nodiscard]] bool exists(const std::string& name) const {
    struct stat found{};
    return os().lstat((dir_ / name).c_str(), &found) == 0;
  }
  [[nodiscard]] bool is_whole(const std::string& name, const Bytes& content) const {
    const auto found = read_file(dir_ / name, 64 << 20);
    return found && *found == content;
  }
  [[nodiscard]] FileIdentity identity(const std::string& path) const {
    struct stat found{};
    EXPECT_EQ(os().lstat(path.c_str(), &found), 0);
    return {.device = found.st_dev, .inode = found.st_ino};
  }
  static EraseReport erase(const std::string& path) {
    return erase_file({.path = path, .expected = {}, .expected_size = {}});
  }
  static bool has(const EraseReport& report, Reason reason) {
    return std::ranges::find(report.reasons, reason) != report.reasons.end();
  }
  static std::string words(const EraseReport& report) {
    std::string text(verdict_word(report.verdict));
    for (const Reason reason : report.reasons) text += " " + std::string(reason_word(reason));
    return text + ", left " + std::string(left_word(report.left));
  }
  static bool is_success(const EraseReport& report) {
    return report.verdict == Verdict::kOverwrittenInPlace ||
           report.verdict == Verdict::kOverwrittenLogically;
  }
  // Refused for exactly this, with the file as it was.
  static void expect_refused(const EraseReport& report, Reason reason) {
    EXPECT_EQ(report.verdict, Verdict::kFailed) << words(report);
    EXPECT_EQ(report.reasons, std::vector{reason}) << words(report);
    EXPECT_EQ(report.bytes, 0u);
  }

  const Bytes neighbour_ = Bytes(5000, 'n');
  test::TempDir dir_;
};

}  // namespace coffre
