// Older files, other histories, and the memory of the workstation that tells them.
#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/core/vault/damage.h"

namespace coffre::test {
namespace {

class TamperHistory : public testing::Test {
 protected:
  // Some entries more, by a workstation that remembers them.
  void work(const std::string& path, const std::string& workstation, int edits) {
    auto owner = need(practice_.unlock_at(path, "marie", kOwnerPassword, workstation));
    for (int edit = 0; edit < edits; ++edit) {
      need(owner->edit_patient(practice_.patient(), {"Dupont " + std::to_string(edit), {}, {}}));
    }
  }
  void put(const std::string& file) {
    std::filesystem::copy_file(file, practice_.path(),
                               std::filesystem::copy_options::overwrite_existing);
  }
  Code code_at(const std::string& workstation) {
    const auto opened = practice_.open(practice_.path(), workstation);
    return opened ? Code::kFailed : opened.error().code;
  }

  Practice practice_;
};

TEST_F(TamperHistory, TheOlderWholeFileIsPutBack) {
  const std::string old = practice_.file("old");
  practice_.copy_to(old);
  work(practice_.path(), "first", 1);
  put(old);
  expect_refused(access(practice_, "marie", "first", practice_.path()), Code::kRolledBack);
  // One that never saw the newer file cannot know.
  EXPECT_EQ(access(practice_, "marie", "never seen", practice_.path()).refused_at, "");
}

TEST_F(TamperHistory, TheOlderWholeFileIsPutBackUnderAnotherName) {
  const std::string old = practice_.file("old");
  practice_.copy_to(old);
  work(practice_.path(), "first", 1);
  expect_refused(access(practice_, "marie", "first", old), Code::kRolledBack);
}

TEST_F(TamperHistory, EntriesAreCutOffAndTheOlderCheckpointPutBack) {
  auto owner = need(practice_.unlock("marie"));
  const Bytes note = RawVault(practice_.path()).blob("SELECT note FROM checkpoints");
  const std::int64_t entries = RawVault(practice_.path()).integer("SELECT max(row) FROM entries");
  ASSERT_TRUE(owner->documents({}).has_value());  // one entry, no row
  owner.reset();
  RawVault raw(practice_.path());
  ASSERT_EQ(raw.run("DELETE FROM entries WHERE row>?", {entries}), 1);
  raw.run("UPDATE checkpoints SET note=?", {note});
  expect_refused(access(practice_, "marie", "first", practice_.path()), Code::kRolledBack);
  EXPECT_EQ(access(practice_, "marie", "never seen", practice_.path()).refused_at, "");
}

TEST_F(TamperHistory, EntriesWithRowsAreCutOffAndTheOlderCheckpointPutBack) {
  const Bytes note = RawVault(practice_.path()).blob("SELECT note FROM checkpoints");
  const std::int64_t entries = RawVault(practice_.path()).integer("SELECT max(row) FROM entries");
  work(practice_.path(), "first", 1);
  RawVault raw(practice_.path());
  raw.run("DELETE FROM entries WHERE row>?", {entries});
  raw.run("UPDATE checkpoints SET note=?", {note});
  expect_refused(access(practice_, "marie", "first", practice_.path()), Code::kRolledBack);
  // The rows are not those of that head.
  expect_refused(access(practice_, "marie", "never seen", practice_.path()));
}

TEST_F(TamperHistory, EntriesAreCutOffUnderTheNewCheckpoint) {
  work(practice_.path(), "first", 1);
  RawVault(practice_.path()).run("DELETE FROM entries WHERE row=(SELECT max(row) FROM entries)");
  for (const char* workstation : {"first", "never seen"}) {
    expect_refused(access(practice_, "marie", workstation, practice_.path()));
  }
}

TEST_F(TamperHistory, AForkThatGrewLongerThanTheOriginal) {
  const std::string fork = practice_.file("fork");
  practice_.copy_to(fork);
  work(practice_.path(), "first", 1);
  work(fork, "other", 6);
  put(fork);
  expect_refused(access(practice_, "marie", "first", practice_.path()), Code::kForked);
}

TEST_F(TamperHistory, AForkThatGrewAsLongAsTheOriginal) {
  const std::string fork = practice_.file("fork");
  std::filesystem::copy(practice_.file("first"), practice_.file("twin"),
                        std::filesystem::copy_options::recursive);
  practice_.copy_to(fork);
  work(practice_.path(), "first", 2);
  work(fork, "twin", 2);
  put(fork);
  expect_refused(access(practice_, "marie", "first", practice_.path()), Code::kForked);
}

TEST_F(TamperHistory, AForkUnderAnOpenSession) {
  const std::string fork = practice_.file("fork");
  practice_.copy_to(fork);
  auto owner = need(practice_.unlock("marie"));
  ASSERT_TRUE(owner->patients({}).has_value());
  work(fork, "other", 6);
  {
    RawVault raw(practice_.path());
    raw.run("ATTACH '" + fork + "' AS fork");
    for (const char* table : {"slots", "envelopes", "adoptions", "records", "versions", "extents",
                              "entries", "checkpoints"}) {
      const std::string name = table;
      raw.run("DELETE FROM main." + name);
      raw.run("INSERT INTO main." + name + " SELECT * FROM fork." + name);
    }
  }
  const auto listed = owner->patients({});
  ASSERT_FALSE(listed.has_value());
  EXPECT_EQ(listed.error().code, Code::kForked) << listed.error().what;
  EXPECT_EQ(owner->patients({}).error().code, Code::kLocked);
}

TEST_F(TamperHistory, AnotherVaultAtTheSamePath) {
  const PasswordCost cost{kPasswordMemoryMinKib, kPasswordPassesMin, 2};
  const std::string other = practice_.file("other.coffre");
  ASSERT_TRUE(Vault::create(other, {"marie", "Cabinet des Tilleuls", cost, {}},
                            {"marie", secret_of(kOwnerPassword), {}},
                            practice_.workstation("other"))
                  .has_value());
  work(practice_.path(), "first", 0);
  put(other);
  expect_refused(access(practice_, "marie", "first", practice_.path()), Code::kForked);
}

TEST_F(TamperHistory, TheMemoryOfTheWorkstationIsDamagedAndThatIsNoFirstContact) {
  work(practice_.path(), "first", 0);
  for (const char* part : {"heads", "paths"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(practice_.file("first") + "/" + part)) {
      const std::string file = entry.path();
      const Bytes before = need(read_file(file, 4096));
      std::vector<Bytes> damaged = flipped(before);
      damaged.emplace_back();
      damaged.emplace_back(before.begin(), before.end() - 1);
      Bytes longer = before;
      longer.push_back(0);
      damaged.push_back(longer);
      bool any = false;
      for (const Bytes& bytes : damaged) {
        SCOPED_TRACE(file + " " + std::to_string(bytes.size()));
        need(write_durable(file, bytes));
        const Code code = code_at("first");
        // The template's own path is remembered too, and is not looked at here.
        any = any || code == Code::kDamaged;
        EXPECT_TRUE(code == Code::kDamaged || (!any && code == Code::kFailed));
      }
      EXPECT_TRUE(any || part == std::string("paths"));
      need(write_durable(file, before));
    }
  }
  EXPECT_EQ(access(practice_, "marie", "first", practice_.path()).refused_at, "");
}

TEST_F(TamperHistory, TheMemoryOfTheWorkstationIsNoFile) {
  work(practice_.path(), "first", 0);
  for (const auto& entry :
       std::filesystem::directory_iterator(practice_.file("first") + "/heads")) {
    const std::filesystem::path file = entry.path();
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    EXPECT_FALSE(practice_.open(practice_.path(), "first").has_value());
    std::filesystem::remove(file);
    std::filesystem::create_symlink("/dev/null", file);
    EXPECT_FALSE(practice_.open(practice_.path(), "first").has_value());
    break;
  }
}

}  // namespace
}  // namespace coffre::test
