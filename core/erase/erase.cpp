#include "core/erase/erase.h"

#include <map>
#include <new>
#include <set>

#include "core/erase/group.h"

namespace coffre {
namespace {

// A group holds so many files open at most: a process may usually have 1,024.
constexpr std::size_t kGroupFiles = 384;
constexpr std::size_t kGroupDirectories = 256;
// What a kill makes the next run do again.
constexpr std::uint64_t kGroupBytes = std::uint64_t{1} << 30;

// Fills groups with requests, in order, and erases each when it is full.
class Eraser {
 public:
  Eraser(erase::Run& run, const EraseOptions& options) : run_(run), options_(options) {}

  void add(const EraseRequest& request, std::size_t place, EraseReport& report) {
    erase::Accepted<void> accepted;
    try {
      accepted = accept(request, place, report);
    } catch (const std::bad_alloc&) {
      accepted = std::unexpected(erase::Refusal{Reason::kOutOfMemory});
    }
    if (!accepted) {
      erase::refuse_report(report, std::move(accepted).error());
      run_.finished();
    }
    if (group_->size() >= kGroupFiles || bytes_ >= kGroupBytes ||
        directories_.size() >= kGroupDirectories) {
      finish();
    }
  }

  void finish() {
    group_->erase();
    group_ = std::make_unique<erase::Group>(run_);
    directories_.clear();
    seen_.clear();
    bytes_ = 0;
  }

 private:
  erase::Accepted<void> accept(const EraseRequest& request, std::size_t place,
                               EraseReport& report) {
    using erase::Refusal;
    if (options_.stop.stop_requested()) return std::unexpected(Refusal{Reason::kCancelled});
    auto split = erase::split_path(request.path);
    if (!split) return std::unexpected(std::move(split).error());
    auto directory = directory_of(*split);
    if (!directory) return std::unexpected(std::move(directory).error());
    // A guess, to fill the group; what is opened is looked at again.
    struct stat found{};
    if (os().fstatat((*directory)->file.fd(), split->name.c_str(), &found) == 0) {
      if (S_ISREG(found.st_mode) && found.st_nlink == 1 &&
          !seen_.insert({found.st_dev, found.st_ino}).second) {
        return std::unexpected(Refusal{Reason::kNamedTwice});
      }
      bytes_ += static_cast<std::uint64_t>(found.st_blocks) * 512;
    }
    auto job = std::make_unique<erase::Job>();
    job->request = &request;
    job->report = &report;
    job->directory = *std::move(directory);
    job->name = std::move(split->name);
    job->stream = place;
    group_->add(std::move(job));
    return {};
  }

  erase::Accepted<std::shared_ptr<const erase::Directory>> directory_of(
      const erase::SplitPath& path) {
    std::string key = path.key();
    const auto known = directories_.find(key);
    if (known != directories_.end()) return known->second;
    auto opened = erase::open_directory(path);
    if (opened) directories_.emplace(std::move(key), *opened);
    return opened;
  }

  erase::Run& run_;
  const EraseOptions& options_;
  std::unique_ptr<erase::Group> group_ = std::make_unique<erase::Group>(run_);
  std::map<std::string, std::shared_ptr<const erase::Directory>, std::less<>> directories_;
  std::set<std::pair<dev_t, ino_t>> seen_;
  std::uint64_t bytes_ = 0;
};

// Nothing was begun: every file is as it was.
void refuse_all(std::span<EraseReport> reports, const Error& error) {
  const Reason reason =
      error.code == Code::kOutOfMemory ? Reason::kOutOfMemory : Reason::kSystemRefused;
  for (EraseReport& report : reports) erase::refuse_report(report, {reason, error});
}

}  // namespace

std::vector<EraseReport> erase_files(std::span<const EraseRequest> requests,
                                     const EraseOptions& options) {
  std::vector<EraseReport> reports(requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) reports[i].path = requests[i].path;
  auto keystream = Keystream::create(options.random == nullptr ? system_random() : *options.random);
  if (!keystream) {
    refuse_all(reports, keystream.error());
    return reports;
  }
  erase::Run run(options, requests.size(), *std::move(keystream));
  if (const Status allocated = run.allocate(); !allocated) {
    refuse_all(reports, allocated.error());
    return reports;
  }
  Eraser eraser(run, options);
  for (std::size_t i = 0; i < requests.size(); ++i) eraser.add(requests[i], i, reports[i]);
  eraser.finish();
  return reports;
}

EraseReport erase_file(const EraseRequest& request, const EraseOptions& options) {
  return std::move(erase_files({&request, 1}, options).front());
}

}  // namespace coffre
