#include "app/desktop/screens/document_pane.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"

namespace coffre::ui {

DocumentPane::DocumentPane(Services& services, ReadPages read)
    : services_(services),
      read_(std::move(read)),
      selection_(share_selection(services)),
      view_(services) {}

void DocumentPane::show(const Document& document, std::string patient) {
  if (selection_->document && selection_->document->id == document.id && state_ != State::kFailed) {
    replace_record(document);
    return;
  }
  selection_->document = document;
  selection_->patient_name = std::move(patient);
  selection_->earlier.reset();
  show_other();
}

void DocumentPane::show_other() {
  view_.close();
  error_.reset();
  find_open_ = false;
  find_words_.clear();
  ask();
}

void DocumentPane::replace_record(const Document& document) {
  if (!selection_->document || selection_->document->id != document.id) {
    return;
  }
  const std::optional<Content> before = wanted();
  selection_->document = document;
  if (selection_->earlier && std::ranges::find(document.earlier, selection_->earlier->id,
                                               &EarlierVersion::id) == document.earlier.end()) {
    selection_->earlier.reset();  // it is the present one now
  }
  if (wanted() != before) {
    show_other();
  }
}

void DocumentPane::show_earlier(const EarlierVersion& version) {
  if (!selection_->document || wanted() == Content{selection_->document->id, version.id}) {
    return;
  }
  selection_->earlier = version;
  show_other();
}

void DocumentPane::show_present() {
  if (selection_->document && selection_->earlier) {
    selection_->earlier.reset();
    show_other();
  }
}

std::optional<DocumentPane::Content> DocumentPane::wanted() const {
  if (!selection_->document) {
    return std::nullopt;
  }
  return Content{selection_->document->id,
                 selection_->earlier ? selection_->earlier->id : selection_->document->version};
}

void DocumentPane::clear() {
  view_.close();
  selection_->document.reset();
  selection_->earlier.reset();
  selection_->patient_name.clear();
  state_ = State::kNone;
  waiting_ = false;
  find_open_ = false;
  find_words_.clear();
}

namespace {

// Pages that were started and have not reached the screen.
class StartedPages {
 public:
  // `session`: SessionEnd::ended_count() when the document was asked for.
  StartedPages(SessionEnd& end, std::uint64_t session, const std::shared_ptr<DocumentPages>& pages)
      : end_(end), ticket_(end.add_since(session, [pages] { pages->close(); })) {
    if (!ticket_) {
      pages->close();
    }
  }
  StartedPages(const StartedPages&) = delete;
  StartedPages& operator=(const StartedPages&) = delete;
  ~StartedPages() {
    if (ticket_) {
      end_.remove(*ticket_);
    }
  }

 private:
  SessionEnd& end_;
  std::optional<SessionEnd::Ticket> ticket_;
};

}  // namespace

void DocumentPane::ask() {
  state_ = State::kReading;
  if (asked_) {
    waiting_ = true;
    return;
  }
  asked_ = wanted();
  services_.vault.ask<StartPages>(
      [read = read_, document = *selection_->document,
       earlier = selection_->earlier](Vault& vault) { return read(vault, document, earlier); },
      alive_.guard([this, content = *asked_,
                    count = services_.session_end.ended_count()](Result<StartPages> start) {
        content_read(content, count, std::move(start));
      }));
}

void DocumentPane::content_read(const Content& content, std::uint64_t session,
                                Result<StartPages> start) {
  asked_.reset();
  const bool is_wanted = wanted() == content;
  if (std::exchange(waiting_, false) && selection_->document && !is_wanted) {
    ask();
    return;
  }
  if (!is_wanted) {
    return;
  }
  if (!start) {
    error_ = start.error();
    state_ = State::kFailed;
    return;
  }
  const auto pages = std::make_shared<Result<std::shared_ptr<DocumentPages>>>();
  services_.jobs.start({}, false,
                       [pages, begin = *std::move(start), &end = services_.session_end, session,
                        take = alive_.guard([this, content, pages] {
                          pages_started(content, std::move(*pages));
                        })](Progress&) -> Jobs::Completion {
                         *pages = begin();
                         if (!*pages) {
                           return take;
                         }
                         // From here to the screen it dies with the session too, also when the UI
                         // thread hangs.
                         return [watched = std::make_shared<StartedPages>(end, session, **pages),
                                 take]() mutable { take(); };
                       });
}

void DocumentPane::pages_started(const Content& content,
                                 Result<std::shared_ptr<DocumentPages>> pages) {
  if (wanted() != content || state_ != State::kReading) {
    if (pages) {
      (*pages)->close();
    }
    return;
  }
  if (!pages) {
    error_ = pages.error();
    state_ = State::kFailed;
    return;
  }
  view_.open(*std::move(pages));
  state_ = State::kReady;
}

void DocumentPane::open_find() {
  find_open_ = true;
  find_focus_ = true;
}

Availability DocumentPane::when_shown(const std::function<bool()>& is_shown) const {
  if (!is_shown()) {
    return Availability::hidden();
  }
  return view_.is_open() ? Availability::ready()
                         : Availability::greyed(N_("Choose a document first."));
}

void DocumentPane::add_commands(Commands& commands, std::function<bool()> is_shown,
                                std::function<void()> edit) {
  const auto add = [&](const char* id, const char* label, const char* icon, Shortcut shortcut,
                       std::function<void()> run) {
    commands.add({id, label, icon, shortcut, [this, is_shown] { return when_shown(is_shown); },
                  std::move(run)});
  };
  add("document.zoom_in", N_("Larger"), icon::kPlus, {letter('+')}, [this] { view_.zoom(1); });
  add("document.zoom_out", N_("Smaller"), icon::kMinus, {letter('-')}, [this] { view_.zoom(-1); });
  add("document.fit_page", N_("Whole page"), icon::kFit, {letter('0'), true},
      [this] { view_.set_fit(Fit::kPage); });
  add("document.fit_width", N_("Page width"), icon::kFit, {letter('9'), true},
      [this] { view_.set_fit(Fit::kWidth); });
  add("document.rotate", N_("Rotate the page"), icon::kRotateRight, {letter('R'), true},
      [this] { view_.rotate(); });
  add("document.page_next", N_("Next page"), icon::kChevronRight, {Key::kPageDown},
      [this] { view_.forward(); });
  add("document.page_previous", N_("Previous page"), icon::kChevronLeft, {Key::kPageUp},
      [this] { view_.backward(); });
  add("document.thumbnails", N_("Thumbnails of all pages"), icon::kCopy, {letter('T'), true},
      [this] { view_.toggle_thumbnails(); });
  add("document.find", N_("Find in the document"), icon::kSearch, {letter('F'), true, true},
      [this] { open_find(); });
  add("document.find_next", N_("Next hit"), icon::kArrowDown, {Key::kF3}, [this] {
    view_.finder().next();
    view_.go_to_hit();
  });
  add("document.find_previous", N_("Previous hit"), icon::kArrowUp, {Key::kF3, false, true},
      [this] {
        view_.finder().previous();
        view_.go_to_hit();
      });
  commands.add({"document.edit",
                N_("Change title, type, date"),
                icon::kEdit,
                {Key::kF2},
                [this, is_shown] {
                  if (!is_shown()) {
                    return Availability::hidden();
                  }
                  if (!selection_->document) {
                    return Availability::greyed(N_("Choose a document first."));
                  }
                  const Id place = selection_->document->compartment;
                  return (services_.vault.rights(place) & right::kEdit) != 0
                             ? Availability::ready()
                             : Availability::greyed(N_("Your role may not change it."));
                },
                std::move(edit)});
}

}  // namespace coffre::ui
