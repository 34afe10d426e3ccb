// The widgets of the interface: thin functions over ImGui that give it Coffre's look and write down
// what was drawn, so that a test finds a widget by its id.
//
// An id is a stable ASCII word ("unlock.password"), used once in a frame; labels are translated
// texts. All widgets work by keyboard (Tab, Enter, Space, arrows) and draw a focus ring; what is
// greyed can be reached too, so that its reason can be read. One after the other they stand below
// each other, 4 px apart; same_line() and gap() say otherwise. Threads: UI thread only.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "app/desktop/ui_core/command.h"
#include "app/desktop/ui_core/ui.h"
#include "core/base/secret.h"

namespace coffre::ui {

enum class ButtonKind : unsigned char { kPrimary, kPlain, kDanger, kQuiet };
enum class TagKind : unsigned char { kMedical, kAdministrative, kGood, kWarning, kBad, kNeutral };
enum class TextKind : unsigned char {
  kText,
  kStrong,
  kMuted,
  kSmall,
  kSmallMuted,
  kSmallStrong,
  kTitle
};

// A typed text of bounded size that is wiped when it goes; UTF-8, NUL-terminated.
template <std::size_t Capacity>
class TextBuffer {
 public:
  TextBuffer() = default;
  ~TextBuffer() { clear(); }
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;
  [[nodiscard]] char* data() { return bytes_.data(); }
  [[nodiscard]] std::size_t capacity() const { return Capacity; }
  [[nodiscard]] std::string_view view() const { return {bytes_.data()}; }
  [[nodiscard]] bool empty() const { return bytes_[0] == '\0'; }
  [[nodiscard]] std::span<char> span() { return bytes_; }
  // Cut at a character's border.
  void set(std::string_view text) {
    clear();
    std::size_t size = std::min(text.size(), Capacity - 1);
    while (size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
      --size;
    }
    std::ranges::copy(text.substr(0, size), bytes_.begin());
  }
  // Wipes all of it.
  void clear() { wipe_bytes({reinterpret_cast<Byte*>(bytes_.data()), Capacity}); }

