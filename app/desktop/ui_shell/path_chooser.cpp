#include "app/desktop/ui_shell/path_chooser.h"

#include <cstdlib>
#include <utility>

#include "core/base/file.h"

namespace coffre::ui {
namespace {

std::string home_folder() {
  const char* home = getenv("HOME");
  return home != nullptr && *home == '/' ? std::string(home) : std::string("/");
}

}  // namespace

PathChooser::PathChooser(std::shared_ptr<UiCalls> calls)
    : calls_(std::move(calls)), is_here_(std::make_shared<bool>(true)) {}

void PathChooser::choose(const ChooseRequest& request, Done done) {
  if (sheet_ != nullptr || dialog_.is_open()) {
    return;
  }
  const std::uint64_t number = ++number_;
  desktop::FileDialogRequest asked;
  asked.title = request.title;
  asked.folder = folder_;
  asked.name = request.suggested_name;
  asked.multiple = request.kind == ChooseRequest::Kind::kOpenFiles;
  asked.directory = request.kind == ChooseRequest::Kind::kFolder;
  auto callback = [this, number, request, done, calls = calls_,
                   here = std::weak_ptr(is_here_)](desktop::FileDialog::Answer answer) {
    calls->post([this, number, request, done, here, answer = std::move(answer)] {
      if (here.lock() != nullptr) {
        answered(number, request, done, answer);
      }
    });
  };
  const Status opened = request.kind == ChooseRequest::Kind::kSave
                            ? dialog_.save_file(std::move(asked), std::move(callback))
                            : dialog_.open_files(std::move(asked), std::move(callback));
  if (!opened) {
    browse(request, std::move(done));
  }
}

void PathChooser::answered(std::uint64_t number, const ChooseRequest& request, const Done& done,
                           desktop::FileDialog::Answer answer) {
  if (number != number_) {
    return;
  }
  if (!answer) {
    // Without a portal, and where it gave what cannot be used: our own browser shows what is there.
    browse(request, done);
    return;
  }
  if (!answer->empty()) {
    folder_ = parent_directory(answer->front());
  }
  done(std::move(*answer));
}

void PathChooser::browse(const ChooseRequest& request, Done done) {
  sheet_ = std::make_unique<FileBrowserSheet>(request, folder_.empty() ? home_folder() : folder_,
                                              calls_, std::move(done));
}

void PathChooser::draw(Ui& ui) {
  if (sheet_ == nullptr) {
    return;
  }
  // `done` may lead to the next choice: the sheet is out of the way before anything else.
  std::unique_ptr<FileBrowserSheet> drawn = std::move(sheet_);
  const bool stays = drawn->draw(ui);
  folder_ = drawn->folder();
  if (stays && sheet_ == nullptr) {
    sheet_ = std::move(drawn);
  }
}

void PathChooser::cancel() {
  ++number_;
  dialog_.cancel();
  sheet_.reset();
  folder_.clear();
}

}  // namespace coffre::ui
