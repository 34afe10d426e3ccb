#include "app/desktop/screens/dossiers_documents.h"

#include <algorithm>
#include <array>
#include <map>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/screens/hold_sheet.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kChipsMax = 6;          // types beside "All"
constexpr std::size_t kFilterFieldFrom = 12;  // documents; fewer are seen at a glance
constexpr float kWideFrom = 690;              // width of the table at 100 %
constexpr float kTallRow = 64;                // compartment and type below the title
constexpr float kNarrowDate = 92;             // the author below the date, the menu beside its head
constexpr float kSortMenu = size::kButton + 8;

// The columns by their place in SortState, whatever is shown.
enum SortColumn : std::size_t {
  kByTitle = 0,
  kByCompartment = 1,
  kByDate = 2,
  kByType = 3,
  kByAuthor = 4
};

int compared(const std::string& left, const std::string& right) {
  return fold(left).compare(fold(right));
}

}  // namespace

void DocumentsTable::show(const DocumentsOf& whose) {
  if (whose_ != whose) {
    whose_ = whose;
    state_ = State::kLoading;
    all_.clear();
    shown_.clear();
    types_.clear();
    chip_labels_.clear();
    chip_ = 0;
    words_.clear();
    list_ = {};
  }
  ask(whose);
}

void DocumentsTable::clear() {
  whose_.reset();
  waiting_.reset();
  all_.clear();
  shown_.clear();
  state_ = State::kNone;
}

const Document* DocumentsTable::find(const Id& id) const {
  const auto found = std::ranges::find(all_, id, &Document::id);
  return found == all_.end() ? nullptr : &*found;
}

void DocumentsTable::ask(const DocumentsOf& whose) {
  if (asked_) {
    waiting_ = whose;
    return;
  }
  asked_ = whose;
  services_.vault.ask<DocumentsRead>(
      [whose](Vault& vault) -> Result<DocumentsRead> {
        DocumentFilter filter;
        filter.patient = whose.patient;
        DocumentsRead read;
        COFFRE_TRY_ASSIGN(read.documents, vault.documents(filter, &read.left_out));
        if (!whose.patient) {
          std::erase_if(read.documents,
                        [](const Document& one) { return one.patient.has_value(); });
        }
        return read;
      },
      alive_.guard([this, whose](Result<DocumentsRead> read) { loaded(whose, std::move(read)); }));
}

void DocumentsTable::loaded(const DocumentsOf& whose, Result<DocumentsRead> documents) {
  asked_.reset();
  if (const std::optional<DocumentsOf> next = std::exchange(waiting_, std::nullopt)) {
    ask(*next);
  }
  if (whose_ != whose) {
    return;  // somebody else was chosen meanwhile
  }
  if (!documents) {
    error_ = documents.error();
    state_ = State::kFailed;
    return;
  }
  all_ = std::move(documents->documents);
  left_out_ = std::move(documents->left_out);
  state_ = State::kReady;
  error_.reset();
  count_types();
  refresh();
}

void DocumentsTable::count_types() {
  const std::string before = chip_ > 0 && chip_ <= types_.size() ? types_[chip_ - 1] : "";
  std::map<std::string, std::size_t> counts;
  for (const Document& document : all_) {
    ++counts[document.type];
  }
  std::vector<std::pair<std::size_t, std::string>> order;
  for (const auto& [type, count] : counts) {
    if (!type.empty()) {
      order.emplace_back(count, type);
    }
  }
  // The most frequent first, then by name.
  std::ranges::sort(order, [](const auto& left, const auto& right) {
    return left.first != right.first ? left.first > right.first : left.second < right.second;
  });
  order.resize(std::min(order.size(), kChipsMax));
  types_.clear();
  chip_labels_ = {fill(tr(N_("All · {}")), {std::to_string(all_.size())})};
  chip_ = 0;
  for (const auto& [count, type] : order) {
    types_.push_back(type);
    chip_labels_.push_back(type + " · " + std::to_string(count));
    if (type == before) {
      chip_ = types_.size();
    }
  }
}

std::string DocumentsTable::author_of(const Document& document) const {
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  return policy ? author_name(*policy, document) : std::string();
}

void DocumentsTable::sort_by(std::size_t column, bool descending) {
  sort_ = {column, descending};
  refresh();
}

