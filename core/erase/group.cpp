#include "core/erase/group.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <new>

#include "core/base/parallel.h"
#include "core/erase/worth.h"

namespace coffre::erase {
namespace {

// They wait for the disk more than for a core: measured, 4 on two cores take 0.85 of the time of 2.
constexpr std::size_t kThreadsMin = 4;
constexpr std::size_t kThreadsMax = 8;
constexpr std::size_t kAlignment = 4096;
// Files from this size on are written past the page cache, which would only copy them; smaller
// ones through it, because the kernel then sends many of them to the disk together.
constexpr std::uint64_t kDirectMin = std::uint64_t{1} << 20;
// Up to so many files are synced one by one: syncing all of a file system may take long when other
// programs write.
constexpr std::size_t kSyncedSingly = 4;
// The largest file of ext4. More is what somebody says who keeps no bytes.
constexpr std::uint64_t kFileMax = std::uint64_t{1} << 44;

// Writes all of `bytes`; a positive errno, or 0. Turns direct writing off where it is refused.
int write_fully(int fd, ByteView bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t put = os().pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put == -EINVAL) {
      // Direct writing wants whole blocks; a second refusal has another reason.
      if (os().set_direct(fd, false) < 0) return EINVAL;
      const ssize_t again = os().pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (again <= 0) return again < 0 ? static_cast<int>(-again) : EIO;
      bytes = bytes.subspan(static_cast<std::size_t>(again));
      offset += static_cast<std::uint64_t>(again);
      continue;
    }
    if (put <= 0) return put < 0 ? static_cast<int>(-put) : EIO;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
    offset += static_cast<std::uint64_t>(put);
  }
  return 0;
}

