// The sweep: what it erases, what it must not touch, what it reports.
#include "core/vault/export_sweep.h"

#include <atomic>
#include <cerrno>
#include <unistd.h>

#include "tests/core/vault/exports.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

Reason only_reason(const SweepReport& swept) {
  EXPECT_EQ(swept.copies.size(), 1U);
  EXPECT_EQ(swept.copies.at(0).report.verdict, Verdict::kFailed);
  EXPECT_EQ(swept.copies.at(0).report.reasons.size(), 1U);
  return swept.copies.at(0).report.reasons.at(0);
}

CopyStanding standing(const ExportPlace& place, std::int64_t now_ms = kNow) {
  const StandingList list = must(list_exports(place.ledger(), now_ms));
  EXPECT_EQ(list.copies.size(), 1U);
  return list.copies.at(0).standing;
}

TEST(Sweep, ErasesWhatIsDueAndNothingElse) {
  ExportPlace place;
  place.copy("due.pdf");
  NewCopy longer = place.order("kept.pdf");
  longer.keep_ms = kKeepMaxMs;
  {
    ExportCopy copy = must(ExportCopy::create(place.ledger(), longer, system_random()));
    must(copy.commit());
  }
  EXPECT_TRUE(place.sweep(kLater - 1).copies.empty());
  EXPECT_EQ(place.names().size(), 2U);
  const SweepReport swept = place.sweep(kLater);
  ASSERT_EQ(swept.copies.size(), 1U);
  EXPECT_NE(swept.copies[0].report.verdict, Verdict::kFailed);
  EXPECT_TRUE(swept.copies[0].is_closed);
  EXPECT_EQ(place.names(), std::vector<std::string>{"kept.pdf"});
  EXPECT_EQ(place.known(), 1U);
  ASSERT_EQ(place.outcomes().size(), 1U);
  EXPECT_EQ(place.outcomes()[0].outcome.verdict, swept.copies[0].report.verdict);
}

