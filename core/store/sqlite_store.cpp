#include "core/store/sqlite_store.h"

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <fcntl.h>
#include <memory>
#include <mutex>

#include "core/store/file_system.h"
#include "core/store/side_file.h"
#include "core/store/sqlite_schema.h"
#include "core/store/sqlite_vfs.h"
#include "core/store/sqlite_view.h"
#include "core/store/vault_claim.h"

namespace coffre {
namespace {

// Connections of ended views that are kept for the next; each keeps up to 4 MiB of pages.
constexpr std::size_t kIdleMax = 4;
// What reading past the page cache asks of memory.
constexpr std::size_t kDirectBlock = 4096;

std::unexpected<Error> busy(const std::string& path) {
  return fail(Code::kBusy, N_("the vault is in use by another program"), path,
              N_("wait and try again"));
}

// What the store and its views share: lives until the last of them ends. The claim is declared
// first and so ends last, after SQLite has closed the file.
class Shared : public std::enable_shared_from_this<Shared> {
 public:
  Shared(VaultClaim claim, SqliteOptions options) : claim_(std::move(claim)), options_(options) {}

  // Opens the first connection; `path` as the caller named it.
  [[nodiscard]] Status open(const std::string& path);
  [[nodiscard]] Result<std::unique_ptr<ReadView>> read();
  [[nodiscard]] Result<std::unique_ptr<WriteTransaction>> write();
  [[nodiscard]] bool try_exclusive();
  void release_exclusive();
  // The claim's descriptor does not change while the store lives.
  void start_writing() { os().start_writing(claim_.fd()); }
  void drop_cache() { (void)os().drop_cache(claim_.fd()); }
  [[nodiscard]] Status scrub_side_file();
  [[nodiscard]] Result<Bytes> read_medium(const StorePlace& place, bool& cached);
  [[nodiscard]] Status look_at_files(const std::function<Status(int)>& look);

 private:
  [[nodiscard]] Result<std::unique_ptr<Connection>> connect(const std::string& path,
                                                            ConnectionUse use) const;
  [[nodiscard]] Status keep_claim();
  // Waits for the one connection that writes, and makes it when there is none.
  [[nodiscard]] Result<std::unique_ptr<Connection>> take_writer();
  void give_back_writer(std::unique_ptr<Connection> connection, bool usable);
  void give_back_reader(std::unique_ptr<Connection> connection, bool usable);

