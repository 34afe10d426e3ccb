// Rows of every table, there and back, and what a damaged or oversize row is.
#include "store_fixture.h"

namespace coffre {
namespace {

using testing::ElementsAre;
class RowTest : public StoreTest {};

TEST_F(RowTest, EveryStateTableKeepsItsRows) {
  auto store = create();
  std::vector<std::int64_t> rows;
  {
    auto transaction = *store->write();
    for (const Table table : kStateTables) {
      const auto size = std::size_t{100} << static_cast<int>(table);
      auto row = transaction->insert_row(table, filled(16, static_cast<int>(table)),
                                         filled(size, static_cast<int>(table)));
      ASSERT_OK(row);
      rows.push_back(*row);
    }
    ASSERT_OK(transaction->commit());
  }
  store = nullptr;
  store = open();
  auto view = *store->read();
  for (std::size_t i = 0; i < kStateTables.size(); ++i) {
    const auto row = view->state_row(kStateTables[i], rows[i]);
    ASSERT_OK(row);
    ASSERT_TRUE(row->has_value());
    EXPECT_EQ((*row)->id, filled(16, static_cast<int>(i) + 1));
    EXPECT_EQ((*row)->body, filled(std::size_t{200} << i, static_cast<int>(i) + 1));
    EXPECT_FALSE(view->state_row(kStateTables[i], rows[i] + 1)->has_value());
  }
}

TEST_F(RowTest, ScanVisitsTheRangeInOrder) {
  auto store = create();
  auto transaction = *store->write();
  for (int i = 0; i < 10; ++i) {
    ASSERT_OK(transaction->insert_row(Table::kRecords, filled(16, i), filled(20, i)));
  }
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  auto view = *store->read();
  std::vector<int> seen;
  ASSERT_OK(view->scan(Table::kRecords, 3, 5, [&](const StateRow& row) -> Status {
    seen.push_back(row.id[0]);
    EXPECT_EQ(row.row, row.id[0] + 1);
    EXPECT_EQ(row.body.size(), 20U);
    return {};
  }));
  EXPECT_THAT(seen, ElementsAre(2, 3, 4));
  EXPECT_EQ(*view->row_range(Table::kRecords), std::pair(std::int64_t{1}, std::int64_t{10}));
  EXPECT_EQ(*view->row_range(Table::kVersions), std::nullopt);
  EXPECT_CODE(Code::kLocked, view->scan(Table::kRecords, 1, 10, [](const StateRow&) -> Status {
    return fail(Code::kLocked, "the visitor's own");
  }));
}

TEST_F(RowTest, AVisitorMayReadTheSameTable) {
  auto store = create();
  auto transaction = *store->write();
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(transaction->insert_row(Table::kRecords, filled(16, i), filled(20, i)));
  }
  int inner = 0;
  ASSERT_OK(transaction->scan(Table::kRecords, 1, 3, [&](const StateRow& outer) -> Status {
    return transaction->scan(Table::kRecords, outer.row, 3, [&](const StateRow&) -> Status {
      ++inner;
      return {};
    });
  }));
  EXPECT_EQ(inner, 6);
}

TEST_F(RowTest, RowsAreReplacedAndRemoved) {
  auto store = create();
  auto transaction = *store->write();
  const std::int64_t row = *transaction->insert_row(Table::kSlots, filled(16, 1), filled(30, 1));
  ASSERT_OK(transaction->replace_row(Table::kSlots, row, filled(40, 2)));
  EXPECT_EQ((*transaction->state_row(Table::kSlots, row))->body, filled(40, 2));
  ASSERT_OK(transaction->remove_row(Table::kSlots, row));
  EXPECT_FALSE(transaction->state_row(Table::kSlots, row)->has_value());
  EXPECT_CODE(Code::kDamaged, transaction->remove_row(Table::kSlots, row));
  EXPECT_CODE(Code::kDamaged, transaction->replace_row(Table::kSlots, row, filled(40, 2)));
}

TEST_F(RowTest, EntriesFollowEachOther) {
  auto store = create();
  auto transaction = *store->write();
  EXPECT_EQ(*transaction->entry_count(), 0U);
  for (std::uint64_t i = 0; i < 5; ++i) {
    const int value = static_cast<int>(i);
    ASSERT_OK(transaction->append_entry(i, filled(50, value), filled(64, value), filled(i, value)));
  }
  EXPECT_CODE(Code::kInvalidArgument,
              transaction->append_entry(6, filled(50, 6), filled(64, 6), filled(6, 6)));
  EXPECT_CODE(Code::kInvalidArgument,
              transaction->append_entry(4, filled(50, 4), filled(64, 4), filled(4, 4)));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  auto view = *store->read();
  EXPECT_EQ(*view->entry_count(), 5U);
  const EntryRow third = *view->entry(3);
  EXPECT_EQ(third.sequence, 3U);
  EXPECT_EQ(third.header, filled(50, 3));
  EXPECT_EQ(third.signature, filled(64, 3));
  EXPECT_EQ(third.body, filled(3, 3));
  EXPECT_EQ(view->entry(0)->body, Bytes());
  EXPECT_CODE(Code::kDamaged, view->entry(5));
  std::vector<std::uint64_t> seen;
  ASSERT_OK(view->entries(1, 4, [&](const EntryRow& entry) -> Status {
    seen.push_back(entry.sequence);
    return {};
  }));
  EXPECT_THAT(seen, ElementsAre(1, 2, 3));
  EXPECT_CODE(Code::kDamaged, view->entries(3, 6, [](const EntryRow&) { return Status(); }));
}

TEST_F(RowTest, AMissingEntryBodyIsSeenAsMissing) {
  auto store = create();
  auto transaction = *store->write();
  ASSERT_OK(transaction->append_entry(0, filled(50, 0), filled(64, 0), filled(9, 0)));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  tamper("UPDATE entries SET body=NULL");
  EXPECT_EQ((*store->read())->entry(0)->body, std::nullopt);
}

TEST_F(RowTest, AGapInTheEntriesIsDamage) {
  auto store = create();
  auto transaction = *store->write();
  for (std::uint64_t i = 0; i < 4; ++i) {
    ASSERT_OK(transaction->append_entry(i, filled(50, 0), filled(64, 0), filled(9, 0)));
  }
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  tamper("DELETE FROM entries WHERE row=3");
  const auto ignore = [](const EntryRow&) { return Status(); };
  {
    auto view = *store->read();
    EXPECT_CODE(Code::kDamaged, view->entries(0, 4, ignore));
    ASSERT_OK(view->entries(0, 2, ignore));
  }
  tamper("DELETE FROM entries WHERE row=1");
  EXPECT_CODE(Code::kDamaged, (*store->read())->entry_count());
}

TEST_F(RowTest, ThereIsOneCheckpoint) {
  auto store = create();
  EXPECT_CODE(Code::kDamaged, (*store->read())->checkpoint());
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("first")));
  ASSERT_OK(transaction->set_checkpoint(bytes_of("second")));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  EXPECT_EQ(*(*store->read())->checkpoint(), bytes_of("second"));
  tamper("INSERT INTO checkpoints VALUES(2, x'00')");
  EXPECT_CODE(Code::kDamaged, (*store->read())->checkpoint());
  tamper("DELETE FROM checkpoints WHERE row=1");
  EXPECT_CODE(Code::kDamaged, (*store->read())->checkpoint());
}

