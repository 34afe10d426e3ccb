// What SQLite does not overwrite by itself is overwritten all the same; and whether it was can be
// seen on the medium.
#include <fcntl.h>
#include <random>
#include <unistd.h>

#include "core/base/file.h"
#include "core/store/sqlite_vfs.h"
#include "store_fixture.h"
#include "tests/support/fake_os.h"

namespace coffre {
namespace {

class RemainsTest : public StoreTest {
 protected:
  ~RemainsTest() override { (void)set_sqlite_hook(nullptr); }

  static Bytes random_bytes(std::mt19937& source, std::size_t size) {
    Bytes bytes(size);
    for (Byte& byte : bytes) byte = static_cast<Byte>(source());
    return bytes;
  }
  static std::string end_of(const Bytes& body) {
    return std::string(as_text(ByteView(body).last(60)));
  }
};

constexpr int kRowCount = 2000;
constexpr int kRemoved = 1000;

// The bodies of rows of many sizes, and the order in which rows go: the same in both tests.
struct Plan {
  std::vector<Bytes> bodies;
  std::vector<std::int64_t> order;

  explicit Plan(unsigned seed) {
    std::mt19937 source(seed);
    for (int i = 0; i < kRowCount; ++i) {
      Bytes body(600 + source() % 600);
      for (Byte& byte : body) byte = static_cast<Byte>(source());
      bodies.push_back(std::move(body));
      order.push_back(i + 1);
    }
    std::shuffle(order.begin(), order.end(), source);
    order.resize(kRemoved);
  }
  [[nodiscard]] const Bytes& body(std::int64_t row) const {
    return bodies[static_cast<std::size_t>(row - 1)];
  }
  // Rows that went and are in the file, and rows that stayed and are in it twice.
  [[nodiscard]] int remains_in(const std::string& file) const {
    int count = 0;
    for (std::int64_t row = 1; row <= kRowCount; ++row) {
      const bool removed = std::ranges::find(order, row) != order.end();
      const std::string_view text = as_text(ByteView(body(row)).last(60));
      const std::size_t first = file.find(text);
      if (first == std::string::npos) continue;
      const bool twice = file.find(text, first + 1) != std::string::npos;
      count += removed || twice ? 1 : 0;
    }
    return count;
  }
};

constexpr unsigned kSeeds = 4;

TEST_F(RemainsTest, RowsThatMovedBetweenPagesAreNotLeftThere) {
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    const Plan plan(seed);
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + "-journal");
    auto store = create();
    auto transaction = *store->write();
    for (const Bytes& body : plan.bodies) {
      ASSERT_OK(transaction->insert_row(Table::kRecords, filled(16, 1), body));
    }
    ASSERT_OK(transaction->commit());
    for (const std::int64_t row : plan.order) {
      transaction = nullptr;
      transaction = *store->write();
      ASSERT_OK(transaction->remove_row(Table::kRecords, row));
      ASSERT_OK(transaction->commit());
    }
    transaction = nullptr;
    store = nullptr;
    EXPECT_EQ(plan.remains_in(content(path_)), 0) << "seed " << seed;
    tamper("PRAGMA integrity_check");
  }
}

// The control: SQLite alone leaves some. When it no longer does, the test above proves nothing.
TEST_F(RemainsTest, SqliteAloneLeavesSome) {
  int remains = 0;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    const Plan plan(seed);
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + "-journal");
    (void)create();
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE, "unix"), SQLITE_OK);
    const auto run = [&](const char* sql, std::int64_t row, const Bytes* body) {
      sqlite3_stmt* statement = nullptr;
      ASSERT_EQ(sqlite3_prepare_v2(handle, sql, -1, &statement, nullptr), SQLITE_OK);
      if (row != 0) sqlite3_bind_int64(statement, 1, row);
      if (body != nullptr) {
        sqlite3_bind_blob64(statement, 1, body->data(), body->size(), SQLITE_STATIC);
      }
      while (sqlite3_step(statement) == SQLITE_ROW) {
      }
      ASSERT_EQ(sqlite3_finalize(statement), SQLITE_OK);
    };
    run("PRAGMA journal_mode=PERSIST", 0, nullptr);
    run("PRAGMA secure_delete=ON", 0, nullptr);
    run("PRAGMA synchronous=OFF", 0, nullptr);
    run("BEGIN", 0, nullptr);
    for (const Bytes& body : plan.bodies) {
      run("INSERT INTO records(id, body) VALUES(x'01010101010101010101010101010101', ?)", 0, &body);
    }
    run("COMMIT", 0, nullptr);
    for (const std::int64_t row : plan.order) run("DELETE FROM records WHERE row=?", row, nullptr);
    ASSERT_EQ(sqlite3_close(handle), SQLITE_OK);
    remains += plan.remains_in(content(path_));
  }
  EXPECT_GT(remains, 0);
}

