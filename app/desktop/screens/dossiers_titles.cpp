#include "app/desktop/screens/dossiers_titles.h"

#include <algorithm>
#include <tuple>

#include "app/common/i18n.h"
#include "app/desktop/screens/dossiers_drawing.h"
#include "app/desktop/screens/dossiers_names.h"
#include "app/desktop/ui_core/format.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {
namespace {

constexpr float kTitleRowHeight = 62;
constexpr std::size_t kFoundMax = 1000;  // nobody reads on; more words narrow it

bool has_all(const std::string& text, const std::vector<std::string>& words) {
  return std::ranges::all_of(
      words, [&](const std::string& word) { return text.find(word) != std::string::npos; });
}

std::vector<std::string> parts_of(const std::string& folded) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < folded.size();) {
    const std::size_t end = std::min(folded.find(' ', at), folded.size());
    if (end > at) {
      parts.push_back(folded.substr(at, end - at));
    }
    at = end + 1;
  }
  return parts;
}

}  // namespace

void TitleSearch::set_words(std::string_view words) {
  if (words != words_) {
    words_ = words;
    search();
  }
}

void TitleSearch::load() {
  stale_ = false;
  loading_ = true;
  using Loaded = std::shared_ptr<const Titles>;
  services_.vault.ask<Loaded>(
      [](Vault& vault) -> Result<Loaded> {
        auto titles = std::make_shared<Titles>();
        std::vector<UnreadableRecord> left_out;  // told above the documents and the patients
        COFFRE_TRY_ASSIGN(titles->documents, vault.documents({}, &left_out));
        std::ranges::sort(titles->documents, std::greater<>{}, [](const Document& document) {
          return std::tie(document.date, document.filed_ms, document.id);
        });
        titles->folded.reserve(titles->documents.size());
        for (const Document& document : titles->documents) {
          titles->folded.push_back(fold(document.title) + " " + fold(document.type));
        }
        return titles;
      },
      alive_.guard([this](Result<Loaded> loaded) {
        loading_ = false;
        error_.reset();
        if (loaded) {
          titles_ = *std::move(loaded);
          search();
        } else {
          error_ = loaded.error();
        }
      }));
}

void TitleSearch::search() {
  if (!titles_) {
    return;
  }
  const auto found = std::make_shared<Found>(Found{titles_, {}});
  services_.jobs.start(
      {}, false, [found, words = words_, take = alive_.guard([this, number = ++wanted_, found] {
        if (number == wanted_) {
          found_ = std::move(*found);
        }
      })](Progress&) -> Jobs::Completion {
        const std::vector<std::string> wanted = parts_of(fold(words));
        const std::vector<std::string>& texts = found->titles->folded;
        for (std::size_t at = 0; at < texts.size() && found->places.size() < kFoundMax; ++at) {
          if (has_all(texts[at], wanted)) {
            found->places.push_back(static_cast<std::uint32_t>(at));
          }
        }
        return take;
      });
}

std::optional<Document> TitleSearch::draw(Ui& ui, const Rect& area) {
  if (stale_ && !loading_) {
    load();
  }
  const std::size_t count = found_.places.size();
  if (error_ || count == 0) {
    if (begin_panel(ui, "titles.state", area, ui.theme.panel, size::kGapWide)) {
      if (error_) {
        error_notice(ui, "titles.error", text_of(*error_));
      } else if (loading_ || !found_.titles) {
        spinner_text(ui, tr(N_("Reading the titles…")));
      } else {
        wrapped(ui, TextKind::kMuted, tr(N_("No title has these words.")));
      }
    }
    end_panel(ui);
    return std::nullopt;
  }
  const auto document = [&](std::size_t at) -> const Document& {
    return found_.titles->documents[found_.places[at]];
  };
  std::ptrdiff_t pressed = -1;
  if (begin_list(ui, "titles", list_, count, ui.px(kTitleRowHeight), area)) {
    pressed =
        list_rows(ui, "titles", list_, count, ui.px(kTitleRowHeight), -1,
                  [&](std::size_t at, const Rect& row, bool) { draw_row(ui, row, document(at)); });
  }
  end_list(ui);
  return pressed >= 0 ? std::optional<Document>(document(static_cast<std::size_t>(pressed)))
                      : std::nullopt;
}

void TitleSearch::draw_row(Ui& ui, const Rect& row, const Document& document) const {
  const float left = row.min.x + ui.px(size::kGapWide);
  const float width = row.width() - ui.px(size::kGapWide) - ui.px(size::kGap);
  const Patient* patient = document.patient ? book_.find(*document.patient) : nullptr;
  text_at(ui, TextKind::kStrong, {left, row.min.y + ui.px(9)},
          document.title.empty() ? tr(N_("Untitled")) : document.title, width);
  text_at(ui, TextKind::kSmallMuted, {left, row.min.y + ui.px(34)},
          date_text(document.date) + " · " +
              (patient == nullptr ? document.type : patient_name(*patient)),
          width);
}

}  // namespace coffre::ui