TEST_F(RowTest, ExtentsAreWrittenIntoReservedRows) {
  auto store = create();
  auto transaction = *store->write();
  const std::int64_t first = *transaction->reserve_extents(3);
  EXPECT_EQ(first, 1);
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  transaction = *store->write();
  // Another's reservation starts behind the first, whose rows are not all written.
  EXPECT_EQ(*transaction->reserve_extents(std::uint64_t{1} << 32), 4);
  EXPECT_EQ(*transaction->reserve_extents(1), 4 + (std::int64_t{1} << 32));
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK(transaction->put_extent(first + i, filled(16, 7), static_cast<std::uint64_t>(i),
                                      filled(kExtentMax, i)));
  }
  EXPECT_CODE(Code::kInvalidArgument,
              transaction->put_extent(first, filled(16, 8), 0, filled(5, 5)));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  auto view = *store->read();
  for (int i = 0; i < 3; ++i) {
    const auto extent = *view->extent(first + i);
    ASSERT_TRUE(extent.has_value());
    EXPECT_EQ(extent->version, filled(16, 7));
    EXPECT_EQ(extent->number, static_cast<std::uint64_t>(i));
    EXPECT_EQ(extent->bytes, filled(kExtentMax, i));
    const auto key = *view->extent_key(first + i);
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->size, kExtentMax);
    EXPECT_EQ(key->version, filled(16, 7));
  }
  EXPECT_FALSE(view->extent(9)->has_value());
  EXPECT_FALSE(view->extent_key(9)->has_value());
  std::vector<std::uint64_t> sizes;
  ASSERT_OK(view->extent_keys(1, [&](const ExtentKey& key) -> Status {
    sizes.push_back(key.size);
    return {};
  }));
  EXPECT_THAT(sizes, ElementsAre(kExtentMax, kExtentMax, kExtentMax, 0, 0));
}

TEST_F(RowTest, RemovingAnExtentTwiceIsFine) {
  auto store = create();
  auto transaction = *store->write();
  const std::int64_t row = *transaction->reserve_extents(1);
  ASSERT_OK(transaction->remove_extent(row));
  ASSERT_OK(transaction->remove_extent(row));
  EXPECT_FALSE(transaction->extent(row)->has_value());
}