TEST(Sweep, AClockThatStandsBeforeTheCopyIsNotBelieved) {
  ExportPlace place;
  place.copy("a.pdf");
  EXPECT_TRUE(place.sweep(kNow - 60'000).copies.empty());  // a step back
  EXPECT_EQ(place.sweep(1'000'000).copies.size(), 1U);     // 1970: its battery is empty
}

TEST(Sweep, NamedCopiesGoWhateverTheirTimeByTheirOwnIdOrTheDocuments) {
  ExportPlace place;
  const ExportEntry first = place.copy("a.pdf");
  const ExportEntry second = place.copy("b.pdf");
  place.copy("c.pdf");
  EXPECT_EQ(place.sweep(kNow, {first.id, second.document}).copies.size(), 2U);
  EXPECT_EQ(place.names(), std::vector<std::string>{"c.pdf"});
  SweepRequest request;
  request.now_ms = kNow;
  request.ids = {must(system_random().id())};
  EXPECT_TRUE(refused(sweep_exports(place.ledger(), request), Code::kDenied));
}

TEST(Sweep, AnotherVaultsCopiesAreLeftAloneWhenOneIsAskedFor) {
  ExportPlace place;
  place.copy("a.pdf");
  SweepRequest request;
  request.now_ms = kLater;
  request.vault = sha256(as_bytes("another"));
  EXPECT_TRUE(must(sweep_exports(place.ledger(), request)).copies.empty());
  EXPECT_EQ(place.known(), 1U);
}

TEST(Sweep, AHalfWrittenCopyIsErasedWhenItsWriterIsGoneAndOnlyThen) {
  ExportPlace place;
  std::optional<ExportCopy> copy(
      must(ExportCopy::create(place.ledger(), place.order("a.pdf"), system_random())));
  must(copy->write(as_bytes("Lettre")));
  EXPECT_TRUE(place.sweep(kLater).copies.empty());
  EXPECT_EQ(standing(place), CopyStanding::kWriting);
  // As after a kill: the entry and the file are there, the lock is not.
  const ExportEntry entry = must(place.ledger().list()).entries.at(0);
  copy.reset();
  must(write_durable(place.file(entry.staging), as_bytes("Lettre")));
  ExportEntry left = entry;
  struct stat found{};
  ASSERT_EQ(os().lstat(place.file(entry.staging).c_str(), &found), 0);
  left.identity = {found.st_dev, found.st_ino};
  const File directory = must(File::open(place.file(""), O_RDONLY | O_DIRECTORY));
  std::int64_t born = 0;
  left.born_ns.reset();
  if (os().birth(directory.fd(), entry.staging.c_str(), &born) == 0) left.born_ns = born;
  must(place.ledger().put(left));
  EXPECT_EQ(place.sweep(kNow).copies.size(), 1U);
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
}

TEST(Sweep, AnEntryWhoseFileWasNeverBegunGoesWithoutAWord) {
  ExportPlace place;
  ExportEntry entry = place.copy("a.pdf");
  entry.id = must(system_random().id());
  entry.path = place.file("b.pdf");
  entry.state = CopyState::kPlanned;
  entry.staging = ".coffre-1.part";
  must(place.ledger().put(entry));
  ExportEntry not_empty = entry;
  not_empty.id = must(system_random().id());
  not_empty.staging = "somebodys";
  must(write_durable(place.file("somebodys"), as_bytes("kept")));
  must(place.ledger().put(not_empty));
  EXPECT_TRUE(place.sweep(kNow).copies.empty());
  EXPECT_EQ(place.known(), 2U);  // the kept copy, and the one that is not ours to remove
  EXPECT_EQ(as_text(must(read_file(place.file("somebodys"), 100))), "kept");
}

TEST(Sweep, OneAtATime) {
  ExportPlace place;
  place.copy("a.pdf");
  {
    const auto other = must(place.ledger().sweeping(/*wait=*/true));
    ASSERT_TRUE(other.has_value());
    SweepRequest request;
    request.now_ms = kLater;
    request.wait = false;
    EXPECT_TRUE(must(sweep_exports(place.ledger(), request)).copies.empty());
  }
  EXPECT_EQ(place.known(), 1U);
  EXPECT_EQ(place.sweep(kLater).copies.size(), 1U);
}

TEST(Sweep, ARenamedCopyIsFoundInItsDirectory) {
  ExportPlace place;
  const ExportEntry entry = place.copy("a.pdf");
  if (!entry.born_ns) GTEST_SKIP() << "this file system does not keep when a file was made";
  must(write_durable(place.file("other.pdf"), as_bytes("kept")));
  ASSERT_EQ(::rename(place.file("a.pdf").c_str(), place.file("Lefevre.pdf").c_str()), 0);
  EXPECT_EQ(standing(place), CopyStanding::kRenamed);
  const SweepReport swept = place.sweep(kLater);
  ASSERT_EQ(swept.copies.size(), 1U);
  EXPECT_EQ(swept.copies[0].report.path, place.file("Lefevre.pdf"));
  EXPECT_EQ(place.names(), std::vector<std::string>{"other.pdf"});
}

TEST(Sweep, ACopyThatWasChangedInPlaceIsErasedAllTheSame) {
  ExportPlace place;
  const ExportEntry entry = place.copy("a.pdf");
  if (!entry.born_ns) GTEST_SKIP() << "this file system does not keep when a file was made";
  const File file = must(File::open(place.file("a.pdf"), O_WRONLY | O_APPEND));
  must(file.write_all(as_bytes(" annotée")));
  EXPECT_EQ(standing(place), CopyStanding::kKept);
  {
    const SweepReport busy = place.sweep(kLater);
    EXPECT_EQ(only_reason(busy), Reason::kInUse);
    EXPECT_FALSE(busy.copies[0].is_closed);
  }
  EXPECT_EQ(place.known(), 1U);
}

TEST(Sweep, ACopyInUseIsTriedAgain) {
  ExportPlace place;
  place.copy("a.pdf");
  {
    const File open = must(File::open(place.file("a.pdf"), O_WRONLY));
    EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kInUse);
    EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kInUse);
  }
  EXPECT_EQ(place.outcomes().size(), 1U);
  EXPECT_NE(place.sweep(kLater).copies.at(0).report.verdict, Verdict::kFailed);
  EXPECT_EQ(place.known(), 0U);
  EXPECT_NE(place.outcomes().at(0).outcome.verdict, Verdict::kFailed);
}

