#include "app/desktop/ui_core/opened_documents.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/common/mime.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/vault/copy_watch.h"
#include "core/vault/opened_place.h"

namespace coffre::ui {
namespace {

constexpr int kUnusedLooks = 2;  // a program that saves may have closed it for a moment

// A copy that has not reached the UI thread: erased when it does not.
struct Arriving {
  explicit Arriving(OpenedCopy made) : opened(std::move(made)) {}
  Arriving(const Arriving&) = delete;
  Arriving& operator=(const Arriving&) = delete;
  ~Arriving() {
    if (!is_taken) {
      opened.copy.discard();
    }
  }
  OpenedCopy take() {
    is_taken = true;
    return std::move(opened);
  }

  OpenedCopy opened;
  bool is_taken = false;
};

// What was kept in memory, as a content.
class KeptSource final : public ContentSource {
 public:
  explicit KeptSource(Secret bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::uint64_t size() const override { return content().size(); }
  [[nodiscard]] Status read(MutableByteView out) override {
    std::ranges::copy(content().subspan(at_, out.size()), out.begin());
    at_ += out.size();
    return {};
  }
  [[nodiscard]] Status finish() override { return {}; }
  [[nodiscard]] const char* mime() const {
    return mime_of(content().first(std::min(content().size(), kMimeBytes)));
  }

 private:
  [[nodiscard]] ByteView content() const { return std::as_const(bytes_).expose(); }

  Secret bytes_;
  std::size_t at_ = 0;
};

// Stores what was saved; the record as it is then. nullopt: it was the same.
Result<std::optional<Document>> store_saved(Vault& vault, const Document& document,
                                            const std::string& path) {
  COFFRE_TRY_ASSIGN(const std::optional<Hash> hash, store_changes(vault, document, path));
  if (!hash) {
    return std::nullopt;
  }
  return vault.document(document.id);
}

}  // namespace

bool OpenedDocuments::may_change(const Document& document) const {
  constexpr auto kNeeded = static_cast<std::uint8_t>(right::kEdit | right::kDeposit);
  return (parts_.vault.rights(document.compartment) & kNeeded) == kNeeded;
}

OpenedDocuments::Opened* OpenedDocuments::find(const Id& document) {
  const auto found = std::ranges::find(
      opened_, document, [](const std::unique_ptr<Opened>& each) { return each->document.id; });
  return found == opened_.end() ? nullptr : found->get();
}

bool OpenedDocuments::is_open(const Id& document) const {
  return std::ranges::any_of(
      opened_, [&](const std::unique_ptr<Opened>& each) { return each->document.id == document; });
}

void OpenedDocuments::open(Wish wish, std::function<void(const Status&)> done) {
  OpenOrder order;
  order.reason = std::move(wish.reason);
  order.name = neutral_name(wish.document.mime, format_time(parts_.clock.wall_ms()).substr(0, 10));
  order.in_memory = !wish.on_disk;
  order.directory = wish.on_disk ? parts_.state_directory + "/opened"
                                 : parts_.calls.directory().value_or(std::string());
  parts_.vault.ask_job<std::shared_ptr<Arriving>>(
      tr(N_("Opening in another program")), false,
      [order = std::move(order), id = wish.document.id](
          Vault& vault, Progress&) -> Result<std::shared_ptr<Arriving>> {
        if (!order.in_memory) {
          COFFRE_TRY(make_directories(order.directory));
        }
        COFFRE_TRY_ASSIGN(OpenedCopy made, vault.open_copy(id, order));
        return std::make_shared<Arriving>(std::move(made));
      },
      [this, done = std::move(done)](const Result<std::shared_ptr<Arriving>>& made) {
        parts_.exports.look();
        if (made) {
          begun((*made)->take(), done);
        } else {
          done(std::unexpected<Error>(made.error()));
        }
      });
}

void OpenedDocuments::begun(OpenedCopy made, const std::function<void(const Status&)>& done) {
  const std::string path = made.copy.entry().path;
  const std::optional<FileMark> seen = mark_of(path);  // what the program saves is seen from now on
  Result<Process> process = parts_.calls.start(path);
  if (!process) {
    made.copy.discard();
    done(std::unexpected<Error>(process.error()));
    return;
  }
  const bool may_store = may_change(made.document);
  opened_.push_back(std::make_unique<Opened>(Opened{.document = std::move(made.document),
                                                    .copy = std::move(made.copy),
                                                    .process = *std::move(process),
                                                    .seen = seen,
                                                    .changed_ms = std::nullopt,
                                                    .may_change = may_store}));
  looked_ms_ = used_ms_ = parts_.clock.steady_ms();
  is_other_ = true;
  done({});
}

void OpenedDocuments::close(const Id& document) {
  Opened* opened = find(document);
  if (opened == nullptr) {
    return;
  }
  opened->is_closing = true;
  opened->retry_ms = 0;
  look(*opened);
  if (opened->changed_ms) {
    store(*opened);
  } else if (!opened->is_storing) {
    erase(document);
  }
}

void OpenedDocuments::erase(const Id& document) {
  const auto found = std::ranges::find(
      opened_, document, [](const std::unique_ptr<Opened>& each) { return each->document.id; });
  if (found == opened_.end()) {
    return;
  }
  const Id copy = (*found)->copy.entry().id;
  (*found)->process.leave();
  opened_.erase(found);
  parts_.exports.erase({copy});
  is_other_ = true;
}

void OpenedDocuments::look(Opened& opened) {
  const std::optional<FileMark> mark = mark_of(opened.copy.entry().path);
  if (mark != opened.seen) {
    opened.seen = mark;
    opened.changed_ms = parts_.clock.steady_ms();
  }
  if (!opened.may_change || !opened.seen) {
    opened.changed_ms.reset();
  }
  if (!opened.changed_ms) {
    return;
  }
  const Status can_be = check_saved(opened.copy.entry().path);
  const bool is_stable = parts_.clock.steady_ms() >= *opened.changed_ms + kStableMs;
  if (!can_be && (is_stable || opened.is_closing)) {
    // No version, now and later; the vault has what was there before.
    opened.changed_ms.reset();
    if (!std::exchange(opened.is_unfit, true)) {
      parts_.toasts.say_error(can_be.error());
    }
  }
}

void OpenedDocuments::store(Opened& opened) {
  if (opened.is_storing) {
    return;
  }
  opened.is_storing = true;
  opened.changed_ms.reset();
  parts_.vault.ask<std::optional<Document>>(
      [document = opened.document, path = opened.copy.entry().path](Vault& vault) {
        return store_saved(vault, document, path);
      },
      [this, id = opened.document.id](const Result<std::optional<Document>>& result) {
        stored(id, result);
      });
}

void OpenedDocuments::stored(const Id& document, const Result<std::optional<Document>>& result) {
  Opened* opened = find(document);
  if (opened == nullptr) {
    return;
  }
  opened->is_storing = false;
  opened->is_unfit = opened->is_unfit && !result;
  is_other_ = true;
  if (!result) {
    const std::int64_t now_ms = parts_.clock.steady_ms();
    opened->changed_ms = opened->changed_ms.value_or(now_ms);
    opened->retry_ms = now_ms + kRetryMs;
    parts_.toasts.say_error(result.error());
    return;
  }
  if (*result) {
    opened->document = **result;
    parts_.toasts.say(tr(N_("What you saved in the other program is a new version.")),
                      tr(N_("Take it back")), [this, document] { take_back(document); });
    if (stored_) {
      stored_(**result);
    }
  }
  if (opened->is_closing && !opened->changed_ms) {
    erase(document);
  }
}

void OpenedDocuments::take_back(const Id& document) {
  parts_.vault.ask<Document>(
      [document](Vault& vault) -> Result<Document> {
        COFFRE_TRY_ASSIGN(const Document now, vault.document(document));
        if (!now.earlier.empty()) {
          DocumentEdit edit;
          edit.version = now.earlier.back().id;
          COFFRE_TRY(vault.edit_document(document, edit));
        }
        return vault.document(document);
      },
      [this](const Result<Document>& result) {
        if (!result) {
          parts_.toasts.say_error(result.error());
        } else if (stored_) {
          stored_(*result);
        }
      });
}

void OpenedDocuments::look_at_use() {
  used_ms_ = parts_.clock.steady_ms();
  is_looking_at_use_ = true;
  std::vector<std::pair<Id, std::string>> directories;
  directories.reserve(opened_.size());
  for (const std::unique_ptr<Opened>& each : opened_) {
    directories.emplace_back(each->document.id, parent_directory(each->copy.entry().path));
  }
  parts_.jobs.start(
      {}, false,
      [this, directories = std::move(directories),
       is_used = parts_.calls.is_used](Progress&) -> Jobs::Completion {
        std::vector<std::pair<Id, bool>> found;
        for (const auto& [id, directory] : directories) {
          found.emplace_back(id, is_used(directory));
        }
        return [this, found = std::move(found)] {
          is_looking_at_use_ = false;
          for (const auto& [id, used] : found) {
            Opened* opened = find(id);
            if (opened == nullptr) {
              continue;
            }
            opened->was_used = opened->was_used || used;
            opened->looks_unused = used ? 0 : opened->looks_unused + 1;
            if (opened->was_used && opened->looks_unused >= kUnusedLooks && !opened->is_closing) {
              close(id);
            }
          }
        };
      });
}

bool OpenedDocuments::tick() {
  const std::int64_t now_ms = parts_.clock.steady_ms();
  if (!opened_.empty() && now_ms >= looked_ms_ + kLookMs) {
    looked_ms_ = now_ms;
    std::vector<Id> gone;
    for (const std::unique_ptr<Opened>& each : opened_) {
      look(*each);
      static_cast<void>(each->process.wait(parts_.clock, 0));  // no trace of it stays behind
      const bool is_stable = each->changed_ms && now_ms >= *each->changed_ms + kStableMs;
      if (is_stable && now_ms >= each->retry_ms) {
        store(*each);
      }
      if (opened_state(each->copy.entry()) == OpenedState::kGone) {
        gone.push_back(each->document.id);  // erased from the list of copies, or taken away
        forget_copy(each->copy.entry().id);
      }
    }
    std::erase_if(opened_, [&](const std::unique_ptr<Opened>& each) {
      return std::ranges::find(gone, each->document.id) != gone.end();
    });
    if (!gone.empty()) {
      is_other_ = true;
      parts_.exports.look();
    }
    if (!opened_.empty() && !is_looking_at_use_ && now_ms >= used_ms_ + kUseLookMs) {
      look_at_use();
    }
  }
  return std::exchange(is_other_, false);
}

std::int64_t OpenedDocuments::next_ms() const {
  return opened_.empty()
             ? -1
             : std::max<std::int64_t>(0, looked_ms_ + kLookMs - parts_.clock.steady_ms());
}

void OpenedDocuments::begin_session(const Hash& vault, const Id& owner) {
  std::vector<Kept> mine;
  {
    const std::lock_guard<std::mutex> guard(kept_->mutex);
    std::erase_if(kept_->kept, [&](Kept& each) {
      const bool is_mine = each.vault == vault && each.owner == owner;
      if (is_mine) {
        mine.push_back(std::move(each));
      }
      return is_mine;
    });
  }
  for (Kept& each : mine) {
    const auto kept = std::make_shared<Kept>(std::move(each));
    parts_.vault.ask<Document>(
        [kept](Vault& opened) -> Result<Document> {
          COFFRE_TRY_ASSIGN(Secret plain, opened.open_draft(kept->sealed));
          COFFRE_TRY_ASSIGN(Document now, opened.document(kept->document));
          if (sha256(std::as_const(plain).expose()) == now.content_sha256) {
            return now;  // it was stored before the lock came
          }
          auto source = std::make_unique<KeptSource>(std::move(plain));
          const char* const mime = source->mime();
          COFFRE_TRY(
              store_version(opened, kept->document, kept->compartment, std::move(source), mime));
          return opened.document(kept->document);
        },
        [this, kept](const Result<Document>& result) {
          if (!result) {
            parts_.toasts.say_error(result.error());
            if (result.error().code != Code::kDenied) {  // else it can never be stored
              const std::lock_guard<std::mutex> guard(kept_->mutex);
              kept_->kept.push_back(std::move(*kept));  // tried again after the next unlock
            }
            return;
          }
          parts_.toasts.say(
              tr(N_("What you saved in another program before the lock is a new version.")));
          if (stored_) {
            stored_(*result);
          }
        });
  }
}

void OpenedDocuments::keep(const Opened& opened, const Hash& vault, const Id& owner) {
  Result<Secret> read = read_secret_file(opened.copy.entry().path, kKeptMax);
  if (!read || std::as_const(*read).expose().empty()) {
    return;  // more than is kept, or being written in this very moment
  }
  const auto plain = std::make_shared<Secret>(*std::move(read));
  parts_.vault.ask<void>(
      [plain, list = kept_,
       kept = Kept{vault, owner, opened.document.id, opened.document.compartment, {}}](
          Vault& vault_now) mutable -> Status {
        const Result<Bytes> sealed = vault_now.seal_draft(std::as_const(*plain).expose());
        plain->wipe();
        if (sealed) {
          kept.sealed = *sealed;
          const std::lock_guard<std::mutex> guard(list->mutex);
          list->kept.push_back(std::move(kept));
        }
        return {};
      },
      [](const Status&) {});
}

void OpenedDocuments::end_session(const Hash& vault, const Id& owner) {
  for (const std::unique_ptr<Opened>& each : opened_) {
    const bool is_saved =
        each->is_storing || each->changed_ms || mark_of(each->copy.entry().path) != each->seen;
    if (is_saved && each->may_change) {
      keep(*each, vault, owner);
    }
    each->process.leave();
  }
  opened_.clear();
  is_looking_at_use_ = false;
  stored_ = nullptr;
}

void OpenedDocuments::store_all() {
  for (const std::unique_ptr<Opened>& each : opened_) {
    look(*each);
    if (each->changed_ms) {
      store(*each);
    }
  }
}

}  // namespace coffre::ui