TEST_F(RowTest, ReservationsHaveLimits) {
  auto store = create();
  EXPECT_CODE(Code::kLimit, (*store->write())->reserve_extents(0));
  EXPECT_CODE(Code::kLimit, (*store->write())->reserve_extents((std::uint64_t{1} << 32) + 1));
  tamper("INSERT INTO extents VALUES(9223372036854775807, x'', 0, x'')");
  EXPECT_CODE(Code::kDamaged, (*store->write())->reserve_extents(1));
}

TEST_F(RowTest, OversizeRowsAreNotWritten) {
  auto store = create();
  auto t = *store->write();
  const Bytes id = filled(16, 1);
  EXPECT_CODE(Code::kLimit, t->insert_row(Table::kSlots, filled(15, 1), filled(1, 1)));
  EXPECT_CODE(Code::kLimit, t->insert_row(Table::kSlots, filled(33, 1), filled(1, 1)));
  EXPECT_CODE(Code::kLimit, t->insert_row(Table::kSlots, id, filled(kRowBodyMax + 1, 1)));
  ASSERT_OK(t->insert_row(Table::kSlots, filled(32, 1), filled(kRowBodyMax, 1)));
  EXPECT_CODE(Code::kLimit, t->replace_row(Table::kSlots, 1, filled(kRowBodyMax + 1, 1)));
  EXPECT_CODE(Code::kLimit, t->append_entry(0, filled(kEntryHeaderMax + 1, 1), filled(64, 1), id));
  EXPECT_CODE(Code::kLimit, t->append_entry(0, id, filled(63, 1), id));
  EXPECT_CODE(Code::kLimit, t->append_entry(0, id, filled(64, 1), filled(kEntryBodyMax + 1, 1)));
  ASSERT_OK(
      t->append_entry(0, filled(kEntryHeaderMax, 1), filled(64, 1), filled(kEntryBodyMax, 1)));
  EXPECT_CODE(Code::kLimit, t->set_checkpoint(filled(kNoteMax + 1, 1)));
  EXPECT_CODE(Code::kLimit, t->set_checkpoint({}));
  EXPECT_CODE(Code::kLimit, t->put_extent(1, filled(15, 1), 0, id));
  EXPECT_CODE(Code::kLimit, t->put_extent(1, id, std::uint64_t{1} << 32, id));
  EXPECT_CODE(Code::kLimit, t->put_extent(1, id, 0, filled(kExtentMax + 1, 1)));
  ASSERT_OK(t->commit());
}

TEST_F(RowTest, ForgedRowsAreDamageNamedByTableAndRow) {
  auto store = create();
  tamper(
      "INSERT INTO slots VALUES(7, zeroblob(15), x'00'), (8, zeroblob(16), zeroblob(1048577));"
      "INSERT INTO entries VALUES(1, zeroblob(524289), zeroblob(64), x'00'),"
      "(2, x'00', zeroblob(65), x'00'), (3, x'00', zeroblob(64), zeroblob(1048577));"
      "INSERT INTO extents VALUES(1, zeroblob(17), 0, x'00'), (2, x'', -1, x'00'),"
      "(3, zeroblob(16), 4294967296, x'00'), (4, zeroblob(16), 0, zeroblob(262457));"
      "INSERT INTO checkpoints VALUES(1, zeroblob(4097))");
  auto view = *store->read();
  const auto slot = view->state_row(Table::kSlots, 7);
  EXPECT_CODE(Code::kDamaged, slot);
  EXPECT_EQ(slot.error().on, "slots, row 7");
  EXPECT_CODE(Code::kDamaged, view->state_row(Table::kSlots, 8));
  const auto ignore = [](const StateRow&) { return Status(); };
  EXPECT_CODE(Code::kDamaged, view->scan(Table::kSlots, 7, 7, ignore));
  EXPECT_CODE(Code::kDamaged, view->scan(Table::kSlots, 8, 8, ignore));
  for (const std::uint64_t sequence : {0U, 1U, 2U}) {
    EXPECT_CODE(Code::kDamaged, view->entry(sequence));
  }
  for (const std::int64_t row : {1, 2, 3, 4}) {
    EXPECT_CODE(Code::kDamaged, view->extent(row));
    EXPECT_CODE(Code::kDamaged, view->extent_key(row));
  }
  EXPECT_CODE(Code::kDamaged, view->checkpoint());
}

TEST_F(RowTest, AHugeForgedRowIsDamageAndIsNotLoaded) {
  auto store = create();
  tamper(
      "INSERT INTO records VALUES(1, zeroblob(16), zeroblob(50000000));"
      "INSERT INTO extents VALUES(1, zeroblob(16), 0, zeroblob(50000000))");
  auto view = *store->read();
  EXPECT_CODE(Code::kDamaged, view->state_row(Table::kRecords, 1));
  EXPECT_CODE(Code::kDamaged, view->extent(1));
  EXPECT_CODE(Code::kDamaged, view->extent_key(1));
}

}  // namespace
}  // namespace coffre
