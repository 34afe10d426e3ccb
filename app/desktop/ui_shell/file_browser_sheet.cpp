#include "app/desktop/ui_shell/file_browser_sheet.h"

#include <algorithm>
#include <utility>

#include "app/common/i18n.h"
#include "app/desktop/platform/wakeup.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr float kWidth = 860;
constexpr float kHeight = 380;
constexpr float kPlacesWidth = 216;
constexpr float kMarkWidth = 40;
constexpr float kSizeWidth = 90;
constexpr float kDateWidth = 120;
constexpr float kWideFrom = 500;  // of an entry's row at 100 %: room for size and date
constexpr std::size_t kCrumbsMax = 4;
constexpr const char* kListId = "browser.list";

desktop::BrowserMode mode_of(ChooseRequest::Kind kind) {
  switch (kind) {
    case ChooseRequest::Kind::kOpenFiles:
      return desktop::BrowserMode::kOpenFiles;
    case ChooseRequest::Kind::kOpenFile:
      return desktop::BrowserMode::kOpenFile;
    case ChooseRequest::Kind::kFolder:
      return desktop::BrowserMode::kFolder;
    case ChooseRequest::Kind::kSave:
      return desktop::BrowserMode::kSave;
  }
  return desktop::BrowserMode::kOpenFile;
}

const char* icon_of(desktop::PlaceKind kind) {
  switch (kind) {
    case desktop::PlaceKind::kHome:
      return icon::kHome;
    case desktop::PlaceKind::kDesktop:
      return icon::kDesktop;
    case desktop::PlaceKind::kDocuments:
      return icon::kDescription;
    case desktop::PlaceKind::kDownloads:
      return icon::kInbox;
    case desktop::PlaceKind::kRemovable:
      return icon::kUsb;
  }
  return icon::kFolder;
}

std::string name_of(const desktop::Place& place) {
  switch (place.kind) {
    case desktop::PlaceKind::kHome:
      return tr(N_("Home folder"));
    case desktop::PlaceKind::kDesktop:
      return tr(N_("Desktop"));
    case desktop::PlaceKind::kDocuments:
      return tr(N_("Documents"));
    case desktop::PlaceKind::kDownloads:
      return tr(N_("Downloads"));
    case desktop::PlaceKind::kRemovable:
      return place.shown;
  }
  return place.shown;
}

Rect part(const Rect& row, float left, float right) {
  return {{left, row.min.y}, {right, row.max.y}};
}

// Runs `work` where it may wait. A thread that the system refuses is an answer, too.
void elsewhere(const std::function<void()>& work) {
  if (auto thread = desktop::start_thread(work)) {
    // A folder on a network that is gone may never answer; nobody waits for it.
    thread->detach();
  } else {
    work();
  }
}

}  // namespace

FileBrowserSheet::FileBrowserSheet(ChooseRequest request, const std::string& folder,
                                   std::shared_ptr<UiCalls> calls, Done done)
    : request_(std::move(request)),
      calls_(std::move(calls)),
      done_(std::move(done)),
      model_(std::make_shared<desktop::FileBrowserModel>(mode_of(request_.kind), folder)),
      places_(std::make_shared<std::vector<desktop::Place>>()) {
  name_.set(request_.suggested_name);
  find_places();
  name_wants_keys_ = request_.kind == ChooseRequest::Kind::kSave;
  list_wants_keys_ = !name_wants_keys_;
}

void FileBrowserSheet::find_places() {
  elsewhere([calls = calls_, to = std::weak_ptr(places_)] {
    auto found = desktop::find_places(desktop::places_options());
    calls->post([to, found = std::move(found)] {
      if (const auto places = to.lock()) {
        *places = found;
      }
    });
  });
}

void FileBrowserSheet::ask() {
  std::optional<desktop::ListingRequest> request = model_->take_request();
  if (!request) {
    return;
  }
  elsewhere([calls = calls_, to = std::weak_ptr(model_), request = *request] {
    auto answer = std::make_shared<Result<desktop::Listing>>(desktop::list_directory(request));
    calls->post([to, answer, number = request.number] {
      if (const auto model = to.lock()) {
        model->apply(number, std::move(*answer));
      }
    });
  });
}

void FileBrowserSheet::moved() {
  list_ = {};
  problem_ = {};
  list_wants_keys_ = true;
}

