// ImportRun: files into the vault, in groups, with one result for each file.
//
// Guarantees: every file that was given has a result in the end: stored, or why not. Files are
// stored in groups of at most kGroupMax, so that other questions to the vault get their turn; what
// was stored stays stored when the rest is cancelled, fails, or the vault locks. Originals that are
// to be destroyed are so group by group, each after its stored copy was read back; a cancel or a
// lock leaves those that were not reached. A cancel takes
// effect within a file too. files() is right at any moment; after a lock a group that was under way
// may still end in the vault, so that the rest is asked for by unstored() once it has. Threads: UI
// thread only, but what the vault's thread writes is under a lock, and what unstored() gives runs
// on any.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

// What all files of one import have in common.
struct ImportOrder {
  std::optional<Id> patient;
  Id compartment;
  std::string type;
  std::string date;                  // YYYY-MM-DD
  std::optional<std::string> title;  // otherwise each file's name
  bool destroy_originals = false;    // each once its document was read back
};

struct ImportedFile {
  enum class State : unsigned char { kWaiting, kStored, kFailed, kCancelled };
  std::string path;
  State state = State::kWaiting;
  std::optional<Error> error;
  std::optional<Id> document;
  std::optional<EraseReport> original =
      {};  // what became of a stored file that was to be destroyed
  std::optional<std::uint64_t> original_entry = {};  // JournalLine::sequence of that
};

class ImportRun {
 public:
  static constexpr std::size_t kGroupMax = 8;

  // `finished` runs once, when the last group is done or the run was stopped.
  ImportRun(Services& services, std::function<void()> finished)
      : services_(services), finished_(std::move(finished)) {}
  ~ImportRun();
  ImportRun(const ImportRun&) = delete;
  ImportRun& operator=(const ImportRun&) = delete;

  void start(ImportOrder order, const std::vector<std::string>& paths);
  void cancel();
  [[nodiscard]] bool is_running() const { return running_; }
  [[nodiscard]] std::vector<ImportedFile> files() const;
  // The paths of what is not in the vault when it is called, then or later, though the run be gone;
  // nullopt: not even found yet.
  using Unstored = std::function<std::optional<std::vector<std::string>>()>;
  [[nodiscard]] Unstored unstored() const;
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] std::size_t count_of(ImportedFile::State state) const;
  [[nodiscard]] const ImportOrder& order() const { return order_; }

 private:
  // What the vault's thread works on; it may outlive the run.
  struct Work {
    mutable std::mutex mutex;
    std::vector<ImportedFile> files;  // under the mutex
    std::atomic<bool> cancelled{false};
  };
  class WatchedFile;
  class Group;

  void next_group();
  void group_done(std::size_t begin, std::size_t end, const Status& status);
  void stop_rest(const std::optional<Error>& error);

  Services& services_;
  std::function<void()> finished_;
  ImportOrder order_;
  std::shared_ptr<Work> work_ = std::make_shared<Work>();
  std::size_t next_ = 0;
  bool running_ = false;
  Alive alive_;
};

}  // namespace coffre::ui