 private:
  std::array<char, Capacity> bytes_{};
};
using Line = TextBuffer<256>;
using PasswordLine = TextBuffer<512>;

// ---- Where
// The window that all is drawn in, without a padding; `ground` is that of the theme.
void begin_root(Ui& ui);
void end_root(Ui& ui);
void gap(Ui& ui, float at_100_percent);  // between what stands above and below
void same_line(Ui& ui, float at_100_percent = size::kGapSmall);  // the next beside the last
void place(ImVec2 at);                                           // the next is drawn there
[[nodiscard]] float room(const Ui& ui);                          // width that is left in the line
void separator(Ui& ui);                                          // a line across

// ---- Who has the keyboard
// The widget takes it as soon as it is drawn (in the topmost sheet).
void request_focus(std::string_view id);
[[nodiscard]] bool has_focus(std::string_view id);

// ---- Text
void text(Ui& ui, TextKind kind, std::string_view words);
void wrapped(Ui& ui, TextKind kind, std::string_view words);  // in the width that is left
// In a given width, cut with … (and the whole in a tip). Marks the widget as cut for tests.
void fitted(Ui& ui, TextKind kind, std::string_view words, float width);
void tag(Ui& ui, const char* id, TagKind kind, std::string_view words);
void avatar(Ui& ui, std::string_view name, float diameter);  // initials on a disc
void put_icon(Ui& ui, const char* glyph, ImVec4 ink);        // 20 px
[[nodiscard]] ImVec2 text_extent(const Ui& ui, TextKind kind, std::string_view words);
// In an area, on one line, in the middle of its height; cut with … when it is too narrow. 0: left,
// 0.5: in the middle, 1: right. Moves nothing.
void text_in(Ui& ui, TextKind kind, std::string_view words, const Rect& area, float align = 0);
void icon_in(Ui& ui, const char* glyph, const Rect& area, ImVec4 ink);
void tag_in(Ui& ui, const char* id, TagKind kind, std::string_view words, const Rect& area);

// ---- Acting: each is true in the frame in which it was pressed
bool button(Ui& ui, const char* id, std::string_view label, ButtonKind kind = ButtonKind::kPlain,
            const char* icon = "", const Availability& availability = {}, float width = 0);
bool icon_button(Ui& ui, const char* id, const char* icon, std::string_view tip,
                 const Availability& availability = {});
[[nodiscard]] float button_width(const Ui& ui, std::string_view label, const char* icon = "");
// A button of a command, with its shortcut in the tip; runs it. Draws nothing when it is hidden.
bool command_button(Ui& ui, const Command& command, ButtonKind kind, bool icon_only = false);
bool link(Ui& ui, const char* id, std::string_view label);
bool checkbox(Ui& ui, const char* id, std::string_view label, bool& on,
              const Availability& availability = {});
// A list that a button opens below itself ("more", language). True when one was chosen.
bool menu_button(Ui& ui, const char* id, const char* icon, std::string_view tip,
                 std::span<const std::string> items, std::size_t& chosen);
// The same with commands: hidden ones are left out, greyed ones say why; runs the chosen one.
bool command_menu(Ui& ui, const char* id, const char* icon, std::string_view tip,
                  std::span<const Command* const> commands);
// 0 to 1; negative: not known.
void progress(Ui& ui, const char* id, float fraction, float width);

// ---- Fields: label above, hint inside, message below
struct FieldOptions {
  const char* icon = "";
  std::string_view hint = {};
  std::string_view error = {};  // below, red
  bool focus = false;           // takes the keyboard in this frame
  float width = 0;              // 0: all that is left
  const Availability* availability = nullptr;
};
enum class FieldEvent : unsigned char { kNone, kChanged, kEntered };
FieldEvent text_field(Ui& ui, const char* id, std::string_view label, std::span<char> buffer,
                      const FieldOptions& options = {});
// Never shown but while the eye is held; no undo, no copy.
FieldEvent password_field(Ui& ui, const char* id, std::string_view label, std::span<char> buffer,
                          const FieldOptions& options = {});
bool choice(Ui& ui, const char* id, std::string_view label, std::span<const std::string> items,
            std::size_t& chosen, const FieldOptions& options = {});
// A row of buttons of which one is chosen (filters, durations).
bool segments(Ui& ui, const char* id, std::span<const std::string> items, std::size_t& chosen);

// ---- Lists
// A full-width row that can be chosen; `draw` draws into it. Up, Down, Home, End and typed letters
// move in a list between begin_list and end_list. Pressed: chosen by click, Enter or arrows.
struct ListState {
  std::ptrdiff_t focused = -1;
  bool scroll_to_focused = false;
  // What typed letters look for; empty: they move nothing.
  std::function<std::string(std::size_t)> name_of;
  bool entered = false;  // in this frame: Enter or a double click on the row that was chosen
  std::string typed;
  std::int64_t typed_ms = 0;
};
// `row_height` is in pixels of the screen. begin is false when nothing is visible; end all the
// same.
bool begin_list(Ui& ui, const char* id, ListState& state, std::size_t count, float row_height,
                Rect area);
// Calls draw_row(index, row area, is_focused) for the rows that are visible only; returns the index
// chosen in this frame or -1. Row ids are "<list id>.<index>".
std::ptrdiff_t list_rows(Ui& ui, const char* id, ListState& state, std::size_t count,
                         float row_height, std::ptrdiff_t selected,
                         const std::function<void(std::size_t, const Rect&, bool)>& draw_row);
void end_list(Ui& ui);

struct Column {
  const char* id = "";
  std::string label;
  float width = 0;  // at 100 %; 0: takes what is left
  bool sortable = true;
};
struct SortState {
  std::size_t column = 0;
  bool descending = false;
};
// The head of a table; true when the order changed. `edges` gets each column's left border and the
// right end, on the screen.
bool table_head(Ui& ui, const char* id, std::span<const Column> columns, SortState& sort,
                std::vector<float>& edges);

// ---- Saying something
enum class NoticeKind : unsigned char { kInfo, kGood, kWarning, kBad };
void notice(Ui& ui, const char* id, NoticeKind kind, std::string_view title,
            std::string_view words);
// What an empty list says: what to do first.
void empty_state(Ui& ui, const char* id, const char* icon, std::string_view title,
                 std::string_view words);
void spinner_text(Ui& ui, std::string_view words);  // "…", without anything that blinks
// An error of the core in the person's words: what, on what, what to do.
void error_notice(Ui& ui, const char* id, const struct ErrorText& error);

// ---- Areas
// A child region with padding; begin returns false when nothing of it is visible (end all the
// same). The cursor is left where it was.
bool begin_panel(Ui& ui, const char* id, Rect area, ImVec4 ground, float padding = size::kGapLarge,
                 bool scrolls = true);
void end_panel(Ui& ui);
// A sheet over the screen (modal): focus stays inside, Esc closes it. Call it in each frame; draw
// and end it only when begin returned true. It is as high as what it holds, and scrolls beyond the
// window. Sheets stack in the order of their opening. Draw it outside of panels.
bool begin_sheet(Ui& ui, const char* id, std::string_view title, float width, bool& open);
void end_sheet(Ui& ui);

}  // namespace coffre::ui
