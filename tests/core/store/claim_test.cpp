// Claims on a vault among processes: who may be alone, and that no lock is dropped.
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/os.h"
#include "store_fixture.h"

namespace coffre {
namespace {

class ClaimTest : public StoreTest {
 protected:
  // What `ask` says in a process of its own that has opened nothing.
  template <typename Ask>
  static int in_another_process(Ask ask) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(ask());
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  // 0: the flock was given, 1: refused.
  int flock_elsewhere(int operation) {
    return in_another_process([&] {
      const int fd = ::open(path_.c_str(), O_RDWR);
      return ::flock(fd, operation | LOCK_NB) == 0 ? 0 : 1;
    });
  }
  // Whether another process could write through SQLite now.
  bool sqlite_could_write_elsewhere() {
    return in_another_process([&] {
             struct flock wanted{};
             wanted.l_type = F_WRLCK;
             wanted.l_whence = SEEK_SET;
             wanted.l_start = 0x40000001;  // SQLite's RESERVED byte
             wanted.l_len = 1;
             const int fd = ::open(path_.c_str(), O_RDWR);
             return ::fcntl(fd, F_SETLK, &wanted) == 0 ? 0 : 1;
           }) == 0;
  }
};

TEST_F(ClaimTest, AloneIsExclusiveUntilReleased) {
  auto store = create();
  EXPECT_EQ(flock_elsewhere(LOCK_SH), 0);
  ASSERT_TRUE(store->try_exclusive());
  EXPECT_EQ(flock_elsewhere(LOCK_SH), 1);
  EXPECT_CODE(Code::kBusy, open_sqlite_store(path_, kImpatient));
  store->release_exclusive();
  EXPECT_EQ(flock_elsewhere(LOCK_SH), 0);
  EXPECT_EQ(flock_elsewhere(LOCK_EX), 1);
  ASSERT_OK(open_sqlite_store(path_, kImpatient));
}

TEST_F(ClaimTest, NotExclusiveWhileAnotherHasItOpen) {
  auto one = create();
  auto two = open();
  EXPECT_FALSE(one->try_exclusive());
  // The failed attempt did not lose the claim that it started from.
  EXPECT_EQ(flock_elsewhere(LOCK_EX), 1);
  EXPECT_FALSE(two->try_exclusive());
  two = nullptr;
  EXPECT_TRUE(one->try_exclusive());
}

TEST_F(ClaimTest, ClosingAnotherStoreOfTheFileKeepsTheLocksOfSqlite) {
  auto one = create();
  auto two = open();
  auto transaction = *one->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("note")));
  EXPECT_FALSE(sqlite_could_write_elsewhere());
  two = nullptr;
  EXPECT_FALSE(sqlite_could_write_elsewhere());
  ASSERT_OK(transaction->commit());
  transaction = nullptr;
  EXPECT_TRUE(sqlite_could_write_elsewhere());
}

TEST_F(ClaimTest, ARefusedOpenKeepsTheLocksOfSqlite) {
  auto store = create();
  auto transaction = *store->write();
  ASSERT_OK(transaction->set_checkpoint(bytes_of("note")));
  class Network final : public Os {
   public:
    int fstatfs(int fd, struct statfs* out) override {
      const int result = Os::fstatfs(fd, out);
      out->f_type = 0x6969;
      return result;
    }
  } network;
  Os* before = set_os(&network);
  EXPECT_CODE(Code::kUnsupported, open_sqlite_store(path_, kImpatient));
  (void)set_os(before);
  EXPECT_FALSE(sqlite_could_write_elsewhere());
}

TEST_F(ClaimTest, AllClaimsEndWithTheLastStore) {
  auto one = create();
  auto two = open();
  one = nullptr;
  two = nullptr;
  EXPECT_EQ(flock_elsewhere(LOCK_EX), 0);
}

TEST_F(ClaimTest, AReplacedFileIsNotMixedWithTheOldOne) {
  auto store = create();
  auto first = *store->read();  // takes the only idle connection
  std::filesystem::copy_file(path_, path_ + ".copy");
  std::filesystem::rename(path_ + ".copy", path_);
  EXPECT_CODE(Code::kFailed, store->read());
}

}  // namespace
}  // namespace coffre
