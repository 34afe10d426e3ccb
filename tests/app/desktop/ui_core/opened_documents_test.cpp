// Documents in other programs: what is saved comes back, and the copy goes in every way that it
// can.
#include "app/desktop/ui_core/opened_documents.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/app/desktop/support/vault_fixture.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre::ui {
namespace {

namespace fs = std::filesystem;
using test::TempDir;
using test::VaultFixture;

class SavedToasts final : public Toasts {
 public:
  void say(std::string words) override { said.push_back(std::move(words)); }
  void say(std::string words, std::string /*label*/, std::function<void()> undo) override {
    said.push_back(std::move(words));
    take_back = std::move(undo);
  }
  void say_error(const Error& error) override { errors.push_back(error); }

  std::vector<std::string> said;
  std::vector<Error> errors;
  std::function<void()> take_back;
};

Result<Process> start_nothing() {
  SpawnOptions options;
  options.program = "/bin/true";
  return Process::spawn(options);
}

// A copy that cannot be read for a while.
class UnreadableCopy final : public Os {
 public:
  int open(const char* path, int flags, mode_t mode) override {
    const bool is_copy = std::string_view(path).find("/coffre-opened-") != std::string_view::npos &&
                         (flags & O_DIRECTORY) == 0;
    return is_copy && is_unreadable ? -EIO : Os::open(path, flags, mode);
  }
  std::atomic<bool> is_unreadable{false};
};

class OpenedTest : public testing::Test {
 protected:
  OpenedTest() {
    document_ = vault_.add_document("medical", "Ordonnance", test::sample_bytes(9'000));
    OpenCalls calls;
    calls.directory = [this]() -> std::optional<std::string> { return memory_ / ""; };
    calls.start = [this](const std::string& path) -> Result<Process> {
      started_.push_back(path);
      if (saves_at_once_) {
        save(path, second_);
      }
      if (fails_) {
        return fail(Code::kNotFound, "there is no such program");
      }
      return start_nothing();
    };
    calls.is_used = [this](const std::string&) { return is_used_.load(); };
    opened_ = std::make_unique<OpenedDocuments>(
        OpenedDocuments::Parts{vault_.clock(), jobs_, host_, toasts_, keeper_,
                               vault_.environment().state_directory, std::move(calls)});
    unlock("marie");
  }
  void unlock(const std::string& user) {
    host_.open(vault_.path(), [](const Status& status) { EXPECT_TRUE(status); });
    host_.unlock(VaultFixture::credentials(user),
                 [](const Status& status) { EXPECT_TRUE(status); });
    settle();
    owner_ = host_.me()->id;
    opened_->begin_session(host_.policy()->vault(), owner_);
    opened_->on_stored([this](const Document& now) { stored_.push_back(now); });
    settle();
  }
  // As the App does it.
  void lock() {
    host_.lock(LockCause::kRequest);
    opened_->end_session(host_.policy()->vault(), owner_);
    keeper_.end_session();
    jobs_.end_session();
    settle();
  }
  void settle() {
    do {
      host_.wait_until_idle();
      jobs_.wait_until_done();
      opened_->tick();
      keeper_.tick();
    } while (jobs_.drain() || !jobs_.is_idle());
  }
  void pass(std::int64_t ms) {
    while (ms > 0) {
      const std::int64_t step = std::min<std::int64_t>(ms, OpenedDocuments::kLookMs);
      vault_.clock().advance(step);
      host_.renew();
      settle();
      ms -= step;
    }
  }
  // Opens it; the path of the copy.
  std::string open(bool on_disk = false) {
    Document document;
    host_.ask<Document>([this](Vault& vault) { return vault.document(document_); },
                        [&](const Result<Document>& found) { document = *found; });
    settle();
    Status begun = fail(Code::kFailed, "not answered");
    opened_->open({document, "signature", on_disk}, [&](const Status& status) { begun = status; });
    settle();
    last_ = begun;
    return started_.empty() ? std::string() : started_.back();
  }
  // A program saves: it writes a new file and gives it the name.
  static void save(const std::string& path, const Bytes& content) {
    const std::string beside = path + ".new";
    EXPECT_TRUE(write_durable(beside, content));
    fs::rename(beside, path);
  }
  [[nodiscard]] std::size_t copies() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each : fs::directory_iterator(memory_ / "")) {
      ++count;
    }
    return count;
  }
  Bytes content() {
    const auto open = vault_.practice().unlock("marie", "second");
    return open ? test::content_of(**open, document_).value_or(Bytes()) : Bytes();
  }