bool FileBrowserSheet::draw(Ui& ui) {
  ask();
  if (begin_sheet(ui, "browser", request_.title, kWidth, is_open_)) {
    draw_bar(ui);
    gap(ui, size::kGapSmall);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = room(ui);
    // A small window leaves less: the foot must stay in it.
    const float height =
        std::clamp(ImGui::GetIO().DisplaySize.y - ui.px(330), ui.px(120), ui.px(kHeight));
    draw_places(ui, {at, {at.x + ui.px(kPlacesWidth), at.y + height}});
    const Rect entries{{at.x + ui.px(kPlacesWidth + size::kGapWide), at.y},
                       {at.x + width, at.y + height}};
    if (model_->state() == desktop::BrowserState::kReady && !model_->entries().empty()) {
      draw_entries(ui, entries);
    } else {
      draw_state(ui, entries);
    }
    place({at.x, at.y + height});
    draw_foot(ui);
    end_sheet(ui);
  }
  if (!is_open_ && !is_done_) {
    is_done_ = true;
    done_({});
  }
  return !is_done_;
}

void FileBrowserSheet::draw_bar(Ui& ui) {
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const Availability up = model_->can_go_up()
                              ? Availability::ready()
                              : Availability::greyed(N_("This is the topmost folder"));
  if (icon_button(ui, "browser.up", icon::kArrowUp, tr(N_("The folder above")), up)) {
    model_->up();
    moved();
  }
  same_line(ui);
  const Availability back = model_->can_go_back()
                                ? Availability::ready()
                                : Availability::greyed(N_("There is no folder before this one"));
  if (icon_button(ui, "browser.back", icon::kArrowLeft, tr(N_("The folder before")), back)) {
    model_->back();
    moved();
  }
  const std::vector<desktop::BrowserCrumb> crumbs = model_->crumbs();
  const std::size_t first = crumbs.size() > kCrumbsMax ? crumbs.size() - kCrumbsMax : 0;
  std::string target;
  for (std::size_t at = first; at < crumbs.size(); ++at) {
    same_line(ui, size::kGap);
    const float height = text_extent(ui, TextKind::kSmall, crumbs[at].shown).y;
    place({ImGui::GetCursorScreenPos().x, top.y + (ui.px(size::kButton) - height) / 2});
    // The first that is shown says whether there are more to its left.
    const char* before = at == 0 ? "" : "› ";
    if (at > 0 && at == first) {
      before = "… › ";
    }
    if (link(ui, ("browser.crumb." + std::to_string(at)).c_str(), before + crumbs[at].shown)) {
      target = crumbs[at].path;
    }
  }
  place({top.x, top.y + ui.px(size::kButton)});
  if (!target.empty()) {
    model_->go_to(target);
    moved();
  }
}

void FileBrowserSheet::draw_places(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "browser.places", area, ui.theme.side, size::kGapSmall)) {
    for (std::size_t at = 0; at < places_->size(); ++at) {
      const desktop::Place& each = (*places_)[at];
      if (button(ui, ("browser.place." + std::to_string(at)).c_str(), name_of(each),
                 ButtonKind::kQuiet, icon_of(each.kind), {}, room(ui))) {
        model_->go_to(each.path);
        moved();
      }
    }
  }
  end_panel(ui);
}

void FileBrowserSheet::draw_entries(Ui& ui, const Rect& area) {
  const std::size_t count = model_->entries().size();
  const float row = ui.px(size::kRow);
  list_.name_of = [this](std::size_t index) {
    return index < model_->entries().size() ? model_->entries()[index].shown : std::string();
  };
  if (std::exchange(list_wants_keys_, false)) {
    request_focus(kListId);
  }
  std::ptrdiff_t chosen = -1;
  if (begin_list(ui, kListId, list_, count, row, area)) {
    chosen = list_rows(ui, kListId, list_, count, row, -1,
                       [&](std::size_t index, const Rect& at, bool) { draw_row(ui, index, at); });
  }
  end_list(ui);
  if (chosen >= 0) {
    const bool on_mark = ImGui::IsMouseReleased(ImGuiMouseButton_Left) &&
                         ImGui::GetIO().MousePos.x < area.min.x + ui.px(kMarkWidth);
    pressed(static_cast<std::size_t>(chosen), list_.entered, on_mark);
  }
}

void FileBrowserSheet::draw_row(Ui& ui, std::size_t index, const Rect& area) {
  const desktop::BrowserEntry& entry = model_->entries()[index];
  const bool chosen = model_->is_chosen(index);
  const float mark = area.min.x + ui.px(kMarkWidth);
  const float name = mark + ui.px(size::kRow);
  // Where there is little room the name has it all.
  const bool has_date = area.width() >= ui.px(kWideFrom);
  const bool has_size = area.width() >= ui.px(kWideFrom - kDateWidth);
  const float date = area.max.x - (has_date ? ui.px(kDateWidth) : 0);
  const float bytes = date - (has_size ? ui.px(kSizeWidth) : 0);
  if (chosen) {
    icon_in(ui, icon::kDone, part(area, area.min.x, mark), ui.theme.accent);
  }
  icon_in(ui, entry.is_directory ? icon::kFolder : icon::kDescription, part(area, mark, name),
          entry.is_directory ? ui.theme.accent : ui.theme.muted);
  text_in(ui, chosen ? TextKind::kStrong : TextKind::kText, entry.shown,
          part(area, name, bytes - ui.px(size::kGap)));
  if (has_size && !entry.is_directory) {
    text_in(ui, TextKind::kSmallMuted, size_text(entry.size),
            part(area, bytes, date - ui.px(size::kGap)), 1);
  }
  if (has_date) {
    text_in(ui, TextKind::kSmallMuted, date_text(entry.modified_ms),
            part(area, date, area.max.x - ui.px(size::kGap)), 1);
  }
}

