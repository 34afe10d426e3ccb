// Every write, sync and truncation of the file fails once, during each kind of change: the vault
// opens afterwards, nothing is damaged, and the change is there as a whole or not at all.
#include <functional>

#include <sqlite3.h>

#include "core/store/sqlite_vfs.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

// Counts the steps that change the file and fails one of them.
class OneFailure final : public SqliteHook {
 public:
  explicit OneFailure(int which) : which_(which), before_(set_sqlite_hook(this)) {}
  OneFailure(const OneFailure&) = delete;
  OneFailure& operator=(const OneFailure&) = delete;
  ~OneFailure() override { set_sqlite_hook(before_); }
  int before_write(std::string_view, ByteView, std::int64_t) override { return step(SQLITE_FULL); }
  int before_sync(std::string_view) override { return step(SQLITE_IOERR_FSYNC); }
  int before_truncate(std::string_view, std::int64_t) override {
    return step(SQLITE_IOERR_TRUNCATE);
  }
  [[nodiscard]] int steps() const { return steps_; }

 private:
  int step(int error) { return ++steps_ == which_ ? error : SQLITE_OK; }

  int which_;
  int steps_ = 0;
  SqliteHook* before_;
};

using Change = std::function<Status(Vault&, const Practice&)>;
using IsDone = std::function<bool(Practice&, const std::string& path)>;

// The owner unlocks, makes the change with the nth step failing, and goes on in the same session.
// Returns whether there was an nth step.
bool survives(const Change& change, const IsDone& is_done, int nth) {
  Practice practice;
  Status status;
  int steps = 0;
  {
    const auto owner = must(practice.unlock("marie"));
    {
      OneFailure hook(nth);
      status = change(*owner, practice);
      steps = hook.steps();
    }
    if (steps < nth) {
      EXPECT_TRUE(ok(status));
      return false;
    }
    // Either the session goes on, or it says that it ended.
    const auto added = owner->add_patient({{}, "Petit", "Anne", "1980-03-04"});
    if (added) {
      const auto report = must(owner->verify(true));
      EXPECT_TRUE(report.damaged.empty()) << nth << ": " << report.damaged.front();
    } else {
      EXPECT_TRUE(refused(added, Code::kLocked)) << nth;
      EXPECT_EQ(owner->lock_cause(), LockCause::kRevoked) << nth;
    }
  }
  const bool done = is_done(practice, practice.path());
  EXPECT_TRUE(done || !status) << nth << ": it was reported as done and is not";
  const auto officer = must(practice.unlock("priv", "second"));
  const auto report = must(officer->verify(true));
  EXPECT_TRUE(report.damaged.empty()) << nth << ": " << report.damaged.front();
  return true;
}

// The first steps, then in strides, so that the whole takes seconds; and the last ones, where the
// commit lies.
void survives_every_step(const Change& change, const IsDone& is_done) {
  int steps = 0;
  {
    Practice practice;
    const auto owner = must(practice.unlock("marie"));
    OneFailure hook(-1);
    must(change(*owner, practice));
    steps = hook.steps();
  }
  ASSERT_GT(steps, 3);
  constexpr int kTried = 8;
  const int stride = std::max(1, steps / kTried);
  for (int nth = 1; nth <= steps - 3; nth += stride) {
    survives(change, is_done, nth);
  }
  for (int nth = std::max(1, steps - 2); nth <= steps; ++nth) {
    survives(change, is_done, nth);
  }
}

TEST(Failure, DuringAnImport) {
  survives_every_step(
      [](Vault& owner, const Practice& practice) -> Status {
        COFFRE_TRY(file_document(owner, "medical", practice.patient(), sample_bytes(300'000)));
        return {};
      },
      [](Practice& practice, const std::string& path) {
        const auto reader = must(practice.unlock_at(path, "prac", kStaffPassword, "third"));
        for (const Document& document : must(reader->documents({}))) {
          EXPECT_EQ(must(content_of(*reader, document.id)), sample_bytes(300'000));
          return true;
        }
        return false;
      });
}

TEST(Failure, DuringANewAccount) {
  survives_every_step(
      [](Vault& owner, const Practice&) -> Status {
        COFFRE_TRY(owner.add_user("docb", {"practitioner"}, secret_of(kStaffPassword)));
        return {};
      },
      [](Practice& practice, const std::string& path) {
        const auto session = practice.unlock_at(path, "docb", kStaffPassword, "third");
        if (!session) {
          EXPECT_TRUE(refused(session, Code::kCredentials));
          return false;
        }
        EXPECT_FALSE(must((*session)->patients({})).empty());
        return true;
      });
}

TEST(Failure, DuringARemoval) {
  survives_every_step(
      [](Vault& owner, const Practice&) -> Status {
        COFFRE_TRY(owner.remove_user("prac"));
        return {};
      },
      [](Practice& practice, const std::string& path) {
        const auto session = practice.unlock_at(path, "prac", kStaffPassword, "third");
        if (!session) {
          EXPECT_TRUE(refused(session, Code::kCredentials));
          return true;
        }
        EXPECT_FALSE(must((*session)->patients({})).empty());
        return false;
      });
}

TEST(Failure, DuringAChangeOfPassword) {
  constexpr const char* kNew = "Ff6&other-other-other";
  survives_every_step(
      [](Vault& owner, const Practice&) { return owner.change_password(secret_of(kNew), {}); },
      [](Practice& practice, const std::string& path) {
        const auto with_old = practice.unlock_at(path, "marie", kOwnerPassword, "third");
        const auto with_new = practice.unlock_at(path, "marie", kNew, "third");
        EXPECT_NE(with_old.has_value(), with_new.has_value());
        return with_new.has_value();
      });
}

TEST(Failure, AFullDiskIsNamedAndTheSessionGoesOn) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  {
    OneFailure hook(1);
    EXPECT_TRUE(refused(owner->add_patient({{}, "Petit", "Anne", "1980-03-04"}), Code::kNoSpace));
  }
  EXPECT_EQ(owner->state(), SessionState::kUnlocked);
  EXPECT_TRUE(must(owner->patients({"petit"})).empty());
  EXPECT_TRUE(ok(owner->add_patient({{}, "Petit", "Anne", "1980-03-04"})));
}

}  // namespace
}  // namespace coffre::test
