#include "app/common/opened_file.h"

#include <cstdlib>
#include <unistd.h>

#include "app/common/sources.h"
#include "core/base/secret.h"
#include "core/vault/opened_place.h"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX declares it nowhere

namespace coffre {
namespace {

constexpr std::size_t kReadAtOnce = std::size_t{1} << 20;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
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
    const std::string found = path.substr(0, end) + "/" + name;
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

std::optional<FileMark> mark_of(const std::string& path) {
  struct stat found{};
  if (os().lstat(path.c_str(), &found) < 0 || !S_ISREG(found.st_mode)) {
    return std::nullopt;
  }
  return FileMark{found.st_ino, static_cast<std::uint64_t>(found.st_size), ns_of(found.st_mtim),
                  ns_of(found.st_ctim)};
}

Result<std::optional<Hash>> store_changes(Vault& vault, const Document& document,
                                          const std::string& path) {
  COFFRE_TRY_ASSIGN(const Hash hash, hash_of(path));
  if (hash == document.content_sha256) {
    return std::nullopt;
  }
  Status stored;
  bool is_given = false;
  const auto next = [&]() -> std::optional<Result<NewDocument>> {
    if (std::exchange(is_given, true)) {
      return std::nullopt;
    }
    Result<std::unique_ptr<FileSource>> source = FileSource::open(path);
    if (!source) {
      return std::unexpected(std::move(source).error());
    }
    NewDocument made;
    made.compartment = document.compartment;
    made.version_of = document.id;
    made.mime = (*source)->mime();
    made.content = *std::move(source);
    return Result<NewDocument>(std::move(made));
  };
  COFFRE_TRY(vault.import(next, [&](std::size_t, const Result<Id>& id) {
    if (!id) {
      stored = std::unexpected<Error>(id.error());
    }
  }));
  COFFRE_TRY(stored);
  return hash;
}

}  // namespace coffre