void DocumentsTable::refresh() {
  const std::string wanted = fold(words_.view());
  shown_.clear();
  for (std::size_t place = 0; place < all_.size(); ++place) {
    const Document& document = all_[place];
    const bool of_type = chip_ == 0 || document.type == types_[chip_ - 1];
    if (of_type &&
        (wanted.empty() ||
         fold(document.title + " " + document.type + " " + author_of(document)).find(wanted) !=
             std::string::npos)) {
      shown_.push_back(place);
    }
  }
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const auto compare = [&](const Document& left, const Document& right) -> int {
    switch (sort_.column) {
      case kByTitle:
        return compared(left.title, right.title);
      case kByType:
        return compared(left.type, right.type);
      case kByCompartment:
        return policy ? compartment_label(*policy, left.compartment)
                            .compare(compartment_label(*policy, right.compartment))
                      : 0;
      case kByAuthor:
        return compared(author_of(left), author_of(right));
      default:
        return left.date.compare(right.date);
    }
  };
  std::ranges::sort(shown_, [&](std::size_t left, std::size_t right) {
    const int order = compare(all_[left], all_[right]);
    if (order == 0) {  // the newest filed first
      return std::pair(all_[left].filed_ms, left) > std::pair(all_[right].filed_ms, right);
    }
    return sort_.descending ? order > 0 : order < 0;
  });
}

std::optional<Id> DocumentsTable::draw(Ui& ui, const Rect& area,
                                       const std::optional<Id>& selected) {
  Rect left = area;
  switch (state_) {
    case State::kNone:
      return std::nullopt;
    case State::kLoading:
      place({area.min.x + ui.px(size::kGapLarge), area.min.y});
      spinner_text(ui, tr(N_("Reading the documents…")));
      return std::nullopt;
    case State::kFailed:
      if (begin_panel(ui, "documents.failed", area, ui.theme.panel)) {
        error_notice(ui, "documents.error", text_of(*error_));
        gap(ui, size::kGap);
        if (button(ui, "documents.retry", tr(N_("Try again")), ButtonKind::kPlain,
                   icon::kRefresh) &&
            whose_) {
          state_ = State::kLoading;
          ask(*whose_);
        }
      }
      end_panel(ui);
      return std::nullopt;
    case State::kReady:
      break;
  }
  draw_left_out(ui, "documents.left_out", left, left_out_);
  if (all_.empty()) {
    draw_empty(ui, left);
    return std::nullopt;
  }
  draw_filters(ui, left);
  std::optional<Id> chosen = draw_table(ui, left, selected);
  if (wished_ && find(*wished_) != nullptr) {
    chosen = std::exchange(wished_, std::nullopt);
  }
  return chosen;
}

void DocumentsTable::draw_empty(Ui& ui, const Rect& area) const {
  if (begin_panel(ui, "documents.none", area, ui.theme.panel)) {
    empty_state(ui, "documents.empty", icon::kAddFile, tr(N_("No document yet")),
                tr(N_("Drop files here, or press Ctrl+O, to file the first.")));
  }
  end_panel(ui);
}

void DocumentsTable::draw_filters(Ui& ui, Rect& area) {
  const float side = ui.px(size::kGapLarge);
  const float width = area.width() - 2 * side;
  bool changed = false;
  place({area.min.x + side, area.min.y});
  ImGui::BeginGroup();
  if (all_.size() >= kFilterFieldFrom) {
    FieldOptions options;
    options.icon = icon::kFilter;
    options.hint = tr(N_("Filter by title, type or author"));
    options.width = width;
    changed =
        text_field(ui, "documents.filter", "", words_.span(), options) == FieldEvent::kChanged;
    gap(ui, size::kGapSmall);
  }
  changed = chips(ui, "documents.type", chip_labels_, chip_, width) || changed;
  ImGui::EndGroup();
  area.min.y = ImGui::GetItemRectMax().y + ui.px(size::kGapSmall);
  if (changed) {
    refresh();
  }
}

