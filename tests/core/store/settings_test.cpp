// The settings of a connection are those that DESIGN §4 names.
#include <sqlite3.h>

#include "core/store/sqlite_schema.h"
#include "store_fixture.h"

namespace coffre {
namespace {

class SettingsTest : public StoreTest {
 protected:
  static std::int64_t setting(Connection& connection, std::string_view sql) {
    const auto value = connection.integer(sql);
    EXPECT_TRUE(value.has_value()) << sql;
    return value.value_or(-1);
  }
};

TEST_F(SettingsTest, AConnectionHasTheSettingsOfTheDesign) {
  (void)create();
  const auto connection = *Connection::open(path_, nullptr);
  ASSERT_OK(apply_settings(*connection, ConnectionUse::kWrite));
  EXPECT_EQ(setting(*connection, "PRAGMA page_size"), 16'384);
  EXPECT_EQ(setting(*connection, "PRAGMA synchronous"), 3);  // EXTRA
  EXPECT_EQ(setting(*connection, "PRAGMA secure_delete"), 1);
  EXPECT_EQ(setting(*connection, "PRAGMA temp_store"), 2);  // MEMORY
  EXPECT_EQ(setting(*connection, "PRAGMA trusted_schema"), 0);
  EXPECT_EQ(setting(*connection, "PRAGMA cell_size_check"), 1);
  EXPECT_EQ(setting(*connection, "PRAGMA cache_size"), -16'384);
  EXPECT_EQ(setting(*connection, "PRAGMA journal_size_limit"), -1);
  EXPECT_EQ(setting(*connection, "PRAGMA auto_vacuum"), 0);
  EXPECT_EQ(setting(*connection, "PRAGMA application_id"), 0x436F6672);
  EXPECT_EQ(setting(*connection, "PRAGMA user_version"), 1);
  auto mode = *connection->statement("PRAGMA journal_mode");
  ASSERT_TRUE(*mode.step());
  EXPECT_EQ(mode.text(0), "persist");
}

TEST_F(SettingsTest, TheHandleIsDefensive) {
  (void)create();
  const auto connection = *Connection::open(path_, nullptr);
  ASSERT_OK(apply_settings(*connection, ConnectionUse::kRead));
  const auto is_on = [&](int name) {
    int on = -1;
    EXPECT_EQ(sqlite3_db_config(connection->handle(), name, -1, &on), SQLITE_OK);
    return on;
  };
  EXPECT_EQ(is_on(SQLITE_DBCONFIG_DEFENSIVE), 1);
  EXPECT_EQ(is_on(SQLITE_DBCONFIG_TRUSTED_SCHEMA), 0);
  EXPECT_EQ(is_on(SQLITE_DBCONFIG_ENABLE_TRIGGER), 0);
  EXPECT_EQ(is_on(SQLITE_DBCONFIG_ENABLE_VIEW), 0);
  EXPECT_EQ(is_on(SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION), 0);
  EXPECT_EQ(is_on(SQLITE_DBCONFIG_WRITABLE_SCHEMA), 0);
  EXPECT_FALSE(connection->run("ATTACH 'other' AS other").has_value());
}

TEST_F(SettingsTest, NothingIsMapped) {
  (void)create();
  const auto connection = *Connection::open(path_, nullptr);
  ASSERT_OK(apply_settings(*connection, ConnectionUse::kRead));
  auto size = *connection->statement("PRAGMA mmap_size");
  // No answer at all: the VFS has no mapping.
  if (*size.step()) {
    EXPECT_EQ(size.integer(0), 0);
  }
}

TEST_F(SettingsTest, TheSideFileStaysWithItsHeaderCleared) {
  const auto store = create();
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("note")));
  ASSERT_OK(transaction->commit());
  const std::string side = content(path_ + "-journal");
  ASSERT_GT(side.size(), 28U);
  EXPECT_EQ(side.substr(0, 28), std::string(28, '\0'));
}

TEST_F(SettingsTest, EveryErrorOfSqliteHasACode) {
  const auto code = [](int result, int system = 0) {
    return sqlite_error(result, system, "p").code;
  };
  EXPECT_EQ(code(SQLITE_BUSY), Code::kBusy);
  EXPECT_EQ(code(SQLITE_BUSY_RECOVERY), Code::kBusy);
  EXPECT_EQ(code(SQLITE_LOCKED), Code::kBusy);
  EXPECT_EQ(code(SQLITE_FULL), Code::kNoSpace);
  EXPECT_EQ(code(SQLITE_IOERR_WRITE, ENOSPC), Code::kNoSpace);
  EXPECT_EQ(code(SQLITE_IOERR_WRITE, EDQUOT), Code::kNoSpace);
  EXPECT_EQ(code(SQLITE_IOERR_WRITE, EIO), Code::kFailed);
  EXPECT_EQ(code(SQLITE_IOERR_NOMEM), Code::kOutOfMemory);
  EXPECT_EQ(code(SQLITE_NOMEM), Code::kOutOfMemory);
  EXPECT_EQ(code(SQLITE_READONLY_DIRECTORY), Code::kReadOnly);
  EXPECT_EQ(code(SQLITE_CANTOPEN, EROFS), Code::kReadOnly);
  EXPECT_EQ(code(SQLITE_CANTOPEN, EACCES), Code::kReadOnly);
  EXPECT_EQ(code(SQLITE_CANTOPEN, EISDIR), Code::kFailed);
  EXPECT_EQ(code(SQLITE_CORRUPT_VTAB), Code::kDamaged);
  EXPECT_EQ(code(SQLITE_NOTADB), Code::kDamaged);
  EXPECT_EQ(code(SQLITE_TOOBIG), Code::kDamaged);
  EXPECT_EQ(code(SQLITE_MISUSE), Code::kFailed);
}

}  // namespace
}  // namespace coffre
