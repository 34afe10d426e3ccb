#include "app/common/opened_file.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

#include "app/common/sources.h"
#include "core/base/secret.h"
#include "core/vault/content.h"
#include "core/vault/opened_place.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace coffre {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadAtOnce = std::size_t{1} << 20;
// No program leaves so many in a document: a file of them only takes time to be read.
constexpr std::uint64_t kHolesMax = std::uint64_t{4} << 30;
constexpr std::uint64_t kStatBlock = 512;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Whether a link that the kernel keeps of a process leads below `directory` (which ends in a
// slash), or to it. Processes of others cannot be looked at.
bool leads_below(const fs::path& link, std::string_view directory) {
  std::error_code failed;
  const std::string target = fs::read_symlink(link, failed).string() + "/";
  return !failed && target.starts_with(directory);
}

bool uses(const fs::path& process, std::string_view directory) {
  if (leads_below(process / "cwd", directory)) {
    return true;
  }
  std::error_code ignored;
  for (const char* const kind : {"fd", "map_files"}) {
    // Its end is reached at once where it may not be read.
    for (fs::directory_iterator at(process / kind, ignored), end; at != end;
         at.increment(ignored)) {
      if (leads_below(at->path(), directory)) {
        return true;
      }
    }
  }
  return false;
}

Result<Hash> hash_of(const std::string& path) {
  COFFRE_TRY_ASSIGN(const std::unique_ptr<FileSource> source, FileSource::open(path));
  Sha256 hash;
  WipedBytes bytes(std::min<std::uint64_t>(source->size(), kReadAtOnce));
  for (std::uint64_t left = source->size(); left != 0;) {
    const MutableByteView some =
        MutableByteView(bytes).first(std::min<std::uint64_t>(left, bytes.size()));
    COFFRE_TRY(source->read(some));
    hash.update(some);
    left -= some.size();
  }
  COFFRE_TRY(source->finish());
  return hash.finish();
}

}  // namespace

std::optional<std::string> opened_directory() {
  return memory_directory({variable("XDG_RUNTIME_DIR"), "/dev/shm"});
}

Result<std::string> find_program(const std::string& name) {
  std::string path = variable("PATH");
  if (name.find('/') != std::string::npos) {
    COFFRE_TRY_ASSIGN(path, absolute_path(name));
    if (is_executable(path)) {
      return path;
    }
    path.clear();
  }
  while (!path.empty()) {
    const std::size_t end = std::min(path.find(':'), path.size());
    std::string found = path.substr(0, end) + "/" + name;
    // Only what is named from the root: the program starts in another directory.
    if (found.starts_with('/') && is_executable(found)) {
      return found;
    }
    path.erase(0, end + 1);
  }
  return fail(Code::kNotFound, N_("there is no such program"), name,
              N_("install it, or name another one"));
}

Result<Process> start_program(const std::string& program, const std::string& path) {
  SpawnOptions options;
  options.program = program;
  options.arguments = {path};
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view entry = *each;
    if (!entry.starts_with("COFFRE")) {
      options.environment.emplace_back(entry);
    }
  }
  return Process::spawn(options);
}

Result<Process> open_on_desktop(const std::string& path) {
  COFFRE_TRY_ASSIGN(const std::string program, find_program(kDesktopOpener));
  return start_program(program, path);
}

std::optional<FileMark> mark_of(const std::string& path) {
  struct stat found{};
  if (os().lstat(path.c_str(), &found) < 0 || !S_ISREG(found.st_mode)) {
    return std::nullopt;
  }
  return FileMark{found.st_ino, static_cast<std::uint64_t>(found.st_size), ns_of(found.st_mtim),
                  ns_of(found.st_ctim)};
}

bool is_in_use(const std::string& directory) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".~lock.") && name.ends_with("#")) {
      return true;
    }
  }
  const std::string self = std::to_string(::getpid());
  for (const auto& process : fs::directory_iterator("/proc", ignored)) {
    const std::string number = process.path().filename().string();
    const bool is_process = number.find_first_not_of("0123456789") == std::string::npos;
    if (is_process && number != self && uses(process.path(), directory + "/")) {
      return true;
    }
  }
  return false;
}

Status store_version(Vault& vault, const Id& document, const Id& compartment,
                     std::unique_ptr<ContentSource> content, const char* mime) {
  Status stored;
  const auto next = [&]() -> std::optional<Result<NewDocument>> {
    if (!content) {
      return std::nullopt;
    }
    NewDocument made;
    made.compartment = compartment;
    made.version_of = document;
    made.mime = mime;
    made.content = std::move(content);
    return Result<NewDocument>(std::move(made));
  };
  COFFRE_TRY(vault.import(next, [&](std::size_t, const Result<Id>& id) {
    if (!id) {
      stored = std::unexpected<Error>(id.error());
    }
  }));
  return stored;
}

Status check_saved(const std::string& path) {
  struct stat found{};
  if (os().lstat(path.c_str(), &found) < 0 || !S_ISREG(found.st_mode)) {
    return {};
  }
  const auto size = static_cast<std::uint64_t>(found.st_size);
  const std::uint64_t room = static_cast<std::uint64_t>(found.st_blocks) * kStatBlock;
  if (size == 0) {
    return fail(Code::kFailed, N_("the file is empty"), path, N_("there is nothing to store"));
  }
  if (size > kContentSizeMax || (size > room && size - room > kHolesMax)) {
    return fail(Code::kLimit, N_("the file is too large for a document"), path);
  }
  return {};
}

Result<std::optional<Hash>> store_changes(Vault& vault, const Document& document,
                                          const std::string& path) {
  COFFRE_TRY(check_saved(path));
  COFFRE_TRY_ASSIGN(const Hash hash, hash_of(path));
  if (hash == document.content_sha256) {
    return std::nullopt;
  }
  COFFRE_TRY_ASSIGN(std::unique_ptr<FileSource> source, FileSource::open(path));
  const char* const mime = source->mime();
  COFFRE_TRY(store_version(vault, document.id, document.compartment, std::move(source), mime));
  return hash;
}

}  // namespace coffre
