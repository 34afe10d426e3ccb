#include "app/desktop/ui_core/session.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/focus.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kShortcutsMax = 9;
constexpr std::size_t kDraftMax = std::size_t{1} << 20;  // bytes of one screen's draft

constexpr std::array<const char*, kShortcutsMax> kGoIds = {"screen.1", "screen.2", "screen.3",
                                                           "screen.4", "screen.5", "screen.6",
                                                           "screen.7", "screen.8", "screen.9"};

Shortcut ctrl(Key key) { return {key, true, false, false}; }

}  // namespace

Session::Session(Services& services, Preferences& preferences,
                 const std::vector<ScreenMaker>& makers, Actions actions)
    : services_(services), preferences_(preferences), actions_(std::move(actions)) {
  const std::shared_ptr<const UserView> me = services_.vault.me();
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  COFFRE_ASSERT(me != nullptr && policy != nullptr);
  owner_ = me->id;
  vault_ = policy->vault();
  name_ = me->name;
  roles_ = me->roles;
  for (const ScreenMaker make : makers) {
    std::unique_ptr<Screen> screen = make(services_);
    if (screen->is_available()) {
      screens_.push_back(std::move(screen));
    }
  }
  add_commands();
  if (Screen* screen = current()) {
    screen->entered();
  }
}

void Session::add_commands() {
  Commands& commands = services_.commands;
  for (std::size_t i = 0; i < std::min(screens_.size(), kShortcutsMax); ++i) {
    const char* id = screens_[i]->id();
    commands.add({kGoIds[i],
                  screens_[i]->label(),
                  screens_[i]->icon(),
                  ctrl(letter(static_cast<char>('1' + i))),
                  {},
                  [this, id] { go(id); }});
  }
  for (const auto& screen : screens_) {
    screen->add_commands(commands);
  }
  commands.add({"files.add", N_("Add files"), icon::kAddFile, ctrl(letter('O')),
                [this] { return may_deposit() ? Availability::ready() : Availability::hidden(); },
                [this] { choose_files(); }});
  commands.add({"app.search", N_("Search"), icon::kSearch, ctrl(letter('F')), {}, [this] {
                  must_focus_search_ = true;
                }});
  commands.add({"app.palette", N_("All commands"), icon::kKeyboard, ctrl(letter('K')), {}, [this] {
                  palette_.open();
                }});
  commands.add({"app.preferences",
                N_("Language, appearance and size"),
                icon::kSettings,
                ctrl(letter('P')),
                {},
                [this] { preferences_are_open_ = true; }});
  commands.add({"app.about", N_("About Coffre"), icon::kHelp, {Key::kF1}, {}, [this] {
                  about_is_open_ = true;
                }});
  commands.add({"app.curtain",
                N_("Draw the curtain"),
                icon::kEyeOff,
                {Key::kF12},
                {},
                actions_.draw_curtain});
  commands.add(
      {"app.lock", N_("Lock the vault"), icon::kLock, ctrl(letter('L')), {}, actions_.lock});
  commands.add(
      {"app.quit", N_("Lock and quit"), icon::kLeave, ctrl(letter('Q')), {}, actions_.quit});
}

Screen* Session::current() const {
  return current_ < screens_.size() ? screens_[current_].get() : nullptr;
}

std::string Session::roles_text() const {
  std::string text;
  for (const std::string& role : roles_) {
    text += (text.empty() ? "" : ", ") + actions_.role_name(role);
  }
  return text;
}

void Session::go(std::string_view screen_id) {
  for (std::size_t i = 0; i < screens_.size(); ++i) {
    if (screen_id == screens_[i]->id() && i != current_) {
      current_ = i;
      search_.clear();
      screens_[i]->entered();
    }
  }
}

bool Session::may_deposit() const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  return policy != nullptr && std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
           return entry.second.purpose != Purpose::kJournal &&
                  (services_.vault.rights(entry.first) & right::kDeposit) != 0;
         });
}

void Session::choose_files() {
  services_.choose_paths({ChooseRequest::Kind::kOpenFiles, tr(N_("Add files")), {}},
                         [this](const std::vector<std::string>& paths) { files_dropped(paths); });
}

