// OpenedDocuments: the documents of this session that are open in other programs.
//
// Guarantees: a copy lies in a private directory, in memory unless the person agreed to the disk,
// and is known to the export ledger. What is saved there becomes a new version within kStableMs or
// so, and can be taken back. A copy is erased when the program has closed it (as far as that can be
// seen), when the person says so, at the lock and at the end; by the next sweep when the program
// is killed. What was saved and not stored yet when a lock came is sealed to its owner, and stored
// after that person's next unlock (at most kKeptMax bytes of one document; not beyond the end of
// the program). Not covered: what the other program keeps in its memory or elsewhere. Threads: UI
// thread only.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/common/opened_file.h"
#include "app/desktop/ui_core/export_keeper.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

// What leaves the program; tests put others in their place.
struct OpenCalls {
  std::function<std::optional<std::string>()> directory = opened_directory;
  std::function<Result<Process>(const std::string& path)> start = open_on_desktop;
  std::function<bool(const std::string& directory)> is_used = is_in_use;  // any thread
};

class OpenedDocuments {
 public:
  static constexpr std::int64_t kLookMs = 1'000;
  static constexpr std::int64_t kStableMs = 1'000;  // what still changes is being written
  static constexpr std::int64_t kUseLookMs = 5'000;
  static constexpr std::int64_t kRetryMs = 10'000;
  static constexpr std::size_t kKeptMax = std::size_t{64} << 20;

  struct Parts {
    Clock& clock;
    Jobs& jobs;
    VaultHost& vault;
    Toasts& toasts;
    ExportKeeper& exports;
    std::string state_directory;
    OpenCalls calls = {};
  };
  explicit OpenedDocuments(Parts parts) : parts_(std::move(parts)) {}
  OpenedDocuments(const OpenedDocuments&) = delete;
  OpenedDocuments& operator=(const OpenedDocuments&) = delete;

  // ---- For screens
  struct Wish {
    Document document;
    std::string reason;
    bool on_disk = false;  // the person agreed
  };
  // Where there is none, the disk is asked for.
  [[nodiscard]] bool has_memory() const { return parts_.calls.directory().has_value(); }
  // `done` gets an error of the copy, or of the other program's start.
  void open(Wish wish, std::function<void(const Status&)> done);
  [[nodiscard]] bool is_open(const Id& document) const;
  // Whether what is saved can be kept: the account's rights.
  [[nodiscard]] bool may_change(const Document& document) const;
  // Stores what was saved, then erases the copy.
  void close(const Id& document);
  // Called with the record of each document that got a new version here, or its old one back.
  void on_stored(std::function<void(const Document&)> listener) { stored_ = std::move(listener); }

  // ---- In the App's loop
  bool tick();  // true: something that is shown is another
  [[nodiscard]] std::int64_t next_ms() const;
  void begin_session(const Hash& vault, const Id& owner);
  // Before the ExportKeeper's, which erases what is not looked after any more.
  void end_session(const Hash& vault, const Id& owner);
  // The program ends while somebody is unlocked: what was saved is stored before that.
  void store_all();

 private:
  struct Opened {
    Document document;
    ExportCopy copy;
    Process process;
    std::optional<FileMark> seen;
    std::optional<std::int64_t> changed_ms;  // steady: not stored since
    std::int64_t retry_ms = 0;
    bool may_change = false;
    bool is_storing = false;
    bool is_closing = false;
    bool is_unfit = false;  // what was saved last cannot be a version; it was said
    bool was_used = false;
    int looks_unused = 0;
  };
  // Sealed to who saved it.
  struct Kept {
    Hash vault;
    Id owner;
    Id document;
    Id compartment;
    Bytes sealed;
  };
  struct KeptList {
    std::mutex mutex;
    std::vector<Kept> kept;
  };

  [[nodiscard]] Opened* find(const Id& document);
  void begun(OpenedCopy made, const std::function<void(const Status&)>& done);
  void look(Opened& opened);
  void look_at_use();
  void store(Opened& opened);
  void stored(const Id& document, const Result<std::optional<Document>>& result);
  void take_back(const Id& document);
  void erase(const Id& document);
  void keep(const Opened& opened, const Hash& vault, const Id& owner);

  Parts parts_;
  std::vector<std::unique_ptr<Opened>> opened_;
  std::function<void(const Document&)> stored_;
  std::shared_ptr<KeptList> kept_ = std::make_shared<KeptList>();
  std::int64_t looked_ms_ = 0;
  std::int64_t used_ms_ = 0;
  bool is_looking_at_use_ = false;
  bool is_other_ = false;
};

}  // namespace coffre::ui