  std::mutex mutex_;  // guards all below but path_ and cookie_, which are set before sharing
  VaultClaim claim_;
  const SqliteOptions options_;
  std::string path_;  // resolved by SQLite
  std::int64_t cookie_ = 0;
  std::condition_variable writer_free_;
  bool writing_ = false;
  std::unique_ptr<Connection> writer_;
  std::vector<std::unique_ptr<Connection>> readers_;
};

Result<std::unique_ptr<Connection>> Shared::connect(const std::string& path,
                                                    ConnectionUse use) const {
  COFFRE_TRY_ASSIGN(auto connection, Connection::open(path, options_.vfs));
  const char* resolved = sqlite3_db_filename(connection->handle(), "main");
  if (resolved == nullptr || !claim_.is_at(resolved)) {
    return fail(Code::kFailed, N_("the vault's file was replaced while it was open"), path,
                N_("close the vault and open it again"));
  }
  connection->set_patience(options_.patience_ms);
  COFFRE_TRY(apply_settings(*connection, use));
  COFFRE_TRY(check_schema(*connection));
  return connection;
}

Status Shared::open(const std::string& path) {
  COFFRE_TRY_ASSIGN(auto connection, connect(path, ConnectionUse::kRead));
  COFFRE_TRY_ASSIGN(cookie_, schema_cookie(*connection));
  path_ = sqlite3_db_filename(connection->handle(), "main");
  readers_.push_back(std::move(connection));
  return {};
}

Status Shared::keep_claim() {
  const std::lock_guard lock(mutex_);
  if (!claim_.is_held()) claim_.share(options_.patience_ms);
  if (!claim_.is_held()) return busy(path_);
  return {};
}

Result<std::unique_ptr<ReadView>> Shared::read() {
  COFFRE_TRY(keep_claim());
  std::unique_ptr<Connection> connection;
  {
    const std::lock_guard lock(mutex_);
    if (!readers_.empty()) {
      connection = std::move(readers_.back());
      readers_.pop_back();
    }
  }
  if (!connection) {
    COFFRE_TRY_ASSIGN(connection, connect(path_, ConnectionUse::kRead));
  }
  return begin_read(std::move(connection), cookie_,
                    [self = shared_from_this()](std::unique_ptr<Connection> back, bool usable) {
                      self->give_back_reader(std::move(back), usable);
                    });
}

Result<std::unique_ptr<WriteTransaction>> Shared::write() {
  COFFRE_TRY(keep_claim());
  COFFRE_TRY_ASSIGN(auto connection, take_writer());
  return begin_write(std::move(connection), cookie_,
                     [self = shared_from_this()](std::unique_ptr<Connection> back, bool usable) {
                       self->give_back_writer(std::move(back), usable);
                     });
}

Result<std::unique_ptr<Connection>> Shared::take_writer() {
  std::unique_ptr<Connection> connection;
  {
    std::unique_lock lock(mutex_);
    const auto patience =
        std::chrono::milliseconds(std::max<std::int64_t>(options_.patience_ms, 0));
    if (!writer_free_.wait_for(lock, patience, [this] { return !writing_; })) return busy(path_);
    writing_ = true;
    connection = std::move(writer_);
  }
  if (connection) return connection;
  auto made = connect(path_, ConnectionUse::kWrite);
  if (!made) give_back_writer(nullptr, false);
  return made;
}

void Shared::give_back_writer(std::unique_ptr<Connection> connection, bool usable) {
  if (!usable) connection.reset();
  {
    const std::lock_guard lock(mutex_);
    writer_ = std::move(connection);
    writing_ = false;
  }
  writer_free_.notify_one();
}

void Shared::give_back_reader(std::unique_ptr<Connection> connection, bool usable) {
  if (!usable) return;
  const std::lock_guard lock(mutex_);
  if (readers_.size() < kIdleMax) readers_.push_back(std::move(connection));
}

bool Shared::try_exclusive() {
  const std::lock_guard lock(mutex_);
  return claim_.try_exclusive(options_.patience_ms);
}

void Shared::release_exclusive() {
  const std::lock_guard lock(mutex_);
  claim_.share(options_.patience_ms);
}

Status Shared::scrub_side_file() {
  COFFRE_TRY(keep_claim());
  COFFRE_TRY_ASSIGN(auto connection, take_writer());
  // Nothing is changed in this transaction: SQLite neither reads nor writes the side file in it.
  Status done = connection->run("BEGIN EXCLUSIVE");
  if (done) done = overwrite_side_file(path_ + "-journal");
  const bool usable = connection->roll_back().has_value();
  give_back_writer(std::move(connection), usable);
  return done;
}

// Through the claim's descriptor: another one could not be closed again (vault_claim.h).
Result<Bytes> Shared::read_medium(const StorePlace& place, bool& cached) {
  const std::lock_guard lock(mutex_);
  const int fd = claim_.fd();
  Bytes room(place.size + kDirectBlock);
  void* at = room.data();
  std::size_t left = room.size();
  auto* aligned = static_cast<Byte*>(std::align(kDirectBlock, place.size, at, left));
  bool direct = os().set_direct(fd, true) == 0;
  if (!direct) drop_cache();
  std::size_t have = 0;
  int error = 0;
  while (have < place.size) {
    const ssize_t got =
        os().pread(fd, aligned + have, place.size - have, static_cast<off_t>(place.offset + have));
    if (got == -EINVAL && direct) {
      direct = false;
      (void)os().set_direct(fd, false);
      drop_cache();
      continue;
    }
    if (got <= 0) {
      error = got < 0 ? static_cast<int>(-got) : EIO;
      break;
    }
    have += static_cast<std::size_t>(got);
  }
  (void)os().set_direct(fd, false);
  if (!direct) cached = true;
  if (error != 0) return std::unexpected(os_error(error, path_));
  return Bytes(aligned, aligned + place.size);
}

Status Shared::look_at_files(const std::function<Status(int)>& look) {
  COFFRE_TRY(look(claim_.fd()));
  const auto side = File::open(path_ + "-journal", O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (side) return look(side->fd());
  if (side.error().code == Code::kNotFound) return {};
  return std::unexpected(side.error());
}

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  Result<std::unique_ptr<ReadView>> read() override { return shared_->read(); }
  Result<std::unique_ptr<WriteTransaction>> write() override { return shared_->write(); }
  bool try_exclusive() override { return shared_->try_exclusive(); }
  void release_exclusive() override { shared_->release_exclusive(); }
  void start_writing() override { shared_->start_writing(); }
  Status scrub_side_file() override { return shared_->scrub_side_file(); }
  Result<Bytes> read_medium(const StorePlace& place, bool& cached) override {
    return shared_->read_medium(place, cached);
  }
  void drop_cache() override { shared_->drop_cache(); }
  Status look_at_files(const std::function<Status(int fd)>& look) override {
    return shared_->look_at_files(look);
  }

 private:
  std::shared_ptr<Shared> shared_;
};

Status refuse_network(const VaultClaim& claim, const std::string& path,
                      const SqliteOptions& options) {
  if (options.allow_network_file_system) return {};
  return refuse_network_file_system(claim.fd(), path);
}

Result<std::unique_ptr<Store>> open_claimed(VaultClaim claim, const std::string& path,
                                            const SqliteOptions& options) {
  COFFRE_TRY(claim.check_header(path));
  auto shared = std::make_shared<Shared>(std::move(claim), options);
  COFFRE_TRY(shared->open(path));
  return std::make_unique<SqliteStore>(std::move(shared));
}

Status fill_new_file(const std::string& path, const SqliteOptions& options) {
  COFFRE_TRY_ASSIGN(auto connection, Connection::open(path, options.vfs));
  COFFRE_TRY(connection->run("PRAGMA page_size=16384"));
  COFFRE_TRY(connection->run("PRAGMA encoding='UTF-8'"));
  COFFRE_TRY(connection->run("PRAGMA auto_vacuum=NONE"));
  COFFRE_TRY(apply_settings(*connection, ConnectionUse::kWrite));
  return create_schema(*connection);
}

// A journal of another file's would be played back into the new one.
Status refuse_old_side_file(const std::string& path) {
  struct stat found{};
  const std::string side = path + "-journal";
  const int error = os().lstat(side.c_str(), &found);
  if (error == -ENOENT) return {};
  if (error < 0) return std::unexpected(os_error(-error, side));
  return fail(Code::kExists, N_("the side file of another vault is in the way"), side,
              N_("choose another name, or move that file away"));
}

Result<std::unique_ptr<Store>> make_vault(const std::string& path, const SqliteOptions& options,
                                          VaultClaim claim) {
  COFFRE_TRY(refuse_network(claim, path, options));
  COFFRE_TRY(fill_new_file(path, options));
  COFFRE_TRY_ASSIGN(const File directory,
                    File::open(parent_directory(path), O_RDONLY | O_DIRECTORY));
  COFFRE_TRY(directory.sync());
  return open_claimed(std::move(claim), path, options);
}

}  // namespace

Result<std::unique_ptr<Store>> create_sqlite_store(const std::string& path,
                                                   const SqliteOptions& options) {
  COFFRE_TRY(start_sqlite());
  COFFRE_TRY(refuse_old_side_file(path));
  COFFRE_TRY_ASSIGN(VaultClaim claim, VaultClaim::create(path));
  auto made = make_vault(path, options, std::move(claim));
  if (!made) {
    (void)os().unlink((path + "-journal").c_str());
    (void)os().unlink(path.c_str());
  }
  return made;
}

Result<std::unique_ptr<Store>> open_sqlite_store(const std::string& path,
                                                 const SqliteOptions& options) {
  COFFRE_TRY(start_sqlite());
  COFFRE_TRY_ASSIGN(VaultClaim claim, VaultClaim::open(path, options.patience_ms));
  COFFRE_TRY(refuse_network(claim, path, options));
  return open_claimed(std::move(claim), path, options);
}

}  // namespace coffre
