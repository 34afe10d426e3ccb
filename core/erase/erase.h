// Erasing of ordinary files: looks where a file lies, overwrites it once with random bytes, makes
// sure that they arrived, cuts and removes the file, and says what that is worth.
//
// Guarantees: nothing is overwritten but a regular file with one name, of the caller's user (or
// any, for root), reached without a symbolic link, and that is the one expected where the caller
// says which (with more names only where the caller asks for it). A file that is refused is
// untouched. After a failure or a kill the file keeps its name until its content was overwritten,
// synced and read back; the next run finishes. A verdict says "overwritten" only when the same
// blocks hold the new bytes, read past the page cache.
// Not guaranteed: what no overwrite reaches (EraseReport::uncovered); that a disk's own cache did
// not answer the read-back; against who may write to the directory: between the last comparison
// and the unlink, another file can be given the name and loses that name (never its content; it is
// noticed and reported).
// Needs none of the caller's rights raised. Threads: calls may run concurrently on different files.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/medium.h"
#include "core/base/random.h"

namespace coffre {

enum class Verdict : std::uint8_t {
  kOverwrittenInPlace,    // same blocks before and after, read back, on a rotating disk
  kOverwrittenLogically,  // the same, on flash or an unknown medium, which may write elsewhere
  kNotGuaranteed,         // overwritten and removed all the same; the reasons say what may remain
  kFailed,                // refused or interrupted; `left` says what is where
};

// Why a verdict is not better. Their words (reason_word) are stable; docs/ERASING.md explains each.
enum class Reason : std::uint8_t {
  // Not guaranteed: something may remain.
  kNetworkFileSystem,
  kFuseFileSystem,
  kMemoryFileSystem,
  kOverlayFileSystem,
  kCopyOnWrite,
  kUnknownFileSystem,
  kJournaledData,
  kJournalModeUnknown,
  kBlockLayerCopies,
  kSharedExtents,
  kCompressedExtents,
  kInlineExtents,
  kUnknownExtents,
  kNoExtentMap,
  kMovedExtents,
  kReadBackCached,
  kNothingToOverwrite,
  kFoundShorter,
  kUseUnknown,
  // Failed, and removed all the same: said by who cannot let it stay, never by erase_files().
  kNotOverwritten,
  // Failed before anything was touched.
  kNotFound,
  kMoved,
  kNotExpected,
  kPathNotPlain,
  kLinkInPath,
  kSymbolicLink,
  kHardLinks,
  kDirectory,
  kSpecialFile,
  kMountPoint,
  kForeignOwner,
  kWriteProtected,
  kImmutable,
  kReadOnlyFileSystem,
  kAccessRefused,
  kInUse,
  kNamedTwice,
  // Failed on the way.
  kSwapped,
  kChangedDuring,
  kCancelled,
  kNoSpace,
  kWriteFailed,
  kSyncFailed,
  kReadBackFailed,
  kReadBackDiffers,
  kTruncateFailed,
  kUnlinkFailed,
  kDirectorySyncFailed,
  kLimit,
  kOutOfMemory,
  kSystemRefused,
};
inline constexpr std::size_t kReasonCount =
    std::size_t{1} + static_cast<std::size_t>(Reason::kSystemRefused);

// What no overwriting of a file reaches, whatever the verdict.
enum class Uncovered : std::uint8_t {
  kBackups,           // and copies on other machines
  kSnapshots,         // of the file system, the volume or the virtual machine
  kEarlierVersions,   // that a program left when it saved, and ends that were cut off
  kOtherCopies,       // thumbnails, lists of recent documents, temporary files, the printer
  kNameAndDates,      // in the directory's blocks and the file system's journal
  kDates,             // its dates; its name only in directories where it lay before
  kMemory,            // of programs that had it open, swap, hibernation
  kJournaledContent,  // copies of the content in the file system's journal
  kSpareBlocks,       // of flash: old blocks that the device put aside
  kReplacedSectors,   // of a disk: sectors that it put aside
};

enum class Left : std::uint8_t {
  kNothing,            // the name is gone for good, or was not there
  kNameMayReturn,      // removed, but a loss of power may bring the name back, without the content
  kOverwritten,        // the content was overwritten and read back; the name is there
  kPartlyOverwritten,  // the content may be overwritten in part or in whole; the name is there
  kUntouched,
};

enum class Method : std::uint8_t {
  kNone,
  kRandomPassReadDirectly,  // one pass of random bytes, read back past the page cache
  kRandomPassReadCached,    // the same; the page cache may have answered
};

// As in struct stat.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
};

