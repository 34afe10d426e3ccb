// The sandbox, tried from within: a child enters it and attempts what a taken-over viewer would.
#include "app/viewer/sandbox.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "app/viewer/document.h"
#include "app/viewer/landlock.h"
#include "app/viewer/sanitized.h"
#include "app/viewer/serve.h"
#include "tests/support/documents.h"
#include "tests/support/temp_dir.h"

namespace coffre::viewer {
namespace {

constexpr int kNoSandbox = 101;
constexpr int kPlayed = 7;  // versions of Landlock that are tried, and none

// Something that must not be possible. True: it was.
struct Attempt {
  const char* name;
  std::function<bool()> succeeds;
};

bool opens(const char* path, int flags) {
  const int fd = ::open(path, flags | O_CLOEXEC, 0600);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

bool makes_socket(int family, int type) {
  const int fd = ::socket(family, type, 0);
  if (fd >= 0) ::close(fd);
  return fd >= 0;
}

bool maps_code() {
  void* const page =
      ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page != MAP_FAILED;
}

bool turns_into_code() {
  void* const page = ::mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page != MAP_FAILED && ::mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0;
}

// In a grandchild, so that the control can do it too.
bool executes() {
  std::array<char, 10> program{"/bin/true"};
  std::array<char*, 2> words{program.data(), nullptr};
  const pid_t child = ::fork();
  if (child < 0) return ::execve(program.data(), words.data(), nullptr) == 0;
  if (child == 0) {
    ::execve(program.data(), words.data(), nullptr);
    ::_exit(1);
  }
  int status = 1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

bool forks() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return child > 0 && ::waitpid(child, nullptr, 0) == child;
}

bool makes_file_in(const std::string& folder) {
  const std::string path = folder + "/made";
  return opens(path.c_str(), O_CREAT | O_WRONLY);
}

bool makes_nameless_file_in(const std::string& folder) {
  return opens(folder.c_str(), O_TMPFILE | O_RDWR);
}

bool raises_limit() {
  rlimit now{};
  if (::getrlimit(RLIMIT_CPU, &now) != 0) return true;
  return ::setrlimit(RLIMIT_CPU, &now) == 0;
}

bool reads_parent() {
  std::array<char, 8> here{};
  static std::array<char, 8> there{};
  iovec mine{here.data(), here.size()};
  iovec theirs{there.data(), there.size()};
  return ::process_vm_readv(::getppid(), &mine, 1, &theirs, 1, 0) > 0;
}

// `folder` is a directory of the test; it has a file "there".
std::vector<Attempt> attempts(const std::string& folder) {
  const std::string there = folder + "/there";
  return {
      {"a file of the account", [=] { return opens(there.c_str(), O_RDONLY); }},
      {"accounts of the machine", [] { return opens("/etc/passwd", O_RDONLY); }},
      {"its own memory", [] { return opens("/proc/self/maps", O_RDONLY); }},
      {"a list of the root", [] { return opens("/", O_RDONLY | O_DIRECTORY); }},
      {"a device", [] { return opens("/dev/zero", O_RDONLY); }},
      {"a file for writing", [=] { return opens(there.c_str(), O_WRONLY); }},
      {"a file, cut", [=] { return opens(there.c_str(), O_RDONLY | O_TRUNC); }},
      {"a new file", [=] { return makes_file_in(folder); }},
      {"a nameless file", [=] { return makes_nameless_file_in(folder); }},
      {"a new folder", [=] { return ::mkdir((folder + "/d").c_str(), 0700) == 0; }},
      {"a second name", [=] { return ::link(there.c_str(), (folder + "/l").c_str()) == 0; }},
      {"a symbolic link", [=] { return ::symlink("x", (folder + "/s").c_str()) == 0; }},
      {"a new mode", [=] { return ::chmod(there.c_str(), 0644) == 0; }},
      {"another name", [=] { return ::rename(there.c_str(), (folder + "/r").c_str()) == 0; }},
      {"a removal", [=] { return ::unlink((folder + "/r").c_str()) == 0; }},
      {"a socket of the net", [] { return makes_socket(AF_INET, SOCK_STREAM); }},
      {"a datagram", [] { return makes_socket(AF_INET6, SOCK_DGRAM); }},
      {"a local socket", [] { return makes_socket(AF_UNIX, SOCK_STREAM); }},
      {"a netlink socket", [] { return makes_socket(AF_NETLINK, SOCK_RAW); }},
      {"another program", executes},
      {"another process", forks},
      {"a memory file", [] { return ::memfd_create("x", 0) >= 0; }},
      {"a look into the parent", reads_parent},
      {"a signal to the parent", [] { return ::kill(::getppid(), 0) == 0; }},
      {"memory as code", maps_code},
      {"data turned into code", turns_into_code},
      {"a new limit", raises_limit},
      {"dumps", [] { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0; }},
      {"a namespace", [] { return ::syscall(SYS_unshare, 0) == 0; }},
      {"a trace", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
  };
}

// What `attempt` makes of a child that has entered the sandbox; its exit status.
int inside(int landlock_max, const std::function<int()>& attempt) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!enter_sandbox(landlock_max, load_font_configuration)) ::_exit(kNoSandbox);
    ::_exit(attempt());
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void make_file(const test::TempDir& folder) {
  const int fd = ::open((folder / "there").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  ASSERT_GE(fd, 0);
  ::close(fd);
}

TEST(Sandbox, TheControlCanDoAllOfIt) {
  const test::TempDir folder;
  make_file(folder);
  const pid_t child = ::fork();
  if (child == 0) {
    int number = 1;
    for (const Attempt& attempt : attempts(folder.path())) {
      if (!attempt.succeeds()) ::_exit(number);
      ++number;
    }
    ::_exit(0);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  const int failed = WEXITSTATUS(status);
  EXPECT_EQ(failed, 0) << attempts(folder.path())[static_cast<std::size_t>(failed) - 1].name;
}

TEST(Sandbox, NothingOfItIsPossibleFromWithinOnAnyKernel) {
  for (int version = 0; version <= kPlayed; ++version) {
    const test::TempDir folder;
    make_file(folder);
    const int succeeded = inside(version, [&] {
      int number = 1;
      for (const Attempt& attempt : attempts(folder.path())) {
        if (attempt.succeeds()) return number;
        ++number;
      }
      return 0;
    });
    ASSERT_NE(succeeded, kNoSandbox);
    EXPECT_EQ(succeeded, 0)
        << "Landlock " << version << ": "
        << attempts(folder.path())[static_cast<std::size_t>(succeeded) - 1].name;
    EXPECT_EQ(folder.names(), std::vector<std::string>{"there"});
  }
}

// The first font of the system, so that there is something that may be opened.
std::string any_font() {
  for (const auto& entry : std::filesystem::recursive_directory_iterator("/usr/share/fonts")) {
    if (entry.is_regular_file()) return entry.path();
  }
  return {};
}

TEST(Sandbox, FontsAndTheirConfigurationAreReadWhereLandlockTellsFilesApart) {
  const std::string font = any_font();
  ASSERT_FALSE(font.empty()) << "the packages list fonts";
  for (int version = 0; version <= kPlayed; ++version) {
    const bool some = std::min(version, landlock_version()) > 0;
    EXPECT_EQ(inside(version, [&] { return opens(font.c_str(), O_RDONLY) ? 1 : 0; }), some ? 1 : 0);
    EXPECT_EQ(inside(version, [] { return opens("/etc/fonts/fonts.conf", O_RDONLY) ? 1 : 0; }),
              some ? 1 : 0);
    EXPECT_EQ(inside(version, [&] { return opens(font.c_str(), O_RDWR) ? 1 : 0; }), 0);
    EXPECT_EQ(
        inside(version,
               [&] { return makes_file_in(std::filesystem::path(font).parent_path()) ? 1 : 0; }),
        0);
    EXPECT_EQ(inside(version, [] { return opens("/etc/fonts/../passwd", O_RDONLY) ? 1 : 0; }), 0);
  }
}

TEST(Sandbox, TheVersionInUseIsTheLowerOne) {
  for (int version = 0; version <= kPlayed; ++version) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(enter_sandbox(version, load_font_configuration).value_or(kNoSandbox));
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(WEXITSTATUS(status), std::min({version, landlock_version(), kLandlockNewest}));
  }
}

TEST(Sandbox, MemoryEndsBeforeOneGibibyte) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer needs more addresses";
  EXPECT_EQ(inside(kLandlockNewest,
                   [] {
                     void* const much = ::mmap(nullptr, kMemoryMax, PROT_READ | PROT_WRITE,
                                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
                     return much == MAP_FAILED && errno == ENOMEM ? 0 : 1;
                   }),
            0);
}

using Times = std::vector<std::pair<std::string, std::filesystem::file_time_type>>;

Times font_caches() {
  Times found;
  for (const char* folder : {"/var/cache/fontconfig", "/usr/share/fonts"}) {
    if (!std::filesystem::is_directory(folder)) continue;
    found.emplace_back(folder, std::filesystem::last_write_time(folder));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      found.emplace_back(entry.path(), entry.last_write_time());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Draws a page with a font that is not in the file, as the viewer does.
int draw_with_fonts(const Bytes& pdf) {
  Bytes pixels(400 * 200 * 4);
  Service service(pdf, pixels);
  Request request{.number = 1, .kind = RequestKind::kOpen, .document = DocumentKind::kPdf};
  if (service.answer(request).status != ReplyStatus::kDone) return 1;
  request = {.number = 2, .kind = RequestKind::kDraw, .page = 0, .width = 400};
  const Reply reply = service.answer(request);
  if (reply.status != ReplyStatus::kDone) return 2;
  const bool ink = std::find(pixels.begin(), pixels.end(), Byte{0}) != pixels.end();
  if (!ink) return 3;
  return reply.fonts_missing ? 4 : 0;
}

TEST(Sandbox, TextIsDrawnFromWithinAndFontconfigWritesNothing) {
  const Bytes pdf = test::pdf_with_font("Helvetica");
  const Times before = font_caches();
  for (int version = 1; version <= kPlayed; ++version) {
    if (version > landlock_version()) break;
    EXPECT_EQ(inside(version, [&] { return draw_with_fonts(pdf); }), 0) << version;
  }
  EXPECT_EQ(font_caches(), before);
}

TEST(Sandbox, WithoutLandlockTextWithoutFontsIsSaidToBeMissing) {
  const Bytes pdf = test::pdf_with_font("Helvetica");
  const int seen = inside(0, [&] { return draw_with_fonts(pdf); });
  EXPECT_TRUE(seen == 3 || seen == 4) << seen;
}

}  // namespace
}  // namespace coffre::viewer
