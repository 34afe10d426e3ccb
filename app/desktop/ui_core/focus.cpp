#include "app/desktop/ui_core/focus.h"

#include <algorithm>
#include <imgui/imgui_internal.h>
#include <string>
#include <utility>
#include <vector>

namespace coffre::ui::focus {
namespace {

constexpr int kListLayer = 1000;

struct Drawn {
  std::string id;
  int layer = 0;
};

struct State {
  ImGuiContext* context = nullptr;
  int frame = -1;
  std::vector<Drawn> stops;                       // of this frame
  std::vector<Drawn> last_stops;                  // of the frame before
  std::vector<int> layers{0};                     // those that are being drawn, the innermost last
  int top = 0;                                    // the topmost layer
  int seen_top = 0;                               // the topmost that was drawn in this frame
  std::vector<std::pair<int, std::string>> kept;  // who had the keyboard in the layers below
  struct Sheet {
    std::string id;
    int frame = 0;  // last drawn
    int layer = 0;  // its own as long as it is open, whatever closes below it
  };
  std::vector<Sheet> sheets;  // in order of opening
  std::string focused;
  std::string wanted;
  bool want_first = false;
  bool by_keyboard = false;
};

State& state() {
  static State only;
  return only;
}

bool went_down(ImGuiKey key, bool repeat) {
  return ImGui::IsKeyPressed(ImGui::GetKeyIndex(key), repeat);
}

// Tab: who comes next among those that were drawn.
void move(State& now, bool backwards) {
  std::vector<const Drawn*> there;
  for (const Drawn& drawn : now.last_stops) {
    if (drawn.layer == now.top) {
      there.push_back(&drawn);
    }
  }
  if (there.empty()) {
    return;
  }
  const auto found =
      std::ranges::find_if(there, [&](const Drawn* drawn) { return drawn->id == now.focused; });
  std::size_t next = backwards ? there.size() - 1 : 0;
  if (found != there.end()) {
    const auto at = static_cast<std::size_t>(found - there.begin());
    next = (at + (backwards ? there.size() - 1 : 1)) % there.size();
  }
  now.wanted = there[next]->id;
  now.want_first = false;
}

void leave_closed_layers(State& now) {
  if (now.seen_top >= now.top) {
    return;
  }
  now.top = now.seen_top;
  const bool is_wished = !now.wanted.empty();
  while (!now.kept.empty() && now.kept.back().first >= now.top) {
    now.focused.clear();
    now.want_first = false;
    if (!is_wished) {  // of the lowest of them, which is on top now
      now.wanted = now.kept.back().second;
    }
    now.kept.pop_back();
  }
}

// The first call in a frame looks at its keys.
State& begin() {
  State& now = state();
  ImGuiContext* const context = ImGui::GetCurrentContext();
  const int frame = ImGui::GetFrameCount();
  if (now.context == context && now.frame == frame) {
    return now;
  }
  if (now.context != context || frame < now.frame) {
    now = State{};
    now.context = context;
  }
  now.frame = frame;
  now.last_stops = std::exchange(now.stops, {});
  now.layers.assign(1, 0);
  leave_closed_layers(now);
  now.seen_top = 0;
  std::erase_if(now.sheets, [&](const State::Sheet& sheet) { return sheet.frame < frame - 1; });
  const ImGuiIO& io = ImGui::GetIO();
  if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) ||
      ImGui::IsMouseClicked(ImGuiMouseButton_Right)) {
    now.by_keyboard = false;
  }
  if (went_down(ImGuiKey_Tab, true) && !io.KeyCtrl && !io.KeyAlt) {
    // ImGui's own tabbing, which was asked for by the same key.
    ImGui::NavMoveRequestCancel();
    ImGui::ClearActiveID();
    now.by_keyboard = true;
    move(now, io.KeyShift);
  }
  for (const ImGuiKey key : {ImGuiKey_UpArrow, ImGuiKey_DownArrow, ImGuiKey_Home, ImGuiKey_End,
                             ImGuiKey_LeftArrow, ImGuiKey_RightArrow, ImGuiKey_Enter}) {
    now.by_keyboard = now.by_keyboard || went_down(key, true);
  }
  return now;
}

void push_layer(State& now, int layer) {
  now.layers.push_back(layer);
  now.seen_top = std::max(now.seen_top, layer);
  if (layer > now.top) {
    now.kept.emplace_back(now.top, std::exchange(now.focused, {}));
    now.top = layer;
    now.want_first = true;
    now.wanted.clear();
    ImGui::ClearActiveID();  // a field below must not go on taking what is typed
  }
}

}  // namespace

Stop stop(std::string_view id, bool may_be_first) {
  State& now = begin();
  const int layer = now.layers.back();
  now.stops.emplace_back(std::string(id), layer);
  Stop result;
  if (layer != now.top) {
    return result;
  }
  const bool first = now.want_first && may_be_first && now.wanted.empty();
  if (first || (!now.wanted.empty() && now.wanted == id)) {
    now.focused = id;
    now.wanted.clear();
    now.want_first = false;
    result.arrived = true;
  }
  result.focused = now.focused == id;
  result.ring = result.focused && now.by_keyboard;
  return result;
}

void take(std::string_view id) {
  State& now = begin();
  now.focused = id;
  now.wanted.clear();
  now.want_first = false;
}

void want(std::string_view id) {
  State& now = begin();
  now.wanted = id;
  now.want_first = false;
}

bool is(std::string_view id) {
  const State& now = begin();
  return !now.focused.empty() && now.focused == id;
}

bool by_keyboard() { return begin().by_keyboard; }

bool pressed(ImGuiKey key, bool repeat) {
  const State& now = begin();
  return now.layers.back() == now.top && went_down(key, repeat);
}

bool enter_pressed() { return pressed(ImGuiKey_Enter) || pressed(ImGuiKey_KeyPadEnter); }

void push_sheet(std::string_view id) {
  State& now = begin();
  auto found = std::ranges::find(now.sheets, id, &State::Sheet::id);
  if (found == now.sheets.end()) {
    const int layer = now.sheets.empty() ? 1 : now.sheets.back().layer + 1;
    found = now.sheets.insert(now.sheets.end(), State::Sheet{std::string(id), now.frame, layer});
  }
  found->frame = now.frame;
  push_layer(now, found->layer);
}

void push_list() { push_layer(begin(), kListLayer); }

void pop_layer() {
  State& now = begin();
  now.layers.pop_back();
}

bool is_on_top() {
  const State& now = begin();
  return now.layers.back() == now.top;
}

void reset() { state() = State{}; }

}  // namespace coffre::ui::focus