std::optional<Id> DocumentsTable::draw_table(Ui& ui, const Rect& area,
                                             const std::optional<Id>& selected) {
  const bool is_wide = area.width() >= ui.px(kWideFrom);
  // Where there is little room, compartment and type stand below the title, which gets it all, and
  // the author below the date.
  std::vector<Column> columns = {{"title", tr(N_("Title")), 0, true}};
  std::vector<std::size_t> meanings = {kByTitle};
  if (is_wide) {
    columns.push_back({"compartment", tr(N_("Compartment")), 120, true});
    meanings.push_back(kByCompartment);
  }
  columns.push_back({"date", tr(N_("Date")), is_wide ? 114 : kNarrowDate, true});
  meanings.push_back(kByDate);
  if (is_wide) {
    columns.push_back({"type", tr(N_("Type")), 132, true});
    meanings.push_back(kByType);
    columns.push_back({"author", tr(N_("Author")), 124, true});
    meanings.push_back(kByAuthor);
  }
  Rect rows = area;
  std::vector<float> edges;
  Rect head = cut_top(rows, ui.px(size::kRow));
  if (!is_wide) {
    draw_sort_menu(ui, cut_right(head, ui.px(kSortMenu)));
  }
  begin_bar(ui, "documents.headbar", head, ui.theme.panel);
  const auto sorted = std::ranges::find(meanings, sort_.column);
  SortState order{static_cast<std::size_t>(sorted - meanings.begin()), sort_.descending};
  if (table_head(ui, "documents.head", columns, order, edges)) {
    sort_by(meanings[order.column], order.descending);
  }
  end_bar(ui);
  std::ptrdiff_t chosen_place = -1;
  for (std::size_t at = 0; at < shown_.size() && selected; ++at) {
    if (all_[shown_[at]].id == *selected) {
      chosen_place = static_cast<std::ptrdiff_t>(at);
    }
  }
  const float height = ui.px(is_wide ? size::kRow : kTallRow);
  std::ptrdiff_t pressed = -1;
  if (begin_list(ui, "documents", list_, shown_.size(), height, rows)) {
    pressed = list_rows(
        ui, "documents", list_, shown_.size(), height, chosen_place,
        [&](std::size_t at, const Rect& row, bool) { draw_row(ui, row, all_[shown_[at]], edges); });
  }
  end_list(ui);
  return pressed >= 0 ? std::optional<Id>(all_[shown_[static_cast<std::size_t>(pressed)]].id)
                      : std::nullopt;
}

void DocumentsTable::draw_sort_menu(Ui& ui, const Rect& area) {
  begin_bar(ui, "documents.sortbar", area, ui.theme.panel);
  const std::array<std::string, 5> labels = {tr(N_("Title")), tr(N_("Compartment")), tr(N_("Date")),
                                             tr(N_("Type")), tr(N_("Author"))};
  std::size_t column = sort_.column;
  place({area.min.x, area.min.y + (area.height() - ui.px(size::kButton)) / 2});
  if (menu_button(ui, "documents.sort", icon::kSort, tr(N_("Sort")), labels, column)) {
    // The same again turns the order, as at the head.
    sort_by(column, column == sort_.column ? !sort_.descending : column == kByDate);
  }
  end_bar(ui);
}

void DocumentsTable::draw_row(Ui& ui, const Rect& row, const Document& document,
                              const std::vector<float>& edges) const {
  const bool is_wide = edges.size() > 3;  // a narrow one has two columns
  const float pad = ui.px(size::kGap);
  const auto cell = [&](std::size_t column) {
    return Rect{{edges[column] + pad, row.min.y}, {edges[column + 1], row.max.y}};
  };
  Rect title = cell(0);
  icon_in(ui, document_icon(document), cut_left(title, ui.px(20)), ui.theme.muted);
  cut_left(title, ui.px(10));
  const std::string name = document.title.empty() ? tr(N_("Untitled")) : document.title;
  const std::shared_ptr<const Policy> policy = services_.vault.policy();
  const std::string place = policy ? compartment_label(*policy, document.compartment) : "";
  const TagKind kind = policy ? compartment_tag(*policy, document.compartment) : TagKind::kNeutral;
  const bool is_held = policy && held_by(*policy, document) != Held::kNot;
  if (is_wide) {
    if (is_held) {
      held_tag(ui, title);
    }
    text_in(ui, TextKind::kText, name, title);
    tag_in(ui, "", kind, place, cell(1));
    text_in(ui, TextKind::kMuted, date_text(document.date), cell(2));
    text_in(ui, TextKind::kMuted, document.type, cell(3));
    text_in(ui, TextKind::kMuted, author_of(document), cell(4));
    return;
  }
  const float middle = row.min.y + ui.px(33);
  text_in(ui, TextKind::kText, name, {{title.min.x, row.min.y + ui.px(6)}, {title.max.x, middle}});
  Rect below{{title.min.x, middle}, {title.max.x, row.max.y - ui.px(7)}};
  tag_in(ui, "", kind, place,
         cut_left(below, text_extent(ui, TextKind::kSmallStrong, place).x + ui.px(22)));
  if (is_held) {
    held_tag(ui, below);
  }
  text_in(ui, TextKind::kSmallMuted, document.type, below);
  const Rect last{{edges[1] + pad, title.min.y}, {row.max.x - ui.px(size::kGapSmall), row.max.y}};
  text_in(ui, TextKind::kMuted, date_text(document.date),
          {{last.min.x, row.min.y + ui.px(6)}, {last.max.x, middle}});
  text_in(ui, TextKind::kSmallMuted, author_of(document),
          {{last.min.x, middle}, {last.max.x, row.max.y - ui.px(7)}});
}

}  // namespace coffre::ui
