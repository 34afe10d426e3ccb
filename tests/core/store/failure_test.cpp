// Every write, sync and truncation of a commit fails once, and the power fails after each: what is
// opened then is all of the transaction or nothing of it.
#include <map>

#include "core/store/sqlite_vfs.h"
#include "store_fixture.h"

namespace coffre {
namespace {

constexpr int kRows = 40;

// Counts the steps and fails from step `from` on, or only there.
class FailingHook final : public SqliteHook {
 public:
  int before_write(std::string_view, ByteView, std::int64_t) override { return step(write_error); }
  int before_sync(std::string_view) override { return step(SQLITE_IOERR_FSYNC); }
  int before_truncate(std::string_view, std::int64_t) override {
    return step(SQLITE_IOERR_TRUNCATE);
  }
  int before_delete(std::string_view) override { return step(SQLITE_IOERR_DELETE); }
  int step(int error) {
    const int now = steps++;
    return now == from || (now > from && for_good) ? error : SQLITE_OK;
  }

  int write_error = SQLITE_IOERR_WRITE;
  int from = 1 << 30;
  bool for_good = false;
  int steps = 0;
};

// Keeps what a disk would have: all writes, and those that a sync has made durable.
class RecordingHook final : public SqliteHook {
 public:
  using Files = std::map<std::string, std::string, std::less<>>;
  struct State {
    Files written;
    Files synced;
  };

  explicit RecordingHook(Files files) : now_{files, files} {}
  int before_write(std::string_view path, ByteView data, std::int64_t offset) override {
    std::string& file = now_.written[std::string(path)];
    const auto start = static_cast<std::size_t>(offset);
    if (file.size() < start + data.size()) file.resize(start + data.size());
    file.replace(start, data.size(), as_text(data));
    states.push_back(now_);
    return 0;
  }
  int before_sync(std::string_view path) override {
    now_.synced[std::string(path)] = now_.written[std::string(path)];
    states.push_back(now_);
    return 0;
  }
  int before_truncate(std::string_view path, std::int64_t size) override {
    now_.written[std::string(path)].resize(static_cast<std::size_t>(size));
    states.push_back(now_);
    return 0;
  }

  std::vector<State> states;

 private:
  State now_;
};

class FailureTest : public StoreTest {
 protected:
  ~FailureTest() override { (void)set_sqlite_hook(nullptr); }

