// The document in hand: a bar with zoom and pages, the page, what can be done with it.
//
// An earlier version is shown below a strip that says so, in a frame of the same colour, until the
// person goes back to the present one or chooses another document.
//
// Showing a document is journaled by the vault before a byte of it is opened; the content goes into
// memory that only the process without rights gets, which gives back pixels. While one document is
// read, only the newest wish waits. Guarantees: what was closed or replaced is never drawn again;
// on a lock the process dies at once (PageView). Threads: UI thread only; ReadPages and StartPages
// on threads of their own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/page_view.h"
#include "app/desktop/screens/selection.h"

namespace coffre::ui {

// Starts what draws the pages of a content that was read; takes a while.
using StartPages = std::function<Result<std::shared_ptr<DocumentPages>>()>;
// Reads the content on the vault's thread; journaled. `earlier`: of that version; nullopt: of the
// present one.
using ReadPages = std::function<Result<StartPages>(Vault&, const Document&,
                                                   const std::optional<EarlierVersion>& earlier)>;
// With the viewer's process; `program`: empty, beside the running program.
[[nodiscard]] ReadPages sandboxed_pages(std::string program);

class DocumentPane {
 public:
  DocumentPane(Services& services, ReadPages read);

  enum class State : unsigned char { kNone, kReading, kReady, kFailed };
  void show(const Document& document, std::string patient);
  // Its record was changed: the pages stay, unless they are of a version that is not shown any
  // more.
  void replace_record(const Document& document);
  // Of the document in hand.
  void show_earlier(const EarlierVersion& version);
  void show_present();
  void clear();
  [[nodiscard]] const std::optional<Document>& document() const { return selection_->document; }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] PageView& pages() { return view_; }

  // Commands of the document in hand. `is_shown`: the screen is in front; `edit` opens the sheet.
  void add_commands(Commands& commands, std::function<bool()> is_shown, std::function<void()> edit);
  void open_find();
  // `can_go_back`: there is a list behind this pane. True when the person wants it.
  bool draw(Ui& ui, const Rect& area, bool can_go_back);

 private:
  // A content: a document in one of its versions.
  struct Content {
    Id document;
    Id version;
    bool operator==(const Content&) const = default;
  };
  // What is to be shown; nullopt: nothing.
  [[nodiscard]] std::optional<Content> wanted() const;
  void show_other();  // what was asked for is another content than before
  void ask();
  void content_read(const Content& content, std::uint64_t session, Result<StartPages> start);
  void pages_started(const Content& content, Result<std::shared_ptr<DocumentPages>> pages);
  [[nodiscard]] Availability when_shown(const std::function<bool()>& is_shown) const;
  bool draw_bar(Ui& ui, Rect bar, bool can_go_back);
  void draw_zoom(Ui& ui, Rect& bar);
  void draw_paging(Ui& ui, Rect& bar);
  void draw_held(Ui& ui, Rect& rest);
  void draw_earlier(Ui& ui, Rect& rest);
  void draw_find(Ui& ui, const Rect& bar);
  void draw_actions(Ui& ui, const Rect& bar);
  void draw_body(Ui& ui, const Rect& area);
  [[nodiscard]] std::string find_count() const;

  Services& services_;
  ReadPages read_;
  std::shared_ptr<Selection> selection_;
  PageView view_;
  State state_ = State::kNone;
  std::optional<Error> error_;
  std::optional<Content> asked_;
  bool waiting_ = false;  // the selection changed while one was read
  bool find_open_ = false;
  bool find_focus_ = false;
  Line find_words_;
  Alive alive_;
};

}  // namespace coffre::ui