// What the person saved under the name is theirs: another file, which nobody may destroy.
TEST(Sweep, AnotherFileUnderTheNameIsReportedOnceAndUntouched) {
  ExportPlace place;
  const ExportEntry entry = place.copy("a.pdf");
  ASSERT_EQ(::unlink(place.file("a.pdf").c_str()), 0);
  must(write_durable(place.file("a.pdf"), as_bytes("kept")));
  EXPECT_EQ(standing(place), CopyStanding::kChanged);
  EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kNotExpected);
  EXPECT_TRUE(place.sweep(kLater).copies.empty());
  EXPECT_EQ(place.known(), 1U);
  const SweepReport named = place.sweep(kLater, {entry.id});
  EXPECT_EQ(only_reason(named), Reason::kNotExpected);
  EXPECT_TRUE(named.copies[0].is_closed);
  EXPECT_EQ(place.known(), 0U);
  EXPECT_EQ(as_text(must(read_file(place.file("a.pdf"), 100))), "kept");
}

// The same inode number, given again: the instant of its making tells them apart.
TEST(Sweep, AnInodeThatWasGivenAgainIsAnotherFile) {
  ExportPlace place;
  ExportEntry entry = place.copy("a.pdf");
  if (!entry.born_ns) GTEST_SKIP() << "this file system does not keep when a file was made";
  *entry.born_ns -= 1;
  must(place.ledger().put(entry));
  EXPECT_EQ(standing(place), CopyStanding::kChanged);
  EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kNotExpected);
  EXPECT_EQ(as_text(must(read_file(place.file("a.pdf"), 100))), "Lettre");
}

TEST(Sweep, WithoutAnInstantOfMakingAChangedFileIsAnotherFile) {
  ExportPlace place;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.fail("birth", 1, EOPNOTSUPP, /*from_then_on=*/true);
  place.copy("a.pdf");
  place.copy("b.pdf");
  {
    const File file = must(File::open(place.file("a.pdf"), O_WRONLY | O_APPEND));
    must(file.write_all(as_bytes("x")));
  }
  const SweepReport swept = place.sweep(kLater);
  ASSERT_EQ(swept.copies.size(), 2U);
  for (const SweptCopy& copy : swept.copies) {
    const bool changed = copy.entry.path == place.file("a.pdf");
    EXPECT_EQ(copy.report.verdict == Verdict::kFailed, changed);
    EXPECT_EQ(std::ranges::count(copy.report.reasons, Reason::kNotExpected), changed ? 1 : 0);
  }
  EXPECT_EQ(place.names(), std::vector<std::string>{"a.pdf"});
}

TEST(Sweep, LinksAndSecondNamesAreRefusedAndTheVictimIsUntouched) {
  ExportPlace place;
  place.copy("a.pdf");
  ASSERT_EQ(::link(place.file("a.pdf").c_str(), place.file("second.pdf").c_str()), 0);
  EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kHardLinks);
  EXPECT_EQ(as_text(must(read_file(place.file("second.pdf"), 100))), "Lettre");

  ExportPlace other;
  other.copy("a.pdf");
  must(write_durable(other.file("victim"), as_bytes("kept")));
  ASSERT_EQ(::unlink(other.file("a.pdf").c_str()), 0);
  ASSERT_EQ(::symlink("victim", other.file("a.pdf").c_str()), 0);
  EXPECT_EQ(only_reason(other.sweep(kLater)), Reason::kNotExpected);
  EXPECT_EQ(as_text(must(read_file(other.file("victim"), 100))), "kept");
}

