// The state of the program's own file browser, without any drawing: where it is, what is there,
// what is chosen.
//
// The program shows the model, and gives take_request() to list_directory() on another thread; the
// answer comes back through apply(). An answer to a question that is no longer asked is dropped.
//
// Guarantees: names are bytes and open what they name, however they are shown. Paths are absolute.
// A folder that cannot be read is an error to be shown, and the way back stays open.
// Not covered: whether something is still there when it is opened. Threads: one.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "app/desktop/platform/directory_listing.h"
#include "core/base/error.h"

namespace coffre::desktop {

enum class BrowserMode : unsigned char { kOpenFile, kOpenFiles, kFolder, kSave };
enum class BrowserState : unsigned char { kReading, kReady, kFailed };

// A part of the path, from the root on.
struct BrowserCrumb {
  std::string shown;
  std::string path;
};

class FileBrowserModel {
 public:
  // `start` is absolute, else the root.
  FileBrowserModel(BrowserMode mode, const std::string& start);

  // The folder that has to be read, once for each change.
  [[nodiscard]] std::optional<ListingRequest> take_request();
  // The answer to request `number`.
  void apply(std::uint64_t number, Result<Listing> answer);

  [[nodiscard]] BrowserMode mode() const { return mode_; }
  [[nodiscard]] BrowserState state() const { return state_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::vector<BrowserCrumb> crumbs() const;
  [[nodiscard]] const std::vector<BrowserEntry>& entries() const { return listing_.entries; }
  // More entries than are shown.
  [[nodiscard]] bool is_cut() const { return listing_.is_cut; }
  // Why there is nothing, in the state kFailed.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  // Goes to an absolute path; others are ignored.
  void go_to(const std::string& path);
  // Into the folder at `index`; false when it is none.
  bool enter(std::size_t index);
  void up();    // the folder that we came from has the cursor
  void back();  // to where we were before
  void refresh();
  [[nodiscard]] bool can_go_up() const { return path_ != "/"; }
  [[nodiscard]] bool can_go_back() const { return !history_.empty(); }
  void show_hidden(bool hidden);
  [[nodiscard]] bool shows_hidden() const { return hidden_; }
  // Lowercase, without the dot; none shows all files.
  void set_extensions(std::vector<std::string> extensions);

  // Where the keyboard is; at most the last entry, 0 in an empty folder.
  [[nodiscard]] std::size_t cursor() const { return cursor_; }
  void set_cursor(std::size_t index);
  // The first entry from `from` on, and around the end, whose name begins with the typed text as
  // people compare names (fold()).
  [[nodiscard]] std::optional<std::size_t> find(std::string_view typed, std::size_t from) const;

  // Choosing. What cannot be chosen in this mode is left alone: folders where files are wanted,
  // files where a folder is.
  [[nodiscard]] bool is_chosen(std::size_t index) const;
  void choose_only(std::size_t index);
  void toggle(std::size_t index);     // kOpenFiles; as choose_only() in the other modes
  void choose_to(std::size_t index);  // from the cursor to there, kOpenFiles
  void choose_all();                  // kOpenFiles
  void choose_none() { chosen_.clear(); }
  [[nodiscard]] std::size_t chosen_count() const { return chosen_.size(); }
  // In the order shown. In kFolder, the folder that is shown when none in it is chosen.
  [[nodiscard]] std::vector<std::string> chosen_paths() const;
  // Where kSave would write. kInvalidArgument when `name` is not one name in this folder.
  [[nodiscard]] Result<std::string> save_path(std::string_view name) const;

 private:
  [[nodiscard]] bool can_choose(std::size_t index) const;
  [[nodiscard]] std::string path_of(std::string_view name) const;
  void move_to(std::string path, std::string focus);
  void ask();

  BrowserMode mode_;
  BrowserState state_ = BrowserState::kReading;
  std::string path_;
  std::vector<std::string> history_;  // oldest first
  Listing listing_;
  std::optional<Error> error_;
  std::set<std::string> chosen_;  // names: they stay chosen when the folder is read again
  std::string focus_;             // the name that gets the cursor with the next answer
  std::size_t cursor_ = 0;
  std::vector<std::string> extensions_;
  bool hidden_ = false;
  std::uint64_t number_ = 0;
  bool is_asked_ = false;
};

}  // namespace coffre::desktop
