#include "app/desktop/platform/file_dialog.h"

#include <algorithm>

#include "app/desktop/platform/portal_request.h"
#include "core/base/text.h"

namespace coffre::desktop {
namespace {

// D-Bus refuses other texts, and a NUL would end them early.
bool is_text(const std::string& text) {
  return is_utf8(text) && text.find('\0') == std::string::npos;
}

bool is_filter(const FileFilter& filter) {
  return is_text(filter.name) &&
         std::all_of(filter.extensions.begin(), filter.extensions.end(), is_text);
}

Status check(const FileDialogRequest& request) {
  const bool texts = is_text(request.title) && is_text(request.accept_label) &&
                     is_text(request.parent_window) && is_text(request.name) &&
                     std::all_of(request.filters.begin(), request.filters.end(), is_filter);
  const bool folder = request.folder.empty() || (request.folder.starts_with('/') &&
                                                 request.folder.find('\0') == std::string::npos);
  if (!texts || !folder) {
    return fail(Code::kInvalidArgument, N_("the file dialog cannot show this text"));
  }
  return {};
}

}  // namespace

FileDialog::~FileDialog() {
  cancel();
  if (thread_.joinable()) thread_.join();
}

Status FileDialog::open_files(FileDialogRequest request, Callback callback) {
  return start(false, std::move(request), std::move(callback));
}

Status FileDialog::save_file(FileDialogRequest request, Callback callback) {
  request.multiple = false;
  request.directory = false;
  return start(true, std::move(request), std::move(callback));
}

Status FileDialog::start(bool saves, FileDialogRequest request, Callback callback) {
  if (is_open_.load()) return fail(Code::kBusy, N_("a file dialog is open already"));
  COFFRE_TRY(check(request));
  if (thread_.joinable()) thread_.join();  // the one before has called back
  // A new one each time: a cancel() that came too late for the last dialog is not for this one.
  COFFRE_TRY_ASSIGN(wakeup_, Wakeup::create());
  is_cancelled_.store(false);
  is_open_.store(true);
  auto thread =
      start_thread([this, saves, wanted = std::move(request), answered = std::move(callback)] {
        Answer answer = PortalRequest(options_, wanted, saves, *wakeup_, is_cancelled_).run();
        is_open_.store(false);
        answered(std::move(answer));
      });
  if (!thread) {
    is_open_.store(false);
    return std::unexpected(std::move(thread).error());
  }
  thread_ = *std::move(thread);
  return {};
}

void FileDialog::cancel() {
  if (!is_open_.load()) return;
  is_cancelled_.store(true);
  wakeup_->signal();
}

}  // namespace coffre::desktop