// The medium stops working after the journal is there and a page was written: as after a kill.
class DyingHook final : public SqliteHook {
 public:
  explicit DyingHook(std::string vault) : vault_(std::move(vault)) {}
  int before_write(std::string_view path, ByteView, std::int64_t) override {
    if (path == vault_ && ++writes_ > 1) dead_ = true;
    return dead_ ? SQLITE_IOERR_WRITE : SQLITE_OK;
  }
  int before_sync(std::string_view) override { return dead_ ? SQLITE_IOERR_FSYNC : SQLITE_OK; }
  int before_truncate(std::string_view, std::int64_t) override {
    return dead_ ? SQLITE_IOERR_TRUNCATE : SQLITE_OK;
  }
  int before_delete(std::string_view) override { return dead_ ? SQLITE_IOERR_DELETE : SQLITE_OK; }

 private:
  std::string vault_;
  int writes_ = 0;
  bool dead_ = false;
};

TEST_F(RemainsTest, TheJournalOfAKilledTransactionIsOverwrittenBeforeItGoes) {
  const std::string marker = "K9Z-marker-of-a-destroyed-key-K9Z";
  auto store = create();
  auto transaction = *store->write();
  ASSERT_OK(transaction->insert_row(Table::kVersions, filled(16, 1), bytes_of(marker)));
  for (int i = 2; i < 40; ++i) {
    ASSERT_OK(transaction->insert_row(Table::kSlots, filled(16, i), filled(5000, 'a')));
  }
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  DyingHook hook(path_);
  (void)set_sqlite_hook(&hook);
  transaction = *store->write();
  ASSERT_OK(transaction->remove_row(Table::kVersions, 1));
  for (int i = 1; i < 30; ++i)
    ASSERT_OK(transaction->replace_row(Table::kSlots, i, filled(5000, 'b')));
  ASSERT_FALSE(transaction->commit().has_value());
  transaction = nullptr;
  store = nullptr;
  (void)set_sqlite_hook(nullptr);

  const File journal(os().open((path_ + "-journal").c_str(), O_RDONLY, 0));
  ASSERT_TRUE(journal.is_open());
  std::string bytes(1 << 20, '\0');
  ASSERT_GT(os().pread(journal.fd(), bytes.data(), bytes.size(), 0), 0);
  ASSERT_NE(bytes.find(marker), std::string::npos) << "void: the journal has no page";
  store = open();
  EXPECT_TRUE(*(*store->read())->state_row(Table::kVersions, 1));
  // SQLite deleted it: what is read is the file that has no name any more.
  struct stat found{};
  ASSERT_EQ(os().fstat(journal.fd(), &found), 0);
  EXPECT_EQ(found.st_nlink, 0U) << "void: the journal was kept";
  bytes.assign(1 << 20, '\0');
  (void)os().pread(journal.fd(), bytes.data(), bytes.size(), 0);
  EXPECT_EQ(bytes, std::string(1 << 20, '\0'));
}

// Looks at the end of the vault that is about to be cut off.
class CutHook final : public SqliteHook {
 public:
  int before_truncate(std::string_view path, std::int64_t size) override {
    if (path.ends_with("-journal")) return SQLITE_OK;
    std::ifstream in(std::string(path), std::ios::binary);
    in.seekg(size);
    const std::string end{std::istreambuf_iterator<char>(in), {}};
    cut += end.size();
    zeros = zeros && end == std::string(end.size(), '\0');
    return SQLITE_OK;
  }
  std::size_t cut = 0;
  bool zeros = true;
};