  UnreadableCopy os_;
  test::ScopedOs scope_{os_};  // before any thread runs
  VaultFixture vault_;
  TempDir memory_;
  Jobs jobs_{1};
  VaultHost host_{vault_.environment(), jobs_};
  SavedToasts toasts_;
  ExportKeeper keeper_{ExportKeeper::Parts{
      vault_.clock(), jobs_, host_, toasts_, vault_.environment().state_directory, {}}};
  std::unique_ptr<OpenedDocuments> opened_;
  Id document_;
  Id owner_;
  Status last_;
  std::vector<std::string> started_;
  std::vector<Document> stored_;
  std::atomic<bool> is_used_{false};
  bool fails_ = false;
  bool saves_at_once_ = false;
  const Bytes first_ = test::sample_bytes(9'000);
  const Bytes second_ = test::sample_bytes(7'000, 2);
};

TEST_F(OpenedTest, TheCopyIsThereForTheProgramUntilThePersonHasFinished) {
  const std::string path = open();
  ASSERT_TRUE(last_) << last_.error().what;
  EXPECT_EQ(*read_file(path, 100'000), first_);
  EXPECT_TRUE(opened_->is_open(document_));
  EXPECT_EQ(opened_->next_ms(), OpenedDocuments::kLookMs);
  pass(60'000);
  EXPECT_TRUE(fs::exists(path)) << "nobody was seen to use it, and nobody said that it can go";
  opened_->close(document_);
  settle();
  EXPECT_EQ(copies(), 0U);
  EXPECT_FALSE(opened_->is_open(document_));
  EXPECT_TRUE(toasts_.said.empty() && toasts_.errors.empty());
  EXPECT_LT(opened_->next_ms(), 0) << "nothing to look at";
}

TEST_F(OpenedTest, WhatIsSavedBecomesAVersionThatCanBeTakenBack) {
  const std::string path = open();
  save(path, second_);
  pass(OpenedDocuments::kLookMs);  // seen
  EXPECT_TRUE(stored_.empty()) << "it may be half written";
  pass(OpenedDocuments::kLookMs + OpenedDocuments::kStableMs);
  ASSERT_EQ(stored_.size(), 1U);
  EXPECT_EQ(stored_[0].earlier.size(), 1U);
  EXPECT_EQ(content(), second_);
  EXPECT_TRUE(fs::exists(path));
  pass(10 * OpenedDocuments::kLookMs);
  EXPECT_EQ(stored_.size(), 1U) << "the same content is not stored twice";
  ASSERT_TRUE(toasts_.take_back);
  toasts_.take_back();
  settle();
  ASSERT_EQ(stored_.size(), 2U);
  EXPECT_EQ(content(), first_);
}

TEST_F(OpenedTest, WhatIsSavedInTheLastMomentIsStoredBeforeTheCopyGoes) {
  const std::string path = open();
  save(path, second_);
  opened_->close(document_);
  settle();
  EXPECT_EQ(copies(), 0U);
  EXPECT_EQ(content(), second_);
}

TEST_F(OpenedTest, ACopyThatCannotBeStoredStaysAndIsTriedAgain) {
  const std::string path = open();
  save(path, second_);
  os_.is_unreadable = true;
  pass(3 * OpenedDocuments::kLookMs);
  EXPECT_EQ(toasts_.errors.size(), 1U);
  opened_->close(document_);
  settle();
  EXPECT_TRUE(fs::exists(path)) << "what the person saved is not thrown away";
  os_.is_unreadable = false;
  pass(OpenedDocuments::kRetryMs + 2 * OpenedDocuments::kLookMs);
  EXPECT_EQ(content(), second_);
  EXPECT_EQ(copies(), 0U);
}

TEST_F(OpenedTest, WhatTheProgramSavesAtItsVeryStartIsAVersion) {
  saves_at_once_ = true;
  open();
  pass(4 * OpenedDocuments::kLookMs);
  EXPECT_EQ(content(), second_);
}

TEST_F(OpenedTest, AnEmptiedOrEndlessFileIsNoVersionAndKeepsNothingOpen) {
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{1} << 41}) {
    const std::string path = open();
    fs::resize_file(path, size);
    pass(30 * OpenedDocuments::kLookMs);
    EXPECT_EQ(toasts_.errors.size(), 1U) << "said once";
    opened_->close(document_);
    settle();
    EXPECT_EQ(copies(), 0U);
    EXPECT_EQ(toasts_.errors.size(), 1U);
    EXPECT_EQ(content(), first_);
    toasts_.errors.clear();
  }
}

TEST_F(OpenedTest, ACopyThatTheProgramTookAwayIsSaidToBeLost) {
  const std::string path = open();
  fs::rename(fs::path(path).parent_path(), memory_ / "letters");
  pass(2 * OpenedDocuments::kLookMs);
  EXPECT_TRUE(opened_->is_open(document_)) << "found beside";
  const TempDir elsewhere;
  fs::rename(memory_ / "letters", elsewhere / "letters");
  pass(5 * OpenedDocuments::kLookMs);
  EXPECT_FALSE(opened_->is_open(document_));
  ASSERT_EQ(toasts_.errors.size(), 1U);
  const auto kept = keeper_.kept();
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->copies.size(), 1U) << "until somebody names it";
}

TEST_F(OpenedTest, ItGoesWhenTheProgramHasClosedIt) {
  open();
  is_used_ = true;
  pass(3 * OpenedDocuments::kUseLookMs);
  EXPECT_EQ(copies(), 1U);
  is_used_ = false;
  pass(OpenedDocuments::kUseLookMs);
  EXPECT_EQ(copies(), 1U) << "it may be saving";
  pass(2 * OpenedDocuments::kUseLookMs);
  EXPECT_EQ(copies(), 0U);
}

TEST_F(OpenedTest, TheLockErasesItAndWhatWasJustSavedComesAfterTheNextUnlock) {
  const std::string path = open();
  save(path, second_);
  lock();
  EXPECT_EQ(copies(), 0U);
  EXPECT_EQ(content(), first_);
  unlock("prac");
  EXPECT_EQ(content(), first_) << "it is marie's";
  lock();
  unlock("marie");
  EXPECT_EQ(content(), second_);
  ASSERT_EQ(toasts_.said.size(), 1U);
  lock();
  unlock("marie");
  EXPECT_EQ(toasts_.said.size(), 1U) << "once";
}

TEST_F(OpenedTest, WhatWasStoredBeforeTheLockIsNotStoredAgain) {
  const std::string path = open();
  save(path, second_);
  pass(3 * OpenedDocuments::kLookMs);
  ASSERT_EQ(stored_.size(), 1U);
  fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(1));
  lock();
  unlock("marie");
  const auto open = vault_.practice().unlock("marie", "second");
  EXPECT_EQ((*open)->document(document_)->earlier.size(), 1U);
}

TEST_F(OpenedTest, AtTheEndOfTheProgramWhatWasSavedIsStored) {
  const std::string path = open();
  save(path, second_);
  opened_->store_all();
  settle();
  lock();
  EXPECT_EQ(copies(), 0U);
  EXPECT_EQ(content(), second_);
}

TEST_F(OpenedTest, AProgramThatDoesNotStartLeavesNoCopy) {
  fails_ = true;
  open();
  EXPECT_EQ(last_.error().code, Code::kNotFound);
  EXPECT_EQ(copies(), 0U);
  EXPECT_FALSE(opened_->is_open(document_));
}

TEST_F(OpenedTest, ALockWhileItIsBeingOpenedLeavesNoCopy) {
  Document document;
  document.id = document_;
  document.mime = "application/pdf";
  opened_->open({document, "signature", false},
                [](const Status&) { FAIL() << "the session is over"; });
  host_.wait_until_idle();  // the copy is made, and has not reached the UI thread
  lock();
  EXPECT_EQ(copies(), 0U);
  EXPECT_TRUE(started_.empty());
}

TEST_F(OpenedTest, OneThatIsErasedFromTheListOfCopiesIsForgotten) {
  open();
  ASSERT_TRUE(keeper_.kept());
  ASSERT_EQ(keeper_.kept()->copies.size(), 1U);
  EXPECT_EQ(keeper_.kept()->copies[0].copy.standing, CopyStanding::kOpened);
  keeper_.erase({keeper_.kept()->copies[0].copy.entry.id});
  settle();
  EXPECT_EQ(copies(), 0U);
  pass(2 * OpenedDocuments::kLookMs);
  EXPECT_FALSE(opened_->is_open(document_));
}

TEST_F(OpenedTest, OnTheDiskItLiesWithTheWorkstationsState) {
  const std::string path = open(true);
  EXPECT_TRUE(path.starts_with(vault_.environment().state_directory + "/opened/")) << path;
  EXPECT_EQ(copies(), 0U);
  lock();
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace coffre::ui