TEST(Sweep, AMissingCopyIsReportedOnceAndErasedWhenItIsBack) {
  ExportPlace place;
  place.copy("a.pdf");
  ASSERT_EQ(::rename(place.file("a.pdf").c_str(), place.state("away").c_str()), 0);
  EXPECT_EQ(standing(place), CopyStanding::kMissing);
  EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kNotFound);
  EXPECT_TRUE(place.sweep(kLater).copies.empty());
  ASSERT_EQ(::rename(place.state("away").c_str(), place.file("a.pdf").c_str()), 0);
  EXPECT_NE(place.sweep(kLater).copies.at(0).report.verdict, Verdict::kFailed);
  EXPECT_EQ(place.known(), 0U);
}

TEST(Sweep, ACopyThatWasInUseAndIsAwayNowIsReportedAsMissing) {
  ExportPlace place;
  place.copy("a.pdf");
  {
    const File open = must(File::open(place.file("a.pdf"), O_WRONLY));
    EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kInUse);
  }
  ASSERT_EQ(::rename(place.file("a.pdf").c_str(), place.state("away").c_str()), 0);
  EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kNotFound);
  EXPECT_EQ(place.outcomes().at(0).outcome.reasons, std::vector{Reason::kNotFound});
  EXPECT_TRUE(place.sweep(kLater).copies.empty());
  must(write_durable(place.file("a.pdf"), as_bytes("kept")));
  EXPECT_EQ(only_reason(place.sweep(kLater)), Reason::kNotExpected);
}

// As a sweep leaves the ledger that is killed so far.
void killed_at(const ExportPlace& place, ExportEntry entry, CopyErasing erasing) {
  entry.erasing = erasing;
  must(place.ledger().put(entry));
}

TEST(Sweep, ACopyThatWasTakenAwayBeforeItWasOverwrittenIsNotCalledErased) {
  ExportPlace place;
  killed_at(place, place.copy("a.pdf"), CopyErasing::kBegun);
  ASSERT_EQ(::rename(place.file("a.pdf").c_str(), place.state("away").c_str()), 0);
  EXPECT_EQ(only_reason(place.sweep(kNow)), Reason::kNotFound);
  EXPECT_EQ(place.known(), 1U);
  EXPECT_EQ(place.outcomes().at(0).outcome.verdict, Verdict::kFailed);
  ASSERT_EQ(::rename(place.state("away").c_str(), place.file("a.pdf").c_str()), 0);
  EXPECT_NE(place.sweep(kLater).copies.at(0).report.verdict, Verdict::kFailed);
}

TEST(Sweep, ACopyThatAKilledSweepHadBegunIsFinishedByTheNext) {
  ExportPlace place;
  killed_at(place, place.copy("a.pdf"), CopyErasing::kBegun);
  EXPECT_NE(place.sweep(kNow).copies.at(0).report.verdict, Verdict::kFailed);
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
}

TEST(Sweep, ACopyThatWasOverwrittenAndIsAwayWentByUs) {
  ExportPlace place;
  killed_at(place, place.copy("a.pdf"), CopyErasing::kOverwritten);
  os().unlink(place.file("a.pdf").c_str());
  const SweepReport swept = place.sweep(kNow);
  ASSERT_EQ(swept.copies.size(), 1U);
  EXPECT_EQ(swept.copies[0].report.verdict, Verdict::kNotGuaranteed);
  EXPECT_TRUE(swept.copies[0].is_closed);
  EXPECT_EQ(place.known(), 0U);
}

TEST(Sweep, TheLedgerKnowsWhatIsOverwrittenBeforeItsNameGoes) {
  ExportPlace place;
  place.copy("a.pdf");
  place.copy("b.pdf");
  class Looking final : public FaultyOs {
   public:
    explicit Looking(const ExportPlace& seen) : place_(seen) {}
    int ftruncate(int fd, off_t size) override {
      std::size_t overwritten = 0;
      for (const ExportEntry& entry : must(place_.ledger().list()).entries) {
        overwritten += entry.erasing == CopyErasing::kOverwritten ? 1 : 0;
      }
      EXPECT_GE(overwritten, 1U);
      ++truncated;
      return FaultyOs::ftruncate(fd, size);
    }
    std::atomic<int> truncated{0};

   private:
    const ExportPlace& place_;
  } looking(place);
  const ScopedOs scope(looking);
  EXPECT_EQ(place.sweep(kLater).copies.size(), 2U);
  EXPECT_EQ(looking.truncated, 2);
}