TEST_F(RemainsTest, TheEndThatARollbackCutsOffIsOverwritten) {
  auto store = create();
  CutHook hook;
  (void)set_sqlite_hook(&hook);
  {
    auto transaction = *store->write();
    const auto first = *transaction->reserve_extents(100);
    for (int i = 0; i < 100; ++i) {  // more than the cache holds
      ASSERT_OK(transaction->put_extent(first + i, filled(16, 1), static_cast<std::uint64_t>(i),
                                        filled(262'400, 'x')));
    }
  }
  (void)set_sqlite_hook(nullptr);
  EXPECT_GT(hook.cut, std::size_t{1} << 20);
  EXPECT_TRUE(hook.zeros);
}

TEST_F(RemainsTest, APlaceIsWhereTheRowLiesOnTheMedium) {
  std::mt19937 source(7);
  auto store = create();
  auto transaction = *store->write();
  std::vector<Bytes> bodies;
  for (int i = 0; i < 3000; ++i) {  // three levels of pages are not needed; two are
    bodies.push_back(random_bytes(source, 264));
    ASSERT_OK(transaction->insert_row(Table::kVersions, filled(16, 1), bodies.back()));
  }
  bodies.push_back(random_bytes(source, 100'000));  // goes on in other pages
  ASSERT_OK(transaction->insert_row(Table::kRecords, filled(16, 1), bodies.back()));
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  transaction = *store->write();
  bool cached = false;
  for (const std::int64_t row : {1, 61, 62, 1500, 3000}) {
    const auto place = *transaction->place_of(Table::kVersions, row);
    const Bytes there = *store->read_medium(place, cached);
    const Bytes& body = bodies[static_cast<std::size_t>(row - 1)];
    EXPECT_FALSE(std::ranges::search(there, body).empty()) << row;
  }
  const auto large = *transaction->place_of(Table::kRecords, 1);
  const Bytes there = *store->read_medium(large, cached);
  EXPECT_FALSE(std::ranges::search(there, ByteView(bodies.back()).first(500)).empty());
  EXPECT_CODE(Code::kDamaged, transaction->place_of(Table::kVersions, 3001));
  EXPECT_CODE(Code::kDamaged, transaction->place_of(Table::kSlots, 1));

  const auto place = *transaction->place_of(Table::kVersions, 1500);
  ASSERT_OK(transaction->remove_row(Table::kVersions, 1500));
  ASSERT_OK(transaction->commit());
  const Bytes after = *store->read_medium(place, cached);
  EXPECT_TRUE(std::ranges::search(after, ByteView(bodies[1499]).last(60)).empty());
  EXPECT_FALSE(std::ranges::search(after, bodies[1498]).empty());
}

TEST_F(RemainsTest, AMediumThatIsOnlyReadThroughMemorySaysSo) {
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  auto store = create();
  bool cached = false;
  faulty.fail("set_direct", 1, EINVAL);
  ASSERT_OK(store->read_medium({16'384, 16'384}, cached));
  EXPECT_TRUE(cached);
  EXPECT_EQ(faulty.calls("drop_cache"), 1);
  faulty.reset();
  faulty.fail("pread", 1, EIO);
  EXPECT_CODE(Code::kFailed, store->read_medium({16'384, 16'384}, cached));
  EXPECT_FALSE(store->read_medium({std::uint64_t{1} << 40, 16'384}, cached).has_value());
}

TEST_F(RemainsTest, BothFilesAreShown) {
  auto store = create();
  std::vector<ino_t> seen;
  const auto look = [&](int fd) -> Status {
    struct stat found{};
    EXPECT_EQ(os().fstat(fd, &found), 0);
    seen.push_back(found.st_ino);
    return {};
  };
  ASSERT_OK(store->look_at_files(look));
  struct stat vault{};
  struct stat side{};
  ASSERT_EQ(os().lstat(path_.c_str(), &vault), 0);
  ASSERT_EQ(os().lstat((path_ + "-journal").c_str(), &side), 0);
  EXPECT_EQ(seen, (std::vector{vault.st_ino, side.st_ino}));
  std::filesystem::remove(path_ + "-journal");
  std::filesystem::create_symlink(path_, path_ + "-journal");
  EXPECT_FALSE(store->look_at_files(look).has_value());
}

}  // namespace
}  // namespace coffre