void FileBrowserSheet::draw_state(Ui& ui, const Rect& area) {
  if (begin_panel(ui, "browser.state", area, ui.theme.panel)) {
    if (model_->state() == desktop::BrowserState::kReading) {
      spinner_text(ui, tr(N_("Reading the folder…")));
    } else if (model_->error()) {
      error_notice(ui, "browser.error", text_of(*model_->error()));
    } else {
      empty_state(ui, "browser.empty", icon::kFolderOpen, tr(N_("This folder is empty")),
                  tr(N_("Choose another one at the left, or go up.")));
    }
  }
  end_panel(ui);
}

void FileBrowserSheet::draw_foot(Ui& ui) {
  gap(ui, size::kGap);
  if (request_.kind == ChooseRequest::Kind::kSave) {
    FieldOptions options;
    options.error = problem_.what;
    options.focus = std::exchange(name_wants_keys_, false);
    const FieldEvent event =
        text_field(ui, "browser.name", tr(N_("Name of the file")), name_.span(), options);
    problem_ = event == FieldEvent::kChanged ? ErrorText{} : problem_;
    if (event == FieldEvent::kEntered) {
      accept();
    }
  } else if (model_->is_cut()) {
    text(ui, TextKind::kSmallMuted, tr(N_("There is more in this folder than is shown.")));
  } else if (request_.kind == ChooseRequest::Kind::kOpenFiles) {
    text(ui, TextKind::kSmallMuted, tr(N_("Ctrl and a click, or the left edge, choose several.")));
  }
  gap(ui, size::kGap);
  const std::string count = count_text(model_->chosen_count());
  const bool several = request_.kind == ChooseRequest::Kind::kOpenFiles;
  const std::string label =
      request_.kind == ChooseRequest::Kind::kSave     ? tr(N_("Save here"))
      : request_.kind == ChooseRequest::Kind::kFolder ? tr(N_("Take this folder"))
      : several && model_->chosen_count() > 1         ? fill(tr(N_("Take these {} files")), {count})
                                                      : tr(N_("Take this file"));
  const Availability ready =
      can_accept() ? Availability::ready() : Availability::greyed(N_("Nothing is chosen yet"));
  if (button(ui, "browser.accept", label, ButtonKind::kPrimary, icon::kCheck, ready)) {
    accept();
  }
  same_line(ui, size::kGap);
  if (button(ui, "browser.cancel", tr(N_("Cancel")))) {
    is_open_ = false;
  }
}

bool FileBrowserSheet::can_accept() const {
  return request_.kind == ChooseRequest::Kind::kSave ? !name_.empty()
                                                     : !model_->chosen_paths().empty();
}

void FileBrowserSheet::pressed(std::size_t index, bool entered, bool on_mark) {
  model_->set_cursor(index);
  if (entered && model_->entries()[index].is_directory) {
    if (model_->enter(index)) {
      moved();
    }
    return;
  }
  const ImGuiIO& io = ImGui::GetIO();
  const desktop::BrowserEntry& entry = model_->entries()[index];
  if (on_mark || io.KeyCtrl) {
    model_->toggle(index);
  } else if (io.KeyShift) {
    model_->choose_to(index);
  } else if (!entered || model_->chosen_count() == 0) {
    model_->choose_only(index);
  }
  if (request_.kind == ChooseRequest::Kind::kSave && !entry.is_directory) {
    name_.set(entry.shown);
  }
  if (entered && can_accept()) {
    accept();
  }
}

void FileBrowserSheet::accept() {
  std::vector<std::string> paths;
  if (request_.kind == ChooseRequest::Kind::kSave) {
    const Result<std::string> path = model_->save_path(name_.view());
    if (!path) {
      problem_ = text_of(path.error());
      return;
    }
    paths = {*path};
  } else {
    paths = model_->chosen_paths();
  }
  if (paths.empty()) {
    return;
  }
  is_open_ = false;
  is_done_ = true;
  done_(std::move(paths));
}

}  // namespace coffre::ui
