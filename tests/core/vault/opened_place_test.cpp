// Copies for other programs: a private directory that goes with its owner, and nothing else.
#include "core/vault/opened_place.h"

#include <filesystem>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/vault/copy_watch.h"
#include "tests/core/vault/exports.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

namespace fs = std::filesystem;

std::string directory_of(const ExportEntry& entry) { return parent_directory(entry.path); }

std::string text_in(const std::string& path) {
  return std::string(as_text(must(read_file(path, 1'000))));
}

mode_t mode_of(const std::string& path) {
  struct stat found{};
  EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
  return found.st_mode & 07777;
}

TEST(OpenedPlace, ItIsThereAsLongAsItsOwnerAndGoesWithItWhole) {
  ExportPlace place;
  ExportEntry entry;
  {
    const ExportCopy owner = place.opened("document.pdf");
    entry = owner.entry();
    EXPECT_EQ(text_in(entry.path), "Lettre");
    EXPECT_EQ(mode_of(entry.path), 0600U);
    EXPECT_EQ(mode_of(directory_of(entry)), 0700U);
    EXPECT_TRUE(is_private_name(entry.staging));
    EXPECT_EQ(directory_of(entry), place.file(entry.staging));
    EXPECT_TRUE(place.sweep(kLater).copies.empty());
    EXPECT_EQ(must(list_exports(place.ledger(), kLater)).copies.at(0).standing,
              CopyStanding::kOpened);
    // What a program does when it saves.
    must(write_durable(directory_of(entry) + "/neu.tmp", as_bytes("Lettre, changed")));
    fs::rename(directory_of(entry) + "/neu.tmp", entry.path);
    EXPECT_TRUE(place.sweep(kLater).copies.empty());
  }
  EXPECT_EQ(must(list_exports(place.ledger(), kNow)).copies.at(0).standing, CopyStanding::kDue);
  const SweepReport swept = place.sweep(kNow);
  ASSERT_EQ(swept.copies.size(), 1U);
  EXPECT_TRUE(swept.copies[0].is_closed);
  EXPECT_NE(swept.copies[0].report.verdict, Verdict::kFailed);
  EXPECT_EQ(swept.copies[0].report.size, std::string("Lettre, changed").size());
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
  EXPECT_EQ(place.outcomes().size(), 1U);
}

TEST(OpenedPlace, ItGoesWhenItIsNamedOrItsTimeIsOverWhoeverOwnsIt) {
  ExportPlace place;
  const ExportCopy named = place.opened("a.pdf");
  const ExportCopy late = place.opened("b.pdf");
  EXPECT_TRUE(place.sweep(kNow, {named.entry().id}).copies.at(0).is_closed);
  EXPECT_FALSE(fs::exists(directory_of(named.entry())));
  EXPECT_TRUE(fs::exists(late.entry().path));
  EXPECT_EQ(place.sweep(kNow + kKeepOpenedMs).copies.size(), 1U);
  EXPECT_TRUE(place.names().empty());
}

TEST(OpenedPlace, WhatProgramsLeaveThereGoesAndNothingElseIsTouched) {
  ExportPlace place;
  const std::string victim = place.state("victim");
  const std::string linked = place.state("linked");
  must(write_durable(victim, as_bytes("untouched")));
  must(write_durable(linked, as_bytes("two names")));
  std::optional<File> in_use;
  {
    const ExportCopy owner = place.opened("document.odt");
    const std::string at = directory_of(owner.entry());
    fs::create_directories(at + "/sub/deeper");
    must(write_durable(at + "/sub/deeper/draft", as_bytes("half a letter")));
    must(write_durable(at + "/.~lock.document.odt#", as_bytes("marie")));
    fs::create_symlink(victim, at + "/link");
    fs::create_directory_symlink(place.state("exports"), at + "/folder-link");
    fs::create_hard_link(linked, at + "/second-name");
    ASSERT_EQ(::mkfifo((at + "/pipe").c_str(), 0600), 0);
    in_use = must(File::open(owner.entry().path, O_RDWR));
  }
  const SweepReport swept = place.sweep(kNow);
  ASSERT_EQ(swept.copies.size(), 1U);
  // The second name of a file that is not ours is taken away, and its content stays: said once.
  EXPECT_EQ(swept.copies[0].report.verdict, Verdict::kFailed);
  EXPECT_EQ(swept.copies[0].report.reasons,
            (std::vector{Reason::kNotOverwritten, Reason::kHardLinks}));
  EXPECT_EQ(swept.copies[0].report.left, Left::kNothing);
  EXPECT_TRUE(place.names().empty());
  EXPECT_FALSE(swept.copies[0].is_closed);
  EXPECT_TRUE(place.sweep(kNow).copies.empty());
  EXPECT_TRUE(place.sweep(kNow, {swept.copies[0].entry.id}).copies.at(0).is_closed);
  EXPECT_EQ(text_in(victim), "untouched");
  EXPECT_EQ(text_in(linked), "two names");
  EXPECT_TRUE(fs::exists(place.state("exports/copies")));
  // The program that still has it open finds nothing of it.
  std::array<char, 16> rest{};
  EXPECT_EQ(::pread(in_use->fd(), rest.data(), rest.size(), 0), 0);
}

TEST(OpenedPlace, AnotherDirectoryOfTheSameNameIsLeftAlone) {
  ExportPlace place;
  std::string at;
  {
    const ExportCopy owner = place.opened("a.pdf");
    at = directory_of(owner.entry());
  }
  fs::rename(at, place.state("moved"));
  fs::create_directory(at);
  fs::permissions(at, fs::perms::owner_all);
  must(write_durable(at + "/mine", as_bytes("kept")));
  EXPECT_EQ(place.sweep(kNow).copies.at(0).report.reasons, std::vector{Reason::kNotFound});
  EXPECT_EQ(text_in(at + "/mine"), "kept");
  EXPECT_TRUE(place.sweep(kNow).copies.empty());  // said once
  EXPECT_EQ(place.known(), 1U);
}

// An entry of a directory that is not there, as it was left by another start of the computer.
ExportEntry left(const ExportPlace& place, const std::string& at, std::uint64_t device,
                 std::int64_t born_ns) {
  ExportEntry entry;
  entry.id = must(system_random().id());
  entry.vault = place.vault();
  entry.staging = "coffre-opened-0123456789abcdef";
  entry.path = at + "/" + entry.staging + "/a.pdf";
  entry.kind = CopyKind::kOpenedInMemory;
  entry.state = CopyState::kKept;
  entry.identity = {device, 1};
  entry.born_ns = born_ns;
  entry.created_ms = kNow;
  entry.deadline_ms = kNow + kKeepOpenedMs;
  must(place.ledger().put(entry));
  return entry;
}

bool is_tmpfs(const char* path) {
  struct statfs found{};
  return ::statfs(path, &found) == 0 && found.f_type == TMPFS_MAGIC;
}

std::uint64_t device_of(const std::string& path) {
  struct stat found{};
  EXPECT_EQ(::lstat(path.c_str(), &found), 0) << path;
  return found.st_dev;
}

TEST(OpenedPlace, WhatLayInMemoryWentWithItOnlyWhenTheFileSystemIsAnother) {
  if (!is_tmpfs("/dev/shm")) {
    GTEST_SKIP() << "/dev/shm is not in memory here";
  }
  ExportPlace place;
  const std::uint64_t here = device_of("/dev/shm");
  const std::vector went{Reason::kMemoryFileSystem, Reason::kNothingToOverwrite};
  // The login ended: what is left of the way lies on another file system.
  left(place, "/dev/shm/gone/1000", device_of("/proc"), 1);
  SweepReport swept = place.sweep(kNow);
  EXPECT_EQ(swept.copies.at(0).report.verdict, Verdict::kNotGuaranteed);
  EXPECT_EQ(swept.copies.at(0).report.reasons, went);
  // The same number was given again, to one that is younger than the copy.
  left(place, "/dev/shm", here, 1);
  EXPECT_EQ(place.sweep(kNow).copies.at(0).report.reasons, went);
  EXPECT_EQ(place.known(), 0U);
  // It is the same: then the copy was moved, or removed by somebody.
  const std::int64_t later = (kNow + 365LL * 86'400'000) * 1'000'000;
  for (const char* at : {"/dev/shm", "/dev/shm/gone"}) {
    const ExportEntry lost = left(place, at, here, later);
    swept = place.sweep(kNow);
    EXPECT_EQ(swept.copies.at(0).report.verdict, Verdict::kFailed);
    EXPECT_EQ(swept.copies.at(0).report.reasons, std::vector{Reason::kNotFound});
    EXPECT_TRUE(place.sweep(kNow).copies.empty()) << "said once";
    EXPECT_EQ(place.known(), 1U);
    EXPECT_TRUE(place.sweep(kNow, {lost.id}).copies.at(0).is_closed);
  }
}

TEST(OpenedPlace, OneThatSomebodyRemovedOrMovedAwayIsCalledLost) {
  for (const bool is_moved : {false, true}) {
    ExportPlace place;
    const ExportCopy owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
    const std::string at = directory_of(owner.entry());
    if (is_moved) {
      fs::rename(at, place.state("moved"));
    } else {
      fs::remove_all(at);
    }
    const SweepReport swept = place.sweep(kNow, {owner.entry().id});
    EXPECT_EQ(swept.copies.at(0).report.verdict, Verdict::kFailed);
    EXPECT_EQ(swept.copies.at(0).report.reasons, std::vector{Reason::kNotFound});
    EXPECT_EQ(place.outcomes().at(0).outcome.verdict, Verdict::kFailed);
  }
}

TEST(OpenedPlace, ItIsFoundWithAnotherModeAndUnderAnotherName) {
  for (const mode_t mode : {0750U, 0000U, 0500U, 01777U}) {
    ExportPlace place;
    std::optional<File> rest;
    {
      const ExportCopy owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
      const std::string at = directory_of(owner.entry());
      rest = must(File::open(owner.entry().path, O_RDONLY));
      ASSERT_EQ(::chmod(at.c_str(), mode), 0);
      if (mode == 0750U) {
        EXPECT_EQ(opened_state(owner.entry()), OpenedState::kOwned);
        fs::rename(at, place.file("my letters"));
        EXPECT_EQ(opened_state(owner.entry()), OpenedState::kOwned);
        const StandingCopy listed = must(list_exports(place.ledger(), kNow)).copies.at(0);
        EXPECT_EQ(listed.standing, CopyStanding::kOpened);
        EXPECT_EQ(listed.path, place.file("my letters/a.pdf"));
      }
    }
    const SweepReport swept = place.sweep(kNow);
    ASSERT_EQ(swept.copies.size(), 1U) << mode;
    EXPECT_TRUE(swept.copies[0].is_closed) << mode;
    EXPECT_EQ(swept.copies[0].report.size, 6U) << mode;
    EXPECT_TRUE(place.names().empty()) << mode;
    EXPECT_EQ(place.known(), 0U) << mode;
    struct stat found{};
    ASSERT_EQ(::fstat(rest->fd(), &found), 0);
    EXPECT_EQ(found.st_size, 0) << mode;
  }
}

// ---- What the program did with the copy

TEST(OpenedPlace, ASecondNameOfTheCopyKeepsNothingAndIsReported) {
  for (const bool is_killed : {false, true}) {  // then nobody has a descriptor of it
    ExportPlace place;
    std::optional<ExportCopy> owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
    const Id id = owner->entry().id;
    fs::create_hard_link(owner->entry().path, place.state("linked"));
    fs::create_hard_link(owner->entry().path, directory_of(owner->entry()) + "/beside");
    if (is_killed) {
      owner.reset();
      forget_copy(id);
    }
    const SweepReport swept = place.sweep(kNow, {id});
    const EraseReport& report = swept.copies.at(0).report;
    EXPECT_EQ(report.verdict, Verdict::kNotGuaranteed);
    EXPECT_EQ(std::ranges::count(report.reasons, Reason::kHardLinks), 1);
    EXPECT_FALSE(is_well_cleared(report, CopyKind::kOpenedInMemory));
    EXPECT_EQ(text_in(place.state("linked")), "");
    EXPECT_GT(report.bytes, 0U);
    EXPECT_EQ(place.known(), 0U);
    EXPECT_TRUE(place.names().empty());
  }
}

TEST(OpenedPlace, ACopyThatTheProgramMovedAwayIsReported) {
  for (const bool is_replaced : {false, true}) {
    ExportPlace place;
    const ExportCopy owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
    const std::string path = owner.entry().path;
    fs::rename(path, place.state("moved.pdf"));
    if (is_replaced) {
      must(write_durable(path, as_bytes("another")));
    }
    const SweepReport swept = place.sweep(kNow, {owner.entry().id});
    EXPECT_EQ(swept.copies.at(0).report.verdict, Verdict::kFailed) << is_replaced;
    EXPECT_EQ(swept.copies.at(0).report.reasons, std::vector{Reason::kNotFound}) << is_replaced;
    EXPECT_EQ(place.outcomes().at(0).outcome.verdict, Verdict::kFailed);
    EXPECT_TRUE(swept.copies.at(0).is_closed) << "it was named";
    EXPECT_EQ(text_in(place.state("moved.pdf")), "Lettre") << "not ours any more";
    EXPECT_TRUE(place.names().empty());
  }
}

TEST(OpenedPlace, AProgramThatReplacesTheCopyDoesWell) {
  ExportPlace place;
  const ExportCopy owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
  must(write_durable(owner.entry().path + ".new", as_bytes("signed")));
  fs::rename(owner.entry().path + ".new", owner.entry().path);
  const SweepReport swept = place.sweep(kNow, {owner.entry().id});
  EXPECT_EQ(swept.copies.at(0).report.verdict == Verdict::kFailed, false);
  EXPECT_FALSE(watched_copy(owner.entry().id)) << "forgotten when it is gone";
}

TEST(OpenedPlace, WhatIsWriteProtectedThereIsOverwrittenAllTheSame) {
  ExportPlace place;
  {
    const ExportCopy owner = place.opened("a.pdf");
    must(write_durable(directory_of(owner.entry()) + "/b", as_bytes("two")));
    ASSERT_EQ(::chmod((directory_of(owner.entry()) + "/b").c_str(), 0), 0);
    ASSERT_EQ(::chmod(owner.entry().path.c_str(), 0400), 0);
  }
  const SweepReport swept = place.sweep(kNow);
  const EraseReport& report = swept.copies.at(0).report;
  EXPECT_GE(report.bytes, 2U * 512U);
  EXPECT_EQ(std::ranges::count(report.reasons, Reason::kWriteProtected), 0);
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
}

// A file that may not be written to, whatever is done.
class NoWriting final : public Os {
 public:
  ssize_t pwrite(int /*fd*/, const void* /*data*/, std::size_t /*size*/, off_t /*at*/) override {
    return -EIO;
  }
};

TEST(OpenedPlace, WhatIsRemovedWithoutHavingBeenOverwrittenIsAFailure) {
  ExportPlace place;
  const ExportCopy owner = place.opened("a.pdf", CopyKind::kOpenedInMemory);
  NoWriting bad;
  SweepReport swept;
  {
    const ScopedOs scope(bad);
    swept = place.sweep(kNow, {owner.entry().id});
  }
  const EraseReport& report = swept.copies.at(0).report;
  EXPECT_EQ(report.verdict, Verdict::kFailed);
  EXPECT_EQ(report.reasons, (std::vector{Reason::kNotOverwritten, Reason::kWriteFailed}));
  EXPECT_EQ(report.left, Left::kNothing);
  EXPECT_TRUE(place.names().empty());
}

// Somebody puts a directory of theirs in the place of the one that was just made.
class SharedDirectory final : public Os {
 public:
  int make_directory(int directory, const char* name, mode_t mode) override {
    const int made = Os::make_directory(directory, name, mode);
    return made < 0 ? made : ::fchmodat(directory, name, 0777, 0);
  }
};

TEST(OpenedPlace, ADirectoryThatOthersCouldReadIsNotUsed) {
  ExportPlace place;
  NewCopy wanted = place.order("a.pdf");
  wanted.kind = CopyKind::kOpenedOnDisk;
  SharedDirectory shared;
  {
    const ScopedOs scope(shared);
    EXPECT_TRUE(
        refused(ExportCopy::create(place.ledger(), wanted, system_random()), Code::kFailed));
  }
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
}

// Who writes an entry by hand does not choose a directory to be emptied.
TEST(OpenedPlace, AnEntryThatNamesAnOrdinaryDirectoryIsDamaged) {
  ExportPlace place;
  const ExportCopy owner = place.opened("a.pdf");
  ExportEntry forged = owner.entry();
  EXPECT_TRUE(ok(ExportEntry::decode(forged.encode())));
  forged.path = "/home/marie/Documents/a.pdf";
  EXPECT_TRUE(refused(ExportEntry::decode(forged.encode()), Code::kDamaged));
  forged.staging = "Documents";
  EXPECT_TRUE(refused(ExportEntry::decode(forged.encode()), Code::kDamaged));
  forged = owner.entry();
  forged.staging = "coffre-opened-0123456789abcde/";
  EXPECT_TRUE(refused(ExportEntry::decode(forged.encode()), Code::kDamaged));
}

TEST(OpenedPlace, TheFirstDirectoryInMemoryIsTaken) {
  const TempDir disk;
  EXPECT_EQ(memory_directory({}), std::nullopt);
  EXPECT_EQ(memory_directory({"", "relative", disk / "missing", "/proc"}), std::nullopt);
  if (!is_tmpfs("/dev/shm")) {
    GTEST_SKIP() << "/dev/shm is not in memory here";
  }
  EXPECT_EQ(memory_directory({"/proc", "/dev/shm/"}), "/dev/shm");
}

// Whatever call fails while a copy is made, none is both there and unknown to the ledger.
TEST(OpenedPlace, AFailureWhileItIsMadeLeavesNothingUnknown) {
  for (const char* method :
       {"make_directory", "openat", "flock", "fstat", "birth", "write", "fsync", "close", "rename",
        "remove_directory", "unlinkat", "pwrite", "list"}) {
    for (int nth = 1; nth <= 12; ++nth) {
      ExportPlace place;
      FaultyOs faulty;
      {
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        NewCopy wanted = place.order("a.pdf");
        wanted.kind = CopyKind::kOpenedOnDisk;
        Result<ExportCopy> made = ExportCopy::create(place.ledger(), wanted, system_random());
        if (made && made->write(as_bytes("Lettre"))) {
          static_cast<void>(made->commit());
        }
      }
      const bool is_known = place.known() != 0;
      EXPECT_TRUE(is_known || place.names().empty()) << method << " " << nth;
      static_cast<void>(place.sweep(kNow));
      EXPECT_TRUE(place.names().empty()) << method << " " << nth;
      EXPECT_EQ(place.known(), 0U) << method << " " << nth;
    }
  }
}

// Whatever call fails in a sweep, the next one finishes.
TEST(OpenedPlace, AfterAnyFailureOfASweepTheNextOneFinishes) {
  for (const char* method :
       {"openat", "open_beneath", "fstat", "fstatat", "list", "pwrite", "fsync", "ftruncate",
        "unlinkat", "remove_directory", "flock", "rename", "set_mode", "birth"}) {
    for (int nth = 1; nth <= 6; ++nth) {
      ExportPlace place;
      {
        const ExportCopy owner = place.opened("a.pdf");
        must(write_durable(directory_of(owner.entry()) + "/b", as_bytes("two")));
      }
      FaultyOs faulty;
      {
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        SweepRequest request;
        request.now_ms = kNow;
        static_cast<void>(sweep_exports(place.ledger(), request));
      }
      EXPECT_TRUE(place.known() != 0 || place.names().empty()) << method << " " << nth;
      for (int again = 0; again < 2; ++again) {
        static_cast<void>(place.sweep(kNow));
      }
      EXPECT_TRUE(place.names().empty()) << method << " " << nth;
      EXPECT_EQ(place.known(), 0U) << method << " " << nth;
    }
  }
}

}  // namespace
}  // namespace coffre::test
