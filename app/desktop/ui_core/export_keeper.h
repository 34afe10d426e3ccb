// ExportKeeper: looks after the copies in the clear of this workstation while the program runs.
//
// Guarantees: copies whose time is over are swept at the start, at each deadline (locked or not),
// at each lock and at the end, on a thread of its own, one sweep at a time; neither the UI thread
// nor a lock ever waits for it. A lock cancels no sweep. What became of copies of the open vault is
// entered in its journal. Results are those of the session that runs: the next one sees none of
// them. Toasts name paths, never a document or a patient.
// Not covered: a file system that stops answering in the middle of an erasing holds up the copies
// elsewhere too, but not the program's end; what another program enters or moves is noticed within
// kLookMs; a copy that cannot be erased is tried again every kRetryMs. Threads: UI thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/desktop/ui_core/screen.h"
#include "core/vault/export_sweep.h"

namespace coffre::ui {

// The calls that may wait for a disk; tests put others in their place.
struct ExportCalls {
  std::function<Result<StandingList>(const ExportLedger&, std::int64_t now_ms)> list = list_exports;
  std::function<Result<SweepReport>(const ExportLedger&, const SweepRequest&, const EraseOptions&)>
      sweep = sweep_exports;
  // Of a directory; any thread but the UI's.
  std::function<Result<EraseForecast>(const std::string&)> forecast = forecast_erase;
};

// A copy that is not erased, and what erasing it will be worth; nullopt where that is not known.
struct KeptCopy {
  StandingCopy copy;
  std::optional<EraseForecast> forecast;
};
// The ledger as it was looked at last.
struct KeptCopies {
  std::vector<KeptCopy> copies;
  std::vector<std::string> damaged;  // paths of entries that cannot be read
};

// A copy that the ledger does not know any more, and how that came.
struct ErasedCopy {
  SweptCopy swept;
  std::int64_t time_ms = 0;
};

class ExportKeeper {
 public:
  static constexpr std::int64_t kLookMs = std::int64_t{5} * 60 * 1'000;
  static constexpr std::int64_t kRetryMs = std::int64_t{60} * 1'000;

  struct Parts {
    Clock& clock;
    Jobs& jobs;
    VaultHost& vault;
    Toasts& toasts;
    std::string state_directory;  // as in VaultEnvironment
    ExportCalls calls = {};
    // How long finish() waits for a sweep, and once more after it was asked to stop.
    std::int64_t finish_ms = 2'000;
  };
  // Sweeps at once.
  explicit ExportKeeper(Parts parts);
  ~ExportKeeper();  // finish()
  ExportKeeper(const ExportKeeper&) = delete;
  ExportKeeper& operator=(const ExportKeeper&) = delete;

  // ---- In the App's loop
  // Takes what was done, sweeps what is due by now. True: something that is shown is another.
  bool tick();
  // Until tick() has something to do without being woken.
  [[nodiscard]] std::int64_t next_ms() const;
  // A session ended: its results are forgotten, what is due is swept.
  void end_session();
  // Sweeps what is due once more, and waits for it: briefly, then it is asked to stop, and in the
  // end left behind. What is not finished then is finished by the next sweep. Nothing is begun
  // after it.
  void finish();

  // ---- For screens
  void look();  // at the ledger and at the files: what is shown may be old
  // Erases these copies now; gives up those that are not where they were put. Shown as a job that
  // can be cancelled.
  void erase(std::vector<Id> ids);
  // nullptr: not looked at yet.
  [[nodiscard]] const std::shared_ptr<const KeptCopies>& kept() const { return kept_; }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }  // of the last look
  [[nodiscard]] const std::vector<ErasedCopy>& erased() const { return erased_; }
  [[nodiscard]] bool is_erasing(const Id& copy) const;  // now, or soon
  [[nodiscard]] const ExportCalls& calls() const { return parts_.calls; }

 private:
  struct Ask;
  struct News;
  struct Shared;

  void sweep_due(std::string label);
  void post(Ask ask, std::string label);
  void take(News news);
  void conclude(const News& news);
  void tell(const SweptCopy& copy);
  [[nodiscard]] bool is_held(const Id& copy) const;
  // A sweep has something to do with it.
  [[nodiscard]] static bool is_ripe(const KeptCopy& kept, std::int64_t now_ms);

  Parts parts_;
  std::shared_ptr<Shared> shared_;
  std::shared_ptr<const KeptCopies> kept_;
  std::optional<Error> error_;
  std::vector<ErasedCopy> erased_;
  std::vector<Id> erasing_;
  std::vector<Id> held_;  // due and still there after a sweep
  std::map<Id, std::vector<Reason>> told_;
  std::size_t asked_ = 0;  // and not answered
  std::uint64_t session_ = 0;
  std::int64_t looked_ms_ = 0;  // steady, as retry_ms_
  std::int64_t retry_ms_ = 0;
  bool is_finished_ = false;
};

}  // namespace coffre::ui
