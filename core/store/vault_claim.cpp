#include "core/store/vault_claim.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <sys/file.h>
#include <thread>

namespace coffre {
namespace {

constexpr std::size_t kHeaderSize = 100;
constexpr std::chrono::milliseconds kRetryPause{10};

// Descriptors of the files that this process has claims on: those of claims that ended stay open
// until the last claim on the file ends.
struct OpenFile {
  int claims = 0;
  std::vector<File> ended;
};
struct OpenFiles {
  std::mutex mutex;
  std::map<std::pair<dev_t, ino_t>, OpenFile> files;
};
OpenFiles& open_files() {
  static OpenFiles files;
  return files;
}

Error cannot_write(const std::string& path) {
  return {Code::kReadOnly, N_("the vault cannot be written"), path,
          N_("check the permissions of the vault and of its directory, and that the medium is not "
             "write-protected")};
}

std::uint32_t u32_at(ByteView bytes, std::size_t offset) {
  std::uint32_t value = 0;
  for (const Byte byte : bytes.subspan(offset, 4)) value = value << 8 | byte;
  return value;
}

std::unexpected<Error> not_a_vault(const std::string& path) {
  return fail(Code::kFailed, N_("the file is not a Coffre vault"), path,
              N_("choose a file that Coffre made"));
}

}  // namespace

VaultClaim::VaultClaim(File file, dev_t device, ino_t inode)
    : file_(std::move(file)), device_(device), inode_(inode) {
  OpenFiles& all = open_files();
  const std::lock_guard lock(all.mutex);
  ++all.files[{device_, inode_}].claims;
}

VaultClaim::~VaultClaim() {
  if (!file_.is_open()) return;  // moved from
  (void)os().flock(file_.fd(), LOCK_UN);
  OpenFiles& all = open_files();
  const std::lock_guard lock(all.mutex);
  const auto found = all.files.find({device_, inode_});
  COFFRE_ASSERT(found != all.files.end());
  found->second.ended.push_back(std::move(file_));
  if (--found->second.claims == 0) all.files.erase(found);
}

Result<VaultClaim> VaultClaim::open(const std::string& path, std::int64_t patience_ms) {
  // Without O_NONBLOCK a named pipe would keep us here.
  auto file = File::open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  if (!file) {
    Error error = std::move(file).error();
    struct stat found{};
    const bool there = os().lstat(path.c_str(), &found) == 0;
    const bool refused = error.code == Code::kFailed && there && !S_ISDIR(found.st_mode);
    if (error.code == Code::kReadOnly || refused) error = cannot_write(path);
    return std::unexpected(std::move(error));
  }
  struct stat found{};
  if (const int error = os().fstat(file->fd(), &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  VaultClaim claim(std::move(*file), found.st_dev, found.st_ino);
  if (!S_ISREG(found.st_mode)) return not_a_vault(path);
  if (!claim.lock_shared(patience_ms)) {
    return fail(Code::kBusy, N_("the vault is in use by another program"), path,
                N_("wait and try again"));
  }
  return claim;
}

Result<VaultClaim> VaultClaim::create(const std::string& path) {
  COFFRE_TRY_ASSIGN(File file, File::open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600));
  struct stat found{};
  if (const int error = os().fstat(file.fd(), &found); error < 0) {
    return std::unexpected(os_error(-error, path));
  }
  VaultClaim claim(std::move(file), found.st_dev, found.st_ino);
  if (!claim.lock_shared(0)) {
    return fail(Code::kFailed, N_("the new file could not be locked"), path,
                N_("choose a directory on a local disk"));
  }
  return claim;
}

Status VaultClaim::check_header(const std::string& path) const {
  std::array<Byte, kHeaderSize> header{};
  std::size_t have = 0;
  while (have < header.size()) {
    const ssize_t got = os().pread(file_.fd(), header.data() + have, header.size() - have,
                                   static_cast<off_t>(have));
    if (got < 0) return std::unexpected(os_error(static_cast<int>(-got), path));
    if (got == 0) return not_a_vault(path);
    have += static_cast<std::size_t>(got);
  }
  // https://www.sqlite.org/fileformat2.html#the_database_header
  constexpr std::string_view kMagic{"SQLite format 3\0", 16};
  const bool vault = as_text(header).starts_with(kMagic) &&
                     u32_at(header, 68) == std::uint32_t{kVaultApplicationId};
  if (!vault) return not_a_vault(path);
  const auto version = static_cast<std::int32_t>(u32_at(header, 60));
  if (version > kVaultFormatVersion) {
    return fail(Code::kUnsupported, N_("the vault was made by a newer version"), path,
                N_("install the newest Coffre on this workstation"));
  }
  const bool page_size_fits = (header[16] << 8 | header[17]) == kVaultPageSize;
  const bool rollback_mode = header[18] == 1 && header[19] == 1;
  if (version != kVaultFormatVersion || !page_size_fits || !rollback_mode) {
    return fail(Code::kDamaged, N_("the vault's structure was changed"), path,
                N_("restore the vault from a backup"));
  }
  return {};
}

bool VaultClaim::is_at(const std::string& path) const {
  struct stat found{};
  return os().lstat(path.c_str(), &found) == 0 && found.st_dev == device_ && found.st_ino == inode_;
}

bool VaultClaim::lock_shared(std::int64_t patience_ms) {
  const auto deadline = std::chrono::steady_clock::now() +
                        std::chrono::milliseconds(std::max<std::int64_t>(patience_ms, 0));
  while (true) {
    held_ = os().flock(file_.fd(), LOCK_SH | LOCK_NB) == 0;
    if (held_ || std::chrono::steady_clock::now() >= deadline) return held_;
    std::this_thread::sleep_for(kRetryPause);
  }
}

bool VaultClaim::try_exclusive(std::int64_t patience_ms) {
  if (os().flock(file_.fd(), LOCK_EX | LOCK_NB) == 0) {
    held_ = true;
    return true;
  }
  // flock(2): the shared lock is gone after a failed conversion.
  share(patience_ms);
  return false;
}

void VaultClaim::share(std::int64_t patience_ms) { (void)lock_shared(patience_ms); }

}  // namespace coffre
