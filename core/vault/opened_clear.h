// The emptying of a private directory (core/vault/opened_place.h), round by round.
//
// Guarantees: every ordinary file is overwritten before its name goes, also what is write-protected
// in it; a file that has a name elsewhere too is overwritten only when it is the copy itself, known
// by the descriptor that was kept of it (core/vault/copy_watch.h), else by the instant it was made:
// between the directory and the end of our writing. What cannot be overwritten in any round is
// removed in the last one, and the verdict is failed, with not-overwritten. The copy itself has to
// be among what was found: a file of its name, which a program may have put in its place, or it
// under another name. Not covered: what lies under a mount there; it is left alone. Threads: one.
#pragma once

#include <set>

#include "core/base/file.h"
#include "core/vault/export_ledger.h"

namespace coffre {

// Whether it says that something was not done, rather than what it was worth.
[[nodiscard]] constexpr bool is_failure(Reason reason) { return reason >= Reason::kNotOverwritten; }

// Whether an earlier clearing may have taken the copy already.
[[nodiscard]] bool was_cleared_in_part(const ExportEntry& entry);

class Clearing {
 public:
  // `report` has the path of the copy where it is now.
  Clearing(const ExportEntry& entry, const EraseOptions& options, EraseReport report);

  // One round. False: something is there still.
  [[nodiscard]] bool run(const File& directory, bool is_last);
  void add(Reason reason);
  // After a round that left nothing: whether the copy itself was not there.
  [[nodiscard]] bool is_lost() const;
  // The directory is gone.
  [[nodiscard]] EraseReport finish();
  // It is there still.
  [[nodiscard]] EraseReport finish_unclear();

 private:
  struct Files {
    std::vector<std::string> names;
    std::vector<EraseRequest> requests;
    std::vector<bool> is_copy;
  };

  [[nodiscard]] bool clear(const File& directory, const std::string& path, int depth);
  [[nodiscard]] bool clear_below(const File& directory, const std::string& path,
                                 const std::string& name, int depth);
  // False: it stays for another round.
  [[nodiscard]] bool prepare(const File& directory, const std::string& path,
                             const std::string& name, const struct stat& found, Files& files);
  [[nodiscard]] bool is_first(int directory, const std::string& name, const struct stat& found);
  [[nodiscard]] bool take(const File& directory, const std::string& name, bool is_copy,
                          const EraseReport& report);
  void count(const EraseReport& report, Verdict verdict);
  [[nodiscard]] bool remove(const File& directory, const std::string& name);

  const ExportEntry& entry_;
  const EraseOptions& options_;
  EraseReport report_;
  std::string directory_;  // its path
  std::string name_;       // of the copy
  std::optional<struct stat> watched_;
  std::optional<Verdict> worst_;
  std::set<std::pair<std::uint64_t, std::uint64_t>> linked_;  // of this round
  bool is_last_ = false;
  bool has_copy_ = false;   // the copy, or what a program put in its place, was taken
  bool has_first_ = false;  // the very file that was made was taken
};

// Opens a directory whatever its mode is: where that forbids reading, as a place only. A descriptor
// or -errno.
[[nodiscard]] int open_any_directory(int at, const char* name);
// Gives it the mode 0700, and opens it for reading where it was not. 0 or -errno.
[[nodiscard]] int make_own(File& directory);

}  // namespace coffre