void Session::files_dropped(const std::vector<std::string>& paths) {
  if (paths.empty()) {
    return;
  }
  if (!may_deposit()) {
    services_.toasts.say(tr(N_("Your account may not file documents.")));
    return;
  }
  Screen* shown = current();
  if (shown != nullptr && shown->drop(paths)) {
    return;
  }
  for (const auto& screen : screens_) {
    if (screen.get() != shown && screen->drop(paths)) {
      return;
    }
  }
  services_.toasts.say(tr(N_("Files cannot be filed here.")));
}

// The screen that is shown searches; when it has nothing to search, the first that has.
void Session::search_changed() {
  Screen* shown = current();
  if (shown != nullptr && shown->search(search_.view())) {
    return;
  }
  for (std::size_t i = 0; i < screens_.size(); ++i) {
    if (i != current_ && screens_[i]->search(search_.view())) {
      current_ = i;
      screens_[i]->entered();
      return;
    }
  }
}

std::string Session::draft() const {
  nlohmann::json all = nlohmann::json::object();
  for (const auto& screen : screens_) {
    std::string words = screen->draft();
    if (!words.empty() && words.size() <= kDraftMax) {
      all[screen->id()] = std::move(words);
    }
  }
  if (all.empty()) {
    return {};
  }
  if (const Screen* shown = current()) {
    all["screen"] = shown->id();
  }
  return all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

DraftEnd Session::draft_end() const {
  std::vector<std::pair<std::string, DraftEnd>> ends;
  for (const auto& screen : screens_) {
    if (DraftEnd end = screen->draft_end()) {
      ends.emplace_back(screen->id(), std::move(end));
    }
  }
  return [ends = std::move(ends)](std::string draft) -> std::string {
    nlohmann::json all = nlohmann::json::parse(draft, nullptr, false);
    if (ends.empty() || !all.is_object()) {
      return draft;
    }
    for (const auto& [id, end] : ends) {
      const auto found = all.find(id);
      if (found == all.end() || !found->is_string()) {
        continue;
      }
      std::string rest = end(found->get<std::string>());
      if (rest.empty()) {
        all.erase(found);
      } else {
        *found = std::move(rest);
      }
    }
    const bool is_nothing = all.empty() || (all.size() == 1 && all.contains("screen"));
    return is_nothing ? std::string()
                      : all.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  };
}

void Session::restore(std::string_view draft) {
  const nlohmann::json all = nlohmann::json::parse(draft, nullptr, false);
  if (!all.is_object()) {
    return;
  }
  for (const auto& screen : screens_) {
    const auto found = all.find(screen->id());
    if (found != all.end() && found->is_string()) {
      screen->restore(found->get_ref<const std::string&>());
    }
  }
  if (const auto shown = all.find("screen"); shown != all.end() && shown->is_string()) {
    go(shown->get_ref<const std::string&>());
  }
}

void Session::draw(Ui& ui, float strip) {
  const ImVec2 window = ImGui::GetIO().DisplaySize;
  const float rail = ui.px(size::kRail);
  const float top = ui.px(size::kTopBar);
  const float bottom = window.y - ui.px(size::kStatusBar);
  draw_rail(ui, {ImVec2(0, 0), ImVec2(rail, window.y)});
  draw_top_bar(ui, {ImVec2(rail, 0), ImVec2(window.x, top)});
  const Rect area{ImVec2(rail, top), ImVec2(window.x, bottom - strip)};
  if (Screen* screen = current()) {
    screen->draw(ui, area);
  } else {
    begin_panel(ui, "session.empty", area, ui.theme.ground);
    empty_state(ui, "session.nothing", icon::kLock, tr(N_("Nothing to do here")),
                tr(N_("Your account has no role that shows anything. Ask who looks after the "
                      "accounts.")));
    end_panel(ui);
  }
  draw_status_bar(ui, {ImVec2(rail, bottom), window});
  for (const auto& screen : screens_) {
    screen->draw_sheets(ui);
  }
  draw_preferences(ui);
  draw_about(ui);
  palette_.draw(ui, services_.commands);
  is_covered_ = !focus::is_on_top();
}

}  // namespace coffre::ui
