// What is refused when a vault is made or opened, and with which error.
#include <unistd.h>

#include "store_fixture.h"

namespace coffre {
namespace {

using testing::StrEq;
class OpenTest : public StoreTest {
 protected:
  // A vault whose file was changed by another program.
  Error refusal_after(const std::string& sql) {
    (void)create();
    tamper(sql);
    return refusal();
  }
};

TEST_F(OpenTest, ANewVaultIsPrivateAndOpensAgain) {
  (void)create();
  struct stat found{};
  ASSERT_EQ(::stat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0600U);
  const auto store = open();
  ASSERT_OK(store->read());
  ASSERT_OK(store->write());
  if (::stat((path_ + "-journal").c_str(), &found) == 0) {
    EXPECT_EQ(found.st_mode & 07777, 0600U);
  }
}

TEST_F(OpenTest, WhatIsThereIsNotOverwritten) {
  write(path_, "something");
  EXPECT_CODE(Code::kExists, create_sqlite_store(path_));
  EXPECT_EQ(content(path_), "something");
}

TEST_F(OpenTest, ASideFileThatIsThereIsNotPlayedIntoANewVault) {
  write(path_ + "-journal", "something");
  EXPECT_CODE(Code::kExists, create_sqlite_store(path_));
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_EQ(content(path_ + "-journal"), "something");
}

TEST_F(OpenTest, AVaultIsNotMadeInAMissingDirectory) {
  EXPECT_CODE(Code::kNotFound, create_sqlite_store(directory_ + "/none/v.coffre"));
}

TEST_F(OpenTest, AMissingFile) { EXPECT_EQ(refusal().code, Code::kNotFound); }

TEST_F(OpenTest, ATextFileIsNotAVault) {
  write(path_, std::string(5000, 'a'));
  const Error error = refusal();
  EXPECT_EQ(error.code, Code::kFailed);
  EXPECT_THAT(error.what, StrEq("the file is not a Coffre vault"));
  EXPECT_EQ(error.on, path_);
  EXPECT_THAT(error.hint, testing::Not(StrEq("")));
}

TEST_F(OpenTest, AnEmptyFileIsNotAVault) {
  write(path_, "");
  EXPECT_THAT(refusal().what, StrEq("the file is not a Coffre vault"));
  EXPECT_EQ(content(path_), "");
}

TEST_F(OpenTest, ADirectoryIsNotAVault) {
  std::filesystem::create_directory(path_);
  EXPECT_EQ(refusal().code, Code::kFailed);
}

TEST_F(OpenTest, ANamedPipeIsNotAVault) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(refusal().what, StrEq("the file is not a Coffre vault"));
}

TEST_F(OpenTest, AnotherApplicationsDatabaseIsNotAVault) {
  EXPECT_THAT(refusal_after("PRAGMA application_id=1").what,
              StrEq("the file is not a Coffre vault"));
}

TEST_F(OpenTest, ANewerFormatIsNamed) {
  EXPECT_EQ(refusal_after("PRAGMA user_version=2").code, Code::kUnsupported);
}

TEST_F(OpenTest, AnOlderFormatThatNeverWasIsDamage) {
  EXPECT_EQ(refusal_after("PRAGMA user_version=0").code, Code::kDamaged);
}

TEST_F(OpenTest, AnotherPageSizeIsDamage) {
  EXPECT_EQ(refusal_after("PRAGMA page_size=4096; VACUUM").code, Code::kDamaged);
}

TEST_F(OpenTest, WriteAheadModeIsDamage) {
  EXPECT_EQ(refusal_after("PRAGMA journal_mode=WAL").code, Code::kDamaged);
}

TEST_F(OpenTest, AnotherEncodingIsDamageOrLeavesTheSchemaAlone) {
  // SQLite refuses to change the encoding of a database that has tables.
  (void)create();
  tamper("PRAGMA encoding='UTF-16'");
  (void)open();
}

TEST_F(OpenTest, AnExtraIndexIsDamage) {
  EXPECT_EQ(refusal_after("CREATE INDEX i ON slots(id)").code, Code::kDamaged);
}

TEST_F(OpenTest, AnExtraViewIsDamage) {
  EXPECT_EQ(refusal_after("CREATE VIEW v AS SELECT * FROM slots").code, Code::kDamaged);
}

TEST_F(OpenTest, AnExtraTriggerIsDamage) {
  EXPECT_EQ(
      refusal_after("CREATE TRIGGER t AFTER INSERT ON slots BEGIN DELETE FROM slots; END").code,
      Code::kDamaged);
}

TEST_F(OpenTest, AnExtraTableIsDamage) {
  EXPECT_EQ(refusal_after("CREATE TABLE zz(a)").code, Code::kDamaged);
}

TEST_F(OpenTest, AMissingTableIsDamage) {
  EXPECT_EQ(refusal_after("DROP TABLE adoptions").code, Code::kDamaged);
}

TEST_F(OpenTest, AnAlteredColumnIsDamage) {
  EXPECT_EQ(refusal_after("ALTER TABLE slots RENAME COLUMN body TO bodi").code, Code::kDamaged);
}

TEST_F(OpenTest, AnAlteredSchemaTextIsDamage) {
  EXPECT_EQ(refusal_after("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET "
                          "sql=replace(sql, 'NOT NULL', 'not null') WHERE name='slots'")
                .code,
            Code::kDamaged);
}

TEST_F(OpenTest, AnUnreadableSchemaTextIsDamage) {
  EXPECT_EQ(refusal_after("PRAGMA writable_schema=ON; UPDATE sqlite_schema SET "
                          "sql='CREATE TABLE slots(' WHERE name='slots'")
                .code,
            Code::kDamaged);
}

TEST_F(OpenTest, ASchemaChangedUnderAnOpenStoreIsDamage) {
  const auto store = create();
  ASSERT_OK(store->read());
  tamper("CREATE INDEX i ON slots(id)");
  EXPECT_CODE(Code::kDamaged, store->read());
  EXPECT_CODE(Code::kDamaged, store->write());
}

TEST_F(OpenTest, ATruncatedVaultIsNeverOpenedAsWhole) {
  (void)create();
  const std::string whole = content(path_);
  for (const std::size_t size : {std::size_t{15}, std::size_t{99}, std::size_t{100},
                                 std::size_t{16'384}, whole.size() / 2, whole.size() - 16'384}) {
    write(path_, whole.substr(0, size));
    std::filesystem::remove(path_ + "-journal");
    const Code code = refusal().code;
    EXPECT_EQ(code, size < 100 ? Code::kFailed : Code::kDamaged) << size;
  }
}

TEST_F(OpenTest, ASymbolicLinkLeadsToTheVault) {
  (void)create();
  const std::string link = directory_ + "/link.coffre";
  std::filesystem::create_symlink(path_, link);
  auto store = taken(open_sqlite_store(link));
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("note")));
  ASSERT_OK(transaction->commit());
  EXPECT_FALSE(std::filesystem::exists(link + "-journal"));
  transaction = nullptr;
  store = nullptr;
  EXPECT_EQ(*(*open()->read())->checkpoint(), bytes_of("note"));
}

TEST_F(OpenTest, RelativeNamesThatSqliteWouldTakeForOthersAreFiles) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(directory_);
  for (const std::string name : {":memory:", "file:v?mode=memory", "v.coffre"}) {
    EXPECT_TRUE(create_sqlite_store(name).has_value()) << name;
    EXPECT_TRUE(std::filesystem::exists(directory_ + "/" + name)) << name;
    EXPECT_TRUE(open_sqlite_store(name).has_value()) << name;
  }
  std::filesystem::current_path(before);
}

TEST_F(OpenTest, APlantedWriteAheadFileIsLeftAlone) {
  (void)create();
  write(path_ + "-wal", "planted");
  const auto store = open();
  ASSERT_OK(store->read());
  EXPECT_EQ(content(path_ + "-wal"), "planted");
}

}  // namespace
}  // namespace coffre
