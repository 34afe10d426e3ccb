// The desktop's own file dialog, through its portal (org.freedesktop.portal.FileChooser).
//
// Guarantees: the program never waits for it; each request that was accepted gets exactly one
// answer, on a thread of this object; only answers of the portal that was asked, to the request
// that was made, count; paths are those of local files (file_uri.h). Not covered: what lies at the
// path when it is opened. The portal shows the user's files in a process of its own, which
// remembers its last folder. Threads: all methods from one thread. The callback must not call them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/desktop/platform/wakeup.h"
#include "core/base/error.h"

namespace coffre::desktop {

inline constexpr std::size_t kChosenMax = 10'000;

struct FileFilter {
  std::string name = {};                     // shown to the user
  std::vector<std::string> extensions = {};  // lowercase, without the dot; empty: all files
};

// Texts are shown to the user: translated, valid UTF-8.
struct FileDialogRequest {
  std::string title = {};
  std::string accept_label = {};   // of the button; empty: the desktop's own
  std::string parent_window = {};  // as the portal names it ("x11:2a00003"); empty: none
  std::string folder = {};         // where it begins, absolute; empty: the desktop's choice
  std::string name = {};           // save_file: the proposed name
  std::vector<FileFilter> filters = {};
  bool multiple = false;   // open_files: several may be chosen
  bool directory = false;  // open_files: folders instead of files
};

struct FileDialogOptions {
  std::string session_bus = {};    // address; empty: the usual one
  std::int64_t answer_ms = 5'000;  // how long the portal may take to open the dialog
};

class FileDialog {
 public:
  // Absolute paths; none when the user cancelled or cancel() was called. kNotFound when no portal
  // could open a dialog: the program then uses its own browser. kFailed when an open dialog ended
  // without an answer or with one that makes no sense, kUnsupported or kInvalidArgument when a file
  // was chosen that is not on this computer, kLimit above kChosenMax.
  using Answer = Result<std::vector<std::string>>;
  using Callback = std::function<void(Answer)>;

  explicit FileDialog(FileDialogOptions options = {}) : options_(std::move(options)) {}
  FileDialog(const FileDialog&) = delete;
  FileDialog& operator=(const FileDialog&) = delete;
  // Cancels; the callback has been called when this returns.
  ~FileDialog();

  // kBusy when a dialog is open; kInvalidArgument when a text is not UTF-8; kFailed when the system
  // gives no thread. The callback is not called then.
  [[nodiscard]] Status open_files(FileDialogRequest request, Callback callback);
  // One path to be written, which may exist: the dialog has asked whether to replace it.
  [[nodiscard]] Status save_file(FileDialogRequest request, Callback callback);
  // Closes the dialog; its callback comes soon, with no path. Nothing when none is open.
  void cancel();
  [[nodiscard]] bool is_open() const { return is_open_.load(); }

 private:
  [[nodiscard]] Status start(bool saves, FileDialogRequest request, Callback callback);

  FileDialogOptions options_;
  std::optional<Wakeup> wakeup_;
  std::atomic<bool> is_open_{false};
  std::atomic<bool> is_cancelled_{false};
  std::thread thread_;
};

}  // namespace coffre::desktop
