#include "app/desktop/platform/file_browser_model.h"

#include <algorithm>
#include <utility>

#include "core/base/file.h"
#include "core/base/text.h"

namespace coffre::desktop {
namespace {

constexpr std::size_t kHistoryMax = 64;
constexpr std::size_t kNameSizeMax = 255;  // of Linux

bool is_absolute(const std::string& path) {
  return path.starts_with('/') && path.find('\0') == std::string::npos;
}

// Each slash once, none at the end.
std::string tidy(const std::string& path) {
  std::string tidied;
  for (const char c : path) {
    if (c != '/' || !tidied.ends_with('/')) tidied += c;
  }
  if (tidied.size() > 1 && tidied.ends_with('/')) tidied.pop_back();
  return tidied;
}

}  // namespace

FileBrowserModel::FileBrowserModel(BrowserMode mode, const std::string& start)
    : mode_(mode), path_(is_absolute(start) ? tidy(start) : "/") {
  ask();
}

std::optional<ListingRequest> FileBrowserModel::take_request() {
  if (!std::exchange(is_asked_, false)) return std::nullopt;
  return ListingRequest{.number = number_,
                        .path = path_,
                        .hidden = hidden_,
                        .only_directories = mode_ == BrowserMode::kFolder,
                        .extensions = extensions_};
}

void FileBrowserModel::apply(std::uint64_t number, Result<Listing> answer) {
  if (number != number_ || state_ != BrowserState::kReading) return;
  cursor_ = 0;
  if (!answer) {
    listing_ = {};
    chosen_.clear();
    error_ = std::move(answer).error();
    state_ = BrowserState::kFailed;
    return;
  }
  listing_ = *std::move(answer);
  state_ = BrowserState::kReady;
  std::set<std::string> still_there;
  for (std::size_t i = 0; i < listing_.entries.size(); ++i) {
    const std::string& name = listing_.entries[i].name;
    if (name == focus_) cursor_ = i;
    if (chosen_.contains(name) && can_choose(i)) still_there.insert(name);
  }
  chosen_ = std::move(still_there);
  focus_.clear();
}

std::vector<BrowserCrumb> FileBrowserModel::crumbs() const {
  std::vector<BrowserCrumb> crumbs{{"/", "/"}};
  std::size_t begin = 1;
  while (begin < path_.size()) {
    const std::size_t end = std::min(path_.find('/', begin), path_.size());
    crumbs.push_back({printable(path_.substr(begin, end - begin)), path_.substr(0, end)});
    begin = end + 1;
  }
  return crumbs;
}

void FileBrowserModel::go_to(const std::string& path) {
  if (!is_absolute(path)) return;
  std::string target = tidy(path);
  if (target == path_) return refresh();
  history_.push_back(path_);
  if (history_.size() > kHistoryMax) history_.erase(history_.begin());
  move_to(std::move(target), {});
}

bool FileBrowserModel::enter(std::size_t index) {
  if (index >= entries().size() || !entries()[index].is_directory) return false;
  go_to(path_of(entries()[index].name));
  return true;
}

void FileBrowserModel::up() {
  if (!can_go_up()) return;
  const std::string from = base_name(path_);
  go_to(parent_directory(path_));
  focus_ = from;
}

void FileBrowserModel::back() {
  if (!can_go_back()) return;
  std::string target = std::move(history_.back());
  history_.pop_back();
  // From a folder back to the one that holds it: as with up().
  const bool is_parent = parent_directory(path_) == target;
  std::string from = is_parent ? base_name(path_) : std::string();
  move_to(std::move(target), std::move(from));
}

void FileBrowserModel::refresh() {
  if (cursor_ < entries().size()) focus_ = entries()[cursor_].name;
  ask();
}

void FileBrowserModel::show_hidden(bool hidden) {
  if (hidden_ == hidden) return;
  hidden_ = hidden;
  refresh();
}

void FileBrowserModel::set_extensions(std::vector<std::string> extensions) {
  if (extensions_ == extensions) return;
  extensions_ = std::move(extensions);
  refresh();
}

void FileBrowserModel::set_cursor(std::size_t index) {
  cursor_ = entries().empty() ? 0 : std::min(index, entries().size() - 1);
}

std::optional<std::size_t> FileBrowserModel::find(std::string_view typed, std::size_t from) const {
  const std::string wanted = fold(typed);
  const std::size_t count = entries().size();
  if (wanted.empty()) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t index = (from % count + i) % count;
    if (entries()[index].folded.starts_with(wanted)) return index;
  }
  return std::nullopt;
}

bool FileBrowserModel::can_choose(std::size_t index) const {
  if (index >= entries().size()) return false;
  return entries()[index].is_directory == (mode_ == BrowserMode::kFolder);
}

bool FileBrowserModel::is_chosen(std::size_t index) const {
  return index < entries().size() && chosen_.contains(entries()[index].name);
}

void FileBrowserModel::choose_only(std::size_t index) {
  if (!can_choose(index)) return;
  chosen_ = {entries()[index].name};
}

void FileBrowserModel::toggle(std::size_t index) {
  if (mode_ != BrowserMode::kOpenFiles) return choose_only(index);
  if (!can_choose(index)) return;
  const std::string& name = entries()[index].name;
  if (chosen_.erase(name) == 0) chosen_.insert(name);
}

void FileBrowserModel::choose_to(std::size_t index) {
  if (mode_ != BrowserMode::kOpenFiles || index >= entries().size()) return;
  chosen_.clear();
  const std::size_t last = std::max(cursor_, index);
  for (std::size_t i = std::min(cursor_, index); i <= last; ++i) {
    if (can_choose(i)) chosen_.insert(entries()[i].name);
  }
}

void FileBrowserModel::choose_all() {
  if (mode_ != BrowserMode::kOpenFiles) return;
  for (std::size_t i = 0; i < entries().size(); ++i) {
    if (can_choose(i)) chosen_.insert(entries()[i].name);
  }
}

std::vector<std::string> FileBrowserModel::chosen_paths() const {
  std::vector<std::string> paths;
  for (const BrowserEntry& entry : entries()) {
    if (chosen_.contains(entry.name)) paths.push_back(path_of(entry.name));
  }
  if (paths.empty() && mode_ == BrowserMode::kFolder) paths.push_back(path_);
  return paths;
}

Result<std::string> FileBrowserModel::save_path(std::string_view name) const {
  if (name.empty() || name == "." || name == ".." || name.size() > kNameSizeMax ||
      name.find('/') != std::string_view::npos || name.find('\0') != std::string_view::npos) {
    return fail(Code::kInvalidArgument, N_("this is not a name for a file"), printable(name),
                N_("use at most 255 bytes and no slash"));
  }
  return path_of(name);
}

std::string FileBrowserModel::path_of(std::string_view name) const {
  std::string path = path_ == "/" ? path_ : path_ + "/";
  path += name;
  return path;
}

void FileBrowserModel::move_to(std::string path, std::string focus) {
  path_ = std::move(path);
  focus_ = std::move(focus);
  chosen_.clear();
  listing_ = {};  // of the folder before: nothing of it can be chosen here
  cursor_ = 0;
  ask();
}

void FileBrowserModel::ask() {
  ++number_;
  is_asked_ = true;
  error_.reset();
  state_ = BrowserState::kReading;
}

}  // namespace coffre::desktop