TEST(Sweep, AnOutcomeAloneForgetsNoCopy) {
  ExportPlace place;
  const ExportEntry entry = place.copy("a.pdf");
  // Somebody's, or a sweep's that was killed before it removed anything.
  must(place.ledger().put_outcome(
      {entry.id, entry.vault, entry.document, {Verdict::kOverwrittenInPlace, {}, kNow}}));
  EXPECT_EQ(place.sweep(kLater).copies.size(), 1U);
  EXPECT_TRUE(place.names().empty());
}

TEST(Sweep, ANamedCopyThatIsBeingWrittenIsNotPassedOverInSilence) {
  ExportPlace place;
  ExportCopy copy = must(ExportCopy::create(place.ledger(), place.order("a.pdf"), system_random()));
  must(copy.write(as_bytes("Lettre")));
  const SweepReport swept = place.sweep(kNow, {copy.entry().id});
  EXPECT_EQ(only_reason(swept), Reason::kInUse);
  EXPECT_FALSE(swept.copies[0].is_closed);
  must(copy.commit());
  EXPECT_EQ(place.known(), 1U);
  EXPECT_NE(place.sweep(kNow, {copy.entry().id}).copies.at(0).report.verdict, Verdict::kFailed);
}

TEST(Sweep, AFolderThatBecameALinkHidesNothing) {
  ExportPlace place;
  place.copy("a.pdf");
  const std::string folder = parent_directory(place.file("a.pdf"));
  ASSERT_EQ(::rename(folder.c_str(), (folder + "2").c_str()), 0);
  ASSERT_EQ(::symlink((folder + "2").c_str(), folder.c_str()), 0);
  EXPECT_NE(place.sweep(kLater).copies.at(0).report.verdict, Verdict::kFailed);
  EXPECT_TRUE(place.names().empty());
  EXPECT_EQ(place.known(), 0U);
}

// Whatever call fails, no copy is both forgotten and there; the next sweep finishes.
TEST(Sweep, AfterAnyFailureTheNextOneFinishes) {
  for (const char* method : {"open", "openat", "open_beneath", "pwrite", "write", "fsync", "fstat",
                             "fstatat", "rename", "unlink", "unlinkat", "birth", "flock", "list",
                             "read", "ftruncate", "syncfs", "extents", "close"}) {
    for (int nth = 1;; ++nth) {
      ExportPlace place;
      place.copy("a.pdf");
      place.copy("b.pdf");
      bool reached = false;
      {
        FaultyOs faulty;
        const ScopedOs scope(faulty);
        faulty.fail(method, nth, EIO);
        SweepRequest request;
        request.now_ms = kLater;
        static_cast<void>(sweep_exports(place.ledger(), request));
        reached = faulty.failed();
      }
      if (!reached) break;
      const std::size_t there = place.names().size();
      EXPECT_GE(place.known(), there) << method << " " << nth;
      static_cast<void>(place.sweep(kLater));
      EXPECT_TRUE(place.names().empty()) << method << " " << nth;
      const SweepReport third = place.sweep(kLater);
      EXPECT_TRUE(third.copies.empty()) << method << " " << nth;
      // What was erased is not called lost afterwards.
      EXPECT_EQ(place.known(), 0U) << method << " " << nth;
      ASSERT_EQ(place.outcomes().size(), 2U) << method << " " << nth;
      for (const ExportOutcome& each : place.outcomes()) {
        for (const Reason lost : {Reason::kNotFound, Reason::kNotExpected}) {
          EXPECT_EQ(std::ranges::count(each.outcome.reasons, lost), 0) << method << " " << nth;
        }
      }
    }
  }
}

}  // namespace
}  // namespace coffre::test