  // A vault in the state before: a note "a", a row of ones.
  void prepare() {
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + "-journal");
    auto store = create();
    auto transaction = *store->write();
    ASSERT_OK(transaction->set_checkpoint(bytes_of("a")));
    for (int i = 0; i < kRows; ++i) {
      ASSERT_OK(transaction->insert_row(Table::kSlots, filled(16, i), filled(5000, 'a')));
    }
    ASSERT_OK(transaction->commit());
  }
  static Status change(Store& store) {
    COFFRE_TRY_ASSIGN(auto transaction, store.write());
    COFFRE_TRY(transaction->set_checkpoint(bytes_of("b")));
    for (int i = 1; i <= kRows; i += 3) {
      COFFRE_TRY(transaction->replace_row(Table::kSlots, i, filled(5000, 'b')));
    }
    COFFRE_TRY_ASSIGN(const std::int64_t row, transaction->reserve_extents(1));
    COFFRE_TRY(transaction->put_extent(row, filled(16, 1), 0, filled(100'000, 'b')));
    COFFRE_TRY(transaction->remove_row(Table::kSlots, 2));
    return transaction->commit();
  }
  // 'a' or 'b' when the vault is wholly in that state, else '?'.
  static char state_of(Store& store) {
    auto view = *store.read();
    const auto note = view->checkpoint();
    if (!note) return '?';
    const char state = as_text(*note)[0];
    int rows = 0;
    bool whole = true;
    const Status scanned = view->scan(Table::kSlots, 1, kRows, [&](const StateRow& row) -> Status {
      ++rows;
      const Byte wanted = state == 'b' && row.row % 3 == 1 ? 'b' : 'a';
      whole = whole && row.body.size() == 5000 && row.body.front() == wanted &&
              row.body.back() == wanted;
      return {};
    });
    const auto extent = view->extent(1);
    whole = whole && scanned && rows == (state == 'b' ? kRows - 1 : kRows) && extent &&
            extent->has_value() == (state == 'b');
    if (whole && state == 'b') whole = (*extent)->bytes == filled(100'000, 'b');
    return whole ? state : '?';
  }

  int count_steps() {
    prepare();
    FailingHook counting;
    auto store = open();
    (void)set_sqlite_hook(&counting);
    EXPECT_TRUE(change(*store).has_value());
    (void)set_sqlite_hook(nullptr);
    return counting.steps;
  }

  // Fails at every step in turn; returns how often the whole transaction was there afterwards.
  int fail_everywhere(bool for_good, int write_error, Code code) {
    const int steps = count_steps();
    EXPECT_GT(steps, 10);
    int complete = 0;
    for (int i = 0; i < steps; ++i) {
      prepare();
      FailingHook hook;
      hook.from = i;
      hook.for_good = for_good;
      hook.write_error = write_error;
      auto store = open();
      (void)set_sqlite_hook(&hook);
      const Status changed = change(*store);
      store = nullptr;
      (void)set_sqlite_hook(nullptr);
      EXPECT_FALSE(changed.has_value()) << i;
      if (!changed) {
        EXPECT_TRUE(changed.error().code == code || changed.error().code == Code::kFailed) << i;
      }
      store = open();
      if (!store) return -1;
      const char state = state_of(*store);
      EXPECT_NE(state, '?') << "step " << i;
      complete += state == 'b' ? 1 : 0;
      EXPECT_TRUE((*store->write())->commit().has_value()) << i;
    }
    return complete;
  }
};

TEST_F(FailureTest, AFailureAtAnyStepLeavesAllOrNothing) {
  // Only the last sync, after the journal's header was cleared, may fail with all of it there.
  EXPECT_LE(fail_everywhere(false, SQLITE_IOERR_WRITE, Code::kFailed), 1);
}

TEST_F(FailureTest, ADiskThatFailsForGoodLeavesAllOrNothing) {
  EXPECT_LE(fail_everywhere(true, SQLITE_IOERR_WRITE, Code::kFailed), 1);
}

TEST_F(FailureTest, AFullDiskLeavesAllOrNothing) {
  EXPECT_LE(fail_everywhere(true, SQLITE_FULL, Code::kNoSpace), 1);
}

TEST_F(FailureTest, TheStoreGoesOnAfterAFailedCommit) {
  const int steps = count_steps();
  for (int i = 0; i < steps; ++i) {
    prepare();
    auto store = open();
    FailingHook hook;
    hook.from = i;
    (void)set_sqlite_hook(&hook);
    EXPECT_FALSE(change(*store).has_value()) << i;
    (void)set_sqlite_hook(nullptr);
    const char state = state_of(*store);
    EXPECT_NE(state, '?') << i;
    if (state == 'a') {
      EXPECT_TRUE(change(*store).has_value()) << i;
      EXPECT_EQ(state_of(*store), 'b') << i;
    }
  }
}

TEST_F(FailureTest, APowerCutAtAnyStepLeavesAllOrNothing) {
  prepare();
  const std::string side = path_ + "-journal";
  RecordingHook hook({{path_, content(path_)}, {side, content(side)}});
  auto store = open();
  (void)set_sqlite_hook(&hook);
  ASSERT_OK(change(*store));
  (void)set_sqlite_hook(nullptr);
  store = nullptr;
  ASSERT_EQ(content(path_), hook.states.back().synced[path_]);
  std::string seen;
  const auto play = [&](const std::string& vault, const std::string& journal) {
    write(path_, vault);
    write(side, journal);
    auto reopened = open();
    ASSERT_NE(reopened, nullptr);
    seen += state_of(*reopened);
  };
  for (RecordingHook::State& state : hook.states) {
    // Killed: all writes are there. Power lost: those since the last sync are not, or of one file.
    play(state.written[path_], state.written[side]);
    play(state.synced[path_], state.synced[side]);
    play(state.written[path_], state.synced[side]);
    play(state.synced[path_], state.written[side]);
  }
  EXPECT_EQ(seen.find('?'), std::string::npos) << seen;
  EXPECT_TRUE(seen.starts_with("aaaa") && seen.ends_with("bbbb")) << seen;
}

TEST_F(FailureTest, AFailedCreateLeavesNoFile) {
  FailingHook counting;
  (void)set_sqlite_hook(&counting);
  (void)create();
  const int steps = counting.steps;
  ASSERT_GT(steps, 3);
  for (int i = 0; i < steps; ++i) {
    std::filesystem::remove(path_);
    std::filesystem::remove(path_ + "-journal");
    FailingHook hook;
    hook.from = i;
    (void)set_sqlite_hook(&hook);
    EXPECT_FALSE(create_sqlite_store(path_).has_value()) << i;
    EXPECT_FALSE(std::filesystem::exists(path_)) << i;
    EXPECT_FALSE(std::filesystem::exists(path_ + "-journal")) << i;
  }
}

TEST_F(FailureTest, APlantedJournalDeletesNoOtherFile) {
  prepare();
  const std::string victim = directory_ + "/precious";
  write(victim, "precious");
  // A hot journal without pages that names the victim as its super-journal:
  // https://www.sqlite.org/fileformat2.html#the_rollback_journal and pager.c, readSuperJournal().
  std::string journal("\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", 8);
  journal += std::string(20, '\0');
  journal[22] = '\x02';  // sector size 512
  journal[26] = '\x40';  // page size 16,384
  journal.resize(512);
  const auto u32 = [](std::uint32_t value) {
    std::string bytes(4, '\0');
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (24 - 8 * i) & 0xff);
    return bytes;
  };
  std::uint32_t sum = 0;
  for (const char letter : victim) sum += static_cast<std::uint32_t>(letter);
  journal += u32(0x40000000 / 16'384 + 1) + victim +
             u32(static_cast<std::uint32_t>(victim.size())) + u32(sum) + journal.substr(0, 8);
  write(path_ + "-journal", journal);
  (void)open_sqlite_store(path_, kImpatient);
  EXPECT_EQ(content(victim), "precious");
}

}  // namespace
}  // namespace coffre