struct EraseRequest {
  // From the root, or from the working directory. A ".." or a symbolic link on the way is refused:
  // who takes paths from a person resolves the directory first (absolute_path).
  std::string path;
  // What the file has to be; without it, whatever bears the name.
  std::optional<FileIdentity> expected;
  // Bytes that it had at least: less is kFoundShorter.
  std::optional<std::uint64_t> expected_size;
  // When it was last changed (st_ctim, nanoseconds): another instant is kChangedDuring, and the
  // file is untouched.
  std::optional<std::int64_t> expected_change_ns = std::nullopt;
  // Also when another program has it open for writing: for a file that was made for that program.
  bool even_in_use = false;
  // Also when it has other names, which keep an emptied file (not-guaranteed, kHardLinks): for a
  // file that the caller made, known by `expected`.
  bool even_linked = false;
};

struct EraseReport {
  std::string path;
  Verdict verdict = Verdict::kFailed;
  std::vector<Reason> reasons;  // in the order of Reason, each once
  std::vector<Uncovered> uncovered;
  std::uint64_t size = 0;   // bytes that the file was found to have
  std::uint64_t bytes = 0;  // overwritten: whole blocks, holes left out
  // The file that it was; nullopt when none was opened.
  std::optional<FileIdentity> identity = std::nullopt;
  Method method = Method::kNone;
  Medium medium = Medium::kUnknown;
  std::string file_system;  // its type, as mounted: "ext4"
  Left left = Left::kUntouched;
  // Of the name, the file system's journal has copies, its directory none: ext4 wipes an entry that
  // is removed, and leaves copies of names only when a directory gets a second block.
  bool is_name_wiped = false;
  std::string found_as;        // kMoved: the name in the same directory that the file bears now
  std::optional<Error> error;  // kFailed: of the system, when it said one
};

struct EraseProgress {
  std::size_t files_done = 0;  // with any verdict
  std::size_t files_total = 0;
  std::uint64_t bytes_written = 0;
};

struct EraseOptions {
  // Called from threads of the work, one call at a time; must not throw.
  std::function<void(const EraseProgress&)> progress;
  // Called with a request's place once its file was overwritten and read back, before its name
  // goes; one call at a time, from threads of the work; must not throw.
  std::function<void(std::size_t)> before_removal;
  // Looked at between files and every MiB: the rest fails with kCancelled.
  std::stop_token stop;
  Random* random = nullptr;  // the system's
};

// Erases the files, in groups that share their syncs; one report a request, in order. Never fails
// as a whole and throws nothing but std::bad_alloc for the reports themselves. Uses all cores, at
// most 8; 1 MiB of buffer a core, and 40 bytes for each extent of the files of a group (at most
// 384 files; a file with more than 2^20 extents counts as without a map). A file of more than 16
// TiB is refused (kLimit).
[[nodiscard]] std::vector<EraseReport> erase_files(std::span<const EraseRequest> requests,
                                                   const EraseOptions& options = {});
// The same for one file.
[[nodiscard]] EraseReport erase_file(const EraseRequest& request, const EraseOptions& options = {});

// To be called when the journal of the file's file system was overwritten after the file was
// removed (EXT4_IOC_CHECKPOINT with zeros): takes from `uncovered` what that reaches. The verdict
// and its reasons stay.
void journal_was_zeroed(EraseReport& report);

// What erasing can be worth somewhere, before there is a file.
struct EraseForecast {
  Verdict verdict = Verdict::kNotGuaranteed;  // the best that can come; never kFailed
  std::vector<Reason> reasons;                // known beforehand, in the order of Reason
  std::vector<Uncovered> uncovered;
  Medium medium = Medium::kUnknown;
  std::string file_system;  // its type, as mounted: "ext4"
};

// The best verdict that erasing a new file in this directory can get, as its file system and medium
// are now, and what speaks against a better one. It can turn out worse, never better: not known
// beforehand are what is said of one file's blocks (shared with a snapshot, compressed, kept
// inline, moved), whether they can be read back past the memory, and what refuses or interrupts an
// erasure. Nothing is written. Links on the way are followed, as they are when a copy is made.
// Waits as long as the file system does: a network that is down may take minutes. kNotFound;
// kFailed: the directory cannot be opened for reading, without which nothing can be erased there
// either.
[[nodiscard]] Result<EraseForecast> forecast_erase(const std::string& directory);

// Stable words, for --json, the journal and the record: "overwritten-in-place", "hard-links",
// "backups", "untouched", "random-pass-read-directly".
[[nodiscard]] std::string_view verdict_word(Verdict verdict);
[[nodiscard]] std::string_view reason_word(Reason reason);
[[nodiscard]] std::string_view uncovered_word(Uncovered uncovered);
[[nodiscard]] std::string_view left_word(Left left);
[[nodiscard]] std::string_view method_word(Method method);
// The mirrors of the first two; nullopt for other words.
[[nodiscard]] std::optional<Verdict> verdict_of(std::string_view word);
[[nodiscard]] std::optional<Reason> reason_of(std::string_view word);

}  // namespace coffre