// Reads until `wanted` bytes are there or the file ends; the bytes read, or -errno. The buffer is
// filled in whole blocks, as direct reading wants it.
ssize_t read_fully(int fd, MutableByteView buffer, std::size_t wanted, std::uint64_t offset) {
  std::size_t have = 0;
  while (have < wanted) {
    const ssize_t got = os().pread(fd, buffer.data() + have, buffer.size() - have,
                                   static_cast<off_t>(offset + have));
    if (got < 0) return got;
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(have);
}

// See EraseReport::is_name_wiped. An ext4 directory never becomes smaller while it is mounted.
bool leaves_no_name(const Directory& directory) {
  struct stat found{};
  return directory.file_system.type == "ext4" && os().fstat(directory.file.fd(), &found) == 0 &&
         static_cast<std::uint64_t>(found.st_size) == directory.file_system.block_size;
}

// Compared with itself one byte further on: memcmp takes many bytes at a time, a loop that may end
// at each of them does not.
bool is_all_zero(ByteView bytes) {
  return bytes.empty() ||
         (bytes.front() == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

bool not_offered(int error) { return error == -EINVAL || error == -ENOSYS || error == -EOPNOTSUPP; }

}  // namespace

Run::Run(const EraseOptions& options, std::size_t files, Keystream keystream)
    : options_(options),
      keystream_(std::move(keystream)),
      threads_(std::clamp(worker_count(), kThreadsMin, kThreadsMax)) {
  progress_.files_total = files;
}

Status Run::allocate() {
  try {
    memory_.resize(threads_ * kBufferSize + kAlignment);
    void* start = memory_.data();
    std::size_t room = memory_.size();
    auto* first = static_cast<Byte*>(std::align(kAlignment, threads_ * kBufferSize, start, room));
    COFFRE_ASSERT(first != nullptr);
    for (std::size_t i = 0; i < threads_; ++i)
      free_.emplace_back(first + i * kBufferSize, kBufferSize);
    return {};
  } catch (const std::bad_alloc&) {
    return coffre::fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

void Run::wrote(std::uint64_t bytes) {
  const std::lock_guard guard(mutex_);
  progress_.bytes_written += bytes;
  if (options_.progress) options_.progress(progress_);
}

void Run::removing(std::uint64_t place) {
  const std::lock_guard guard(mutex_);
  if (options_.before_removal) options_.before_removal(static_cast<std::size_t>(place));
}

void Run::finished() {
  const std::lock_guard guard(mutex_);
  ++progress_.files_done;
  if (options_.progress) options_.progress(progress_);
}

Run::Buffer::Buffer(Run& run) : run_(run) {
  const std::lock_guard guard(run_.mutex_);
  COFFRE_ASSERT(!run_.free_.empty());
  bytes_ = run_.free_.back();
  run_.free_.pop_back();
}

Run::Buffer::~Buffer() {
  const std::lock_guard guard(run_.mutex_);
  run_.free_.push_back(bytes_);
}

void refuse_report(EraseReport& report, Refusal refusal) {
  report.verdict = Verdict::kFailed;
  // Only what ended it: what would have been said of a success is of no use beside it.
  report.reasons = {refusal.reason};
  report.error = std::move(refusal.error);
  report.found_as = std::move(refusal.found_as);
  if (refusal.reason == Reason::kNotFound) report.left = Left::kNothing;
}

void Group::fail(Job& job, Refusal refusal) {
  const std::lock_guard guard(mutex_);
  if (job.failed.exchange(true)) return;
  refuse_report(*job.report, std::move(refusal));
  if (job.unlinked) {
    job.report->left = Left::kNameMayReturn;
  } else if (job.verified) {
    job.report->left = Left::kOverwritten;
  } else if (job.begun) {
    job.report->left = Left::kPartlyOverwritten;
  }
}

void Group::add_reason(Job& job, Reason reason) {
  const std::lock_guard guard(mutex_);
  if (!job.failed) job.report->reasons.push_back(reason);
}

void Group::for_each_job(void (Group::*step)(Job&)) {
  // A step fails its job, not the others.
  const Status done = parallel_for(jobs_.size(), run_.threads(), [&](std::size_t i) -> Status {
    Job& job = *jobs_[i];
    try {
      if (!job.failed) (this->*step)(job);
    } catch (const std::bad_alloc&) {
      fail(job, {Reason::kOutOfMemory});
    }
    return {};
  });
  COFFRE_ASSERT(done.has_value());
}

std::vector<Group::Span> Group::spans() const {
  std::vector<Span> spans;
  std::uint64_t count = 0;
  for (const auto& job : jobs_) {
    if (job->failed) continue;
    for (const Range& range : job->ranges) {
      spans.push_back({.job = job.get(), .range = range, .first = count});
      count += (range.end - range.begin + Run::kBufferSize - 1) / Run::kBufferSize;
    }
  }
  spans.push_back({.job = nullptr, .range = {}, .first = count});
  return spans;
}

void Group::for_each_piece(void (Group::*step)(const Piece&)) {
  // Pieces are counted, never listed: what a file system says of a size takes no memory.
  const std::vector<Span> all = spans();
  const Status done =
      parallel_for(all.back().first, run_.threads(), [&](std::size_t number) -> Status {
        const auto after = std::ranges::upper_bound(all, number, {}, &Span::first);
        const Span& span = *std::prev(after);
        Job& job = *span.job;
        if (job.failed) return {};
        const std::uint64_t at = span.range.begin + (number - span.first) * Run::kBufferSize;
        const std::uint64_t left = span.range.end - at;
        if (run_.stopped()) {
          fail(job, {Reason::kCancelled});
        } else {
          (this->*step)(
              {.job = &job, .offset = at, .size = std::min<std::uint64_t>(Run::kBufferSize, left)});
        }
        return {};
      });
  COFFRE_ASSERT(done.has_value());
}

void Group::erase() {
  try {
    for_each_job(&Group::prepare);
    for_each_piece(&Group::write);
    for_each_job(&Group::write_back);
    sync();
    for_each_job(&Group::compare);
    for_each_job(&Group::start_reading);
    for_each_piece(&Group::read_back);
    for_each_job(&Group::remove);
    sync_directories();
  } catch (const std::bad_alloc&) {
    for (const auto& job : jobs_) fail(*job, {Reason::kOutOfMemory});
  }
  for (const auto& job : jobs_) {
    conclude(*job);
    run_.finished();
  }
}

void Group::prepare(Job& job) {
  if (run_.stopped()) return fail(job, {Reason::kCancelled});
  EraseReport& report = *job.report;
  const FileSystem& file_system = job.directory->file_system;
  report.file_system = file_system.type;
  report.medium = file_system.medium;
  auto target = open_target(*job.directory, job.name, *job.request);
  if (!target) return fail(job, std::move(target).error());
  job.target = std::move(*target);
  report.size = static_cast<std::uint64_t>(job.target.found.st_size);
  report.identity = {.device = job.target.found.st_dev, .inode = job.target.found.st_ino};
  report.reasons = file_system.reasons;
  report.reasons.insert(report.reasons.end(), job.target.reasons.begin(), job.target.reasons.end());
  if (file_system.copies_unless_marked && !job.target.flags.no_copy_on_write) {
    report.reasons.push_back(Reason::kCopyOnWrite);
  }
  if (job.target.flags.journaled_data) report.reasons.push_back(Reason::kJournaledData);
  if (report.size < job.request->expected_size.value_or(0)) {
    report.reasons.push_back(Reason::kFoundShorter);
  }
  const std::string& path = report.path;
  auto map = read_map(job.target.file.fd());
  if (!map) return fail(job, refusal_of(map.error(), path, Reason::kSystemRefused));
  job.map = std::move(*map);
  const std::vector<Reason> reasons = map_reasons(job.map);
  report.reasons.insert(report.reasons.end(), reasons.begin(), reasons.end());
  auto ranges = ranges_of(job.target.file.fd(), job.map, report.size, file_system.block_size);
  if (!ranges) return fail(job, refusal_of(ranges.error(), path, Reason::kSystemRefused));
  job.ranges = std::move(*ranges);
  if (job.ranges.empty()) {
    report.reasons.push_back(Reason::kNothingToOverwrite);
  } else if (job.ranges.back().end > kFileMax) {
    return fail(job, {Reason::kLimit});
  }
  // Where it is refused, the writes go through the page cache.
  if (report.size >= kDirectMin) (void)os().set_direct(job.target.file.fd(), true);
}

void Group::write(const Piece& piece) {
  Job& job = *piece.job;
  const Run::Buffer buffer(run_);
  const MutableByteView bytes = buffer.bytes().first(piece.size);
  std::ranges::fill(bytes, Byte{0});
  if (const Status made = run_.keystream().apply(job.stream, piece.offset, bytes); !made) {
    return fail(job, {Reason::kOutOfMemory, made.error()});
  }
  job.begun = true;
  if (const int error = write_fully(job.target.file.fd(), bytes, piece.offset); error != 0) {
    return fail(job, refusal_of(error, job.report->path, Reason::kWriteFailed));
  }
  run_.wrote(piece.size);
  const std::lock_guard guard(mutex_);
  job.report->bytes += piece.size;
}

void Group::write_back(Job& job) {
  const int error = os().write_back(job.target.file.fd());
  if (error < 0 && !not_offered(error)) {
    fail(job, refusal_of(-error, job.report->path, Reason::kSyncFailed));
  }
}

void Group::sync() {
  std::map<dev_t, std::vector<Job*>> by_device;
  for (const auto& job : jobs_) {
    if (!job->failed) by_device[job->target.found.st_dev].push_back(job.get());
  }
  for (const auto& [device, jobs] : by_device) {
    if (jobs.size() > kSyncedSingly && os().syncfs(jobs.front()->target.file.fd()) == 0) continue;
    for (Job* job : jobs) {
      if (const int error = os().fsync(job->target.file.fd()); error < 0) {
        fail(*job, refusal_of(-error, job->report->path, Reason::kSyncFailed));
      }
    }
  }
}

void Group::compare(Job& job) {
  if (!job.map.known) return;
  const auto map = read_map(job.target.file.fd());
  if (!map) return fail(job, refusal_of(map.error(), job.report->path, Reason::kSystemRefused));
  for (const Reason reason : map_reasons(*map)) add_reason(job, reason);
  const std::uint64_t end = job.ranges.empty() ? 0 : job.ranges.back().end;
  if (!same_blocks(job.map, *map, end)) add_reason(job, Reason::kMovedExtents);
}

void Group::start_reading(Job& job) {
  if (os().set_direct(job.target.file.fd(), true) == 0) return;
  job.cached = true;
  (void)os().drop_cache(job.target.file.fd());
}

void Group::read_back(const Piece& piece) {
  Job& job = *piece.job;
  const int fd = job.target.file.fd();
  const Run::Buffer buffer(run_);
  const std::size_t blocks = (piece.size + kAlignment - 1) / kAlignment * kAlignment;
  const MutableByteView room = buffer.bytes().first(blocks);
  ssize_t got = read_fully(fd, room, piece.size, piece.offset);
  if (got == -EINVAL && !job.cached.exchange(true)) {
    (void)os().set_direct(fd, false);
    (void)os().drop_cache(fd);
  }
  if (got == -EINVAL) got = read_fully(fd, room, piece.size, piece.offset);
  if (got < 0) {
    return fail(job, refusal_of(static_cast<int>(-got), job.report->path, Reason::kReadBackFailed));
  }
  const MutableByteView bytes = room.first(piece.size);
  if (static_cast<std::size_t>(got) >= piece.size) {
    if (const Status made = run_.keystream().apply(job.stream, piece.offset, bytes); !made) {
      return fail(job, {Reason::kOutOfMemory, made.error()});
    }
    if (is_all_zero(bytes)) return;
  }
  fail(job, {Reason::kReadBackDiffers});
}

void Group::remove(Job& job) {
  if (run_.stopped()) return fail(job, {Reason::kCancelled});
  // All pieces were compared, or the job had failed.
  job.verified = !job.ranges.empty();
  const int fd = job.target.file.fd();
  const int directory = job.directory->file.fd();
  const std::string& path = job.report->path;
  if (job.verified) {
    job.report->method =
        job.cached ? Method::kRandomPassReadCached : Method::kRandomPassReadDirectly;
    if (job.cached) add_reason(job, Reason::kReadBackCached);
  }
  if (auto same = compare_name(*job.directory, job.name, job.target); !same) {
    return fail(job, std::move(same).error());
  }
  run_.removing(job.stream);
  if (const int error = os().ftruncate(fd, 0); error < 0) {
    return fail(job, refusal_of(-error, path, Reason::kTruncateFailed));
  }
  if (auto same = compare_name(*job.directory, job.name, job.target); !same) {
    return fail(job, std::move(same).error());
  }
  if (const int error = os().unlinkat(directory, job.name.c_str()); error < 0) {
    return fail(job, refusal_of(-error, path, Reason::kUnlinkFailed));
  }
  struct stat after{};
  if (const int error = os().fstat(fd, &after); error < 0) {
    job.unlinked = true;
    return fail(job, refusal_of(-error, path, Reason::kSystemRefused));
  }
  // Another file had taken the name at the last moment: ours has one still, somewhere.
  if (after.st_nlink != 0 && !job.target.may_be_linked) return fail(job, {Reason::kSwapped});
  if (after.st_nlink != 0) add_reason(job, Reason::kHardLinks);
  job.unlinked = true;
  job.report->is_name_wiped = leaves_no_name(*job.directory);
}

void Group::sync_directories() {
  std::map<const Directory*, std::vector<Job*>> by_directory;
  for (const auto& job : jobs_) {
    // One that failed after its unlink says that its name may return, and need not.
    if (job->unlinked) by_directory[job->directory.get()].push_back(job.get());
  }
  for (const auto& [directory, jobs] : by_directory) {
    int error = os().fsync(directory->file.fd());
    if (not_offered(error)) error = os().syncfs(directory->file.fd());
    if (error >= 0) continue;
    for (Job* job : jobs) {
      fail(*job, refusal_of(-error, job->report->path, Reason::kDirectorySyncFailed));
    }
  }
}

void Group::conclude(Job& job) {
  EraseReport& report = *job.report;
  if (!job.failed) {
    report.left = Left::kNothing;
    sort_reasons(report.reasons);
    report.verdict = verdict_of(report.reasons, report.medium);
  }
  report.uncovered = uncovered_of(report.reasons, report.medium);
  job.target.file = File();
}

}  // namespace coffre::erase
