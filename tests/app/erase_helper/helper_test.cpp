// Not tried here: the act itself on an ext4, which zeroes a journal; helper_forensic_test.py does
// it on an image.
#include "app/erase_helper/helper.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <fstream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace coffre::erase_helper {
namespace {

Accepted<Request> parsed(const std::vector<const char*>& words) { return parse(words); }

std::string_view refused(const std::vector<const char*>& words) {
  const auto request = parsed(words);
  return request ? "accepted" : request.error().word;
}

std::string_view refused_path(const std::string& path) {
  const auto opened = open_directory({.path = path, .discard = false});
  return opened ? "opened" : opened.error().word;
}

TEST(EraseHelper, WordsThatAreWrongAreRefused) {
  EXPECT_EQ(refused({"/a", "/b"}), "usage");
  EXPECT_EQ(refused({""}), "usage");
  EXPECT_EQ(refused({"-"}), "usage");
  EXPECT_EQ(refused({"--help"}), "usage");
  EXPECT_EQ(refused({"--discard", "--discard"}), "usage");
  EXPECT_EQ(refused({"/a", "--discard"}), "usage");
  EXPECT_EQ(refused({"--discard=1"}), "usage");
  EXPECT_EQ(refused({"a"}), "path-not-plain");
  EXPECT_EQ(refused({"./a"}), "path-not-plain");
  EXPECT_EQ(refused({"/.."}), "path-not-plain");
  EXPECT_EQ(refused({"/a/../b"}), "path-not-plain");
}

TEST(EraseHelper, TheWordsOfACall) {
  const auto plain = parsed({});
  ASSERT_TRUE(plain);
  EXPECT_TRUE(plain->path.empty());
  EXPECT_FALSE(plain->discard);
  const auto both = parsed({"--discard", "/srv/..a"});
  ASSERT_TRUE(both);
  EXPECT_EQ(both->path, "/srv/..a");
  EXPECT_TRUE(both->discard);
}

TEST(EraseHelper, APathLeadsThroughNoLinkToADirectory) {
  const test::TempDir dir;
  ASSERT_EQ(::mkdir((dir / "real").c_str(), 0700), 0);
  ASSERT_EQ(::mkdir((dir / "real/deep").c_str(), 0700), 0);
  ASSERT_EQ(::symlink("real", (dir / "link").c_str()), 0);
  ASSERT_EQ(::mkfifo((dir / "pipe").c_str(), 0600), 0);
  std::ofstream(dir / "file") << "x";
  EXPECT_EQ(refused_path(dir / "real/deep"), "opened");
  EXPECT_EQ(refused_path(dir / "link"), "not-a-directory");
  EXPECT_EQ(refused_path(dir / "link/deep"), "path-refused");
  EXPECT_EQ(refused_path("/proc/self/cwd"), "path-refused");
  EXPECT_EQ(refused_path(dir / "file"), "not-a-directory");
  EXPECT_EQ(refused_path(dir / "pipe"), "not-a-directory");
  EXPECT_EQ(refused_path(dir / "none"), "not-found");
}

TEST(EraseHelper, WhatIsNoDirectoryOfAnExt4IsRefused) {
  const int memory = ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int device = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_TRUE(memory >= 0 && device >= 0);
  EXPECT_EQ(act(memory, /*discard=*/true).error().word, "not-ext4");
  EXPECT_EQ(act(device, /*discard=*/false).error().word, "not-a-directory");
  EXPECT_EQ(act(-1, /*discard=*/false).error().error, EBADF);
  ::close(memory);
  ::close(device);
}

TEST(EraseHelper, ItAnswersWithOneLine) {
  EXPECT_EQ(json_line(Done{.device = 0x801, .discarded = std::nullopt}),
            "{\"journal\":\"zeroed\",\"device\":\"8:1\"}\n");
  EXPECT_EQ(json_line(Done{.device = 0x801, .discarded = 4096}),
            "{\"journal\":\"zeroed\",\"device\":\"8:1\",\"discarded\":4096}\n");
  EXPECT_EQ(json_line(Done{.device = 0x801,
                           .discarded = std::unexpected(Refusal{"unsupported", EOPNOTSUPP})}),
            "{\"journal\":\"zeroed\",\"device\":\"8:1\",\"not_discarded\":\"unsupported\","
            "\"errno\":95}\n");
  EXPECT_EQ(json_line(std::unexpected(Refusal{"no-rights", EPERM})),
            "{\"error\":\"no-rights\",\"errno\":1}\n");
}

// The line of /proc/self/status after its name.
std::string status_of(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return {};
}

TEST(EraseHelper, NoRightIsLeftButTheOne) {
  const bool has_rights = ::geteuid() == 0 && status_of("CapPrm") != std::string(16, '0');
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const int extra = ::dup(STDIN_FILENO);
    bool held = drop_rights() && ::fcntl(extra, F_GETFD) < 0;
    const std::string one = has_rights ? "0000000000200000" : std::string(16, '0');
    for (const char* set : {"CapPrm", "CapEff"}) held = held && status_of(set) == one;
    for (const char* set : {"CapInh", "CapAmb"}) {
      held = held && status_of(set) == std::string(16, '0');
    }
    held = held && (!has_rights || status_of("CapBnd") == std::string(16, '0'));
    held = held && status_of("NoNewPrivs") == "1";
    ::_exit(held ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace coffre::erase_helper
