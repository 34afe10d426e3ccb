// Documents: showing, changing their records, and copies that leave the vault.
#include <algorithm>

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/vault/content.h"
#include "core/vault/hints.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

// The document with the content that it had in an earlier version. kDenied: it had none such.
Result<Document> at_version(Document document, const Id& version) {
  if (version == document.version) {
    return document;
  }
  const auto found = std::ranges::find(document.earlier, version, &EarlierVersion::id);
  if (found == document.earlier.end()) {
    return fail(Code::kDenied, N_("the document has no such version"), to_hex(version.view()),
                N_("see its versions with: coffrectl versions"));
  }
  const EarlierVersion wanted = std::move(*found);
  document.earlier.erase(found);
  document.earlier.push_back(present_version(document));
  document.version = wanted.id;
  document.mime = wanted.mime;
  document.size = wanted.size;
  document.content_sha256 = wanted.content_sha256;
  document.changed_ms = wanted.stored_ms;
  document.changed_by = wanted.author;
  return document;
}

std::unexpected<Error> damaged_content(const Id& document) {
  return fail(Code::kDamaged, N_("the content of a document was changed or is incomplete"),
              to_hex(document.view()), kRestoreHint);
}

// One version: its row, DEK, and the way to its extents.
struct OpenVersion {
  Id id;
  VersionRow row;
  OwnedStateRow stored;
  Secret dek;
};

Result<OpenVersion> open_version(Vault::Impl& vault, ReadView& view, const Document& document) {
  OpenVersion version;
  version.id = document.version;
  COFFRE_TRY_ASSIGN(version.stored, vault.row(view, Table::kVersions, document.version));
  COFFRE_TRY_ASSIGN(version.row, VersionRow::parse(version.stored.body));
  if (version.row.document != document.id || version.row.compartment != document.compartment) {
    return damaged_content(document.id);
  }
  COFFRE_TRY_ASSIGN(const ByteView key, vault.envelope_key(view, version.row.envelope));
  COFFRE_TRY_ASSIGN(AeadKey aead, envelope_aead(key));
  COFFRE_TRY_ASSIGN(version.dek, version.row.open(aead, vault.log.vault(), version.id.view()));
  return version;
}

// Gives the extents of a version in any order, each checked for its place; hashes them when they
// are read in order from the first.
class ExtentReader {
 public:
  ExtentReader(Store& store, const OpenVersion& version, const Id& document)
      : store_(store), version_(version), document_(document) {}

  [[nodiscard]] Status fetch(std::uint32_t first, std::span<Bytes> out) {
    // A view of its own for each call: a slow reader of the copy does not hold writers up. The
    // bytes are verified by key and hash, whoever writes meanwhile.
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, store_.read());
    for (std::size_t index = 0; index < out.size(); ++index) {
      const auto number = static_cast<std::uint32_t>(first + index);
      COFFRE_TRY_ASSIGN(std::optional<ExtentRow> extent,
                        view->extent_into(static_cast<std::int64_t>(version_.row.first) + number,
                                          std::move(out[index])));
      if (!extent || extent->number != number ||
          !std::ranges::equal(extent->version, version_.id.view())) {
        return damaged_content(document_);
      }
      if (hashing_ && number == next_) {
        hash_.update(extent->bytes);
        ++next_;
      }
      out[index] = std::move(extent->bytes);
    }
    return {};
  }
  void start_hash() { hashing_ = true; }
  // After all extents were fetched in order.
  [[nodiscard]] Status check_hash() {
    if (!hashing_) {
      return {};
    }
    hashing_ = false;
    if (next_ != version_.row.extents || hash_.finish() != version_.row.ciphertext_sha256) {
      return damaged_content(document_);
    }
    return {};
  }

 private:
  Store& store_;
  const OpenVersion& version_;
  Id document_;
  Sha256 hash_;
  bool hashing_ = false;
  std::uint32_t next_ = 0;
};

// Where a content is given to: checked wholly before its first byte, or as it is opened, which is
// for who only compares.
enum class Giving : std::uint8_t { kVerified, kAtOnce };

// The whole content to the sink, of which no byte before all was verified.
Status read_content(Vault::Impl& vault, const Document& document, const OpenVersion& version,
                    const ContentSink& sink, const Lease::Use& use,
                    Giving giving = Giving::kVerified) {
  ExtentReader extents(*vault.store, version, document.id);
  Result<ContentOpener> opener = ContentOpener::create(
      vault.log.vault(), document.id, version.id, version.dek.expose(), version.row.ciphertext_size,
      [&](std::uint32_t first, std::span<Bytes> out) { return extents.fetch(first, out); });
  if (!opener || opener->size() != document.size ||
      extent_count(content_message_size(document.size)) != version.row.extents) {
    return opener || opener.error().code == Code::kDamaged ? Status(damaged_content(document.id))
                                                           : std::unexpected(opener.error());
  }
  const auto should_stop = [&] { return use.should_stop(); };
  const std::size_t threads = worker_count();
  extents.start_hash();
  // What is opened in one piece is given when its hash was checked; a larger content is read twice:
  // verified, then given.
  if (giving == Giving::kAtOnce) {
    COFFRE_TRY(opener->read(sink, should_stop, threads));
    return extents.check_hash();
  }
  if (version.row.extents > kExtentsAtOnce) {
    COFFRE_TRY(opener->read({}, should_stop, threads));
    COFFRE_TRY(extents.check_hash());
    return sink ? opener->read(sink, should_stop, threads) : Status{};
  }
  COFFRE_TRY(opener->read(
      [&](ByteView bytes) -> Status {
        COFFRE_TRY(extents.check_hash());
        return sink ? sink(bytes) : Status{};
      },
      should_stop, threads));
  return extents.check_hash();
}

Result<std::string> checked_text(const std::string& text, std::size_t size_max) {
  COFFRE_TRY_ASSIGN(const std::string line, checked_line(text, size_max));
  return to_nfc(line);
}

}  // namespace

Result<Document> Vault::document(const Id& id) {
  return impl_->with_keys([&](Lease::Use&) -> Result<Document> {
    Impl& self = *impl_;
    Document document;
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(document, self.read_document(commit.transaction(), id));
      Event event = self.event(Action::kView);
      event.object = id;
      event.patient = document.patient;
      return commit.add_event(event);
    }));
    return document;
  });
}

Status Vault::edit_document(const Id& id, const DocumentEdit& edit) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    return self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(const Impl::OpenRecord opened,
                        self.open_record(commit.transaction(), id, ObjectKind::kDocument));
      const Id place = opened.row.compartment;
      if (!self.may(place, right::kEdit)) {
        return fail(Code::kDenied, N_("this account may not change documents here"), {},
                    N_("ask somebody whose role allows it"));
      }
      COFFRE_TRY_ASSIGN(const ByteView before, unpadded(opened.plaintext.expose()));
      COFFRE_TRY_ASSIGN(Document document, decode_document(id, place, before));
      COFFRE_TRY_ASSIGN(document.type,
                        checked_text(edit.type.value_or(document.type), kTitleBytesMax));
      COFFRE_TRY_ASSIGN(document.title,
                        checked_text(edit.title.value_or(document.title), kTitleBytesMax));
      COFFRE_TRY_ASSIGN(document.date, checked_date(edit.date.value_or(document.date)));
      if (edit.patient) {
        COFFRE_TRY(self.read_patient(commit.transaction(), *edit.patient));
        // It would get out of the hold on its patient.
        if (document.patient && document.patient != edit.patient &&
            commit.policy().is_held(*document.patient)) {
          return fail(Code::kFailed, N_("the patient's documents are on hold and stay together"),
                      {}, N_("who may change the settings can lift the hold"));
        }
        document.patient = edit.patient;
      }
      if (edit.version) {
        COFFRE_TRY_ASSIGN(document, at_version(std::move(document), *edit.version));
      }
      COFFRE_TRY_ASSIGN(const Secret payload, encode_document(document));
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
      const RecordRow row{ObjectKind::kDocument, place, opened.row.revision + 1, envelope->id, {}};
      COFFRE_TRY_ASSIGN(const Bytes body, seal_record(envelope->key, self.environment.random,
                                                      self.log.vault(), id, row, payload.expose()));
      COFFRE_TRY(commit.replace(Table::kRecords, id.view(), body, place));
      Event event = self.event(Action::kEdit);
      event.object = id;
      event.patient = document.patient;
      return commit.add_event(event);
    });
  });
}

namespace {

// What a reading of content is called in the journal, and the rights that it needs.
struct Reading {
  Action action;
  std::uint8_t rights;
  const char* refusal;
};
constexpr Reading kExporting{Action::kExport, right::kRead | right::kExport,
                             N_("this account may not take copies of documents here")};

// What was begun: the intent is durable in the journal, and the version can be opened.
struct Begun {
  Document document;
  OpenVersion version;
  Event event;  // names its intent
};

Result<Begun> begin_giving(Vault::Impl& self, const Reading& reading, const Id& id,
                           const std::optional<Id>& version, const std::string& reason,
                           const std::string& recipient) {
  Begun begun;
  Event& event = begun.event;
  event = self.event(reading.action);
  COFFRE_TRY_ASSIGN(event.reason, checked_text(reason, kReasonBytesMax));
  COFFRE_TRY_ASSIGN(event.recipient, checked_text(recipient, kReasonBytesMax));
  event.object = id;
  event.outcome = Outcome::kStarted;
  COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
    COFFRE_TRY_ASSIGN(begun.document, self.read_document(commit.transaction(), id));
    if (!self.may(begun.document.compartment, reading.rights)) {
      return fail(Code::kDenied, reading.refusal, {}, N_("ask somebody whose role allows it"));
    }
    if (version) {
      COFFRE_TRY_ASSIGN(begun.document, at_version(std::move(begun.document), *version));
    }
    COFFRE_TRY_ASSIGN(begun.version, open_version(self, commit.transaction(), begun.document));
    event.patient = begun.document.patient;
    const std::uint64_t intent = commit.next_sequence() + 1;
    COFFRE_TRY(commit.add_event(event));
    event.intent = intent;
    return {};
  }));
  return begun;
}

// Somebody may have destroyed it meanwhile: that is no damage. Asked after the outcome was
// recorded, which follows what others wrote.
std::unexpected<Error> why_not_read(const Vault::Impl& self, const Document& document,
                                    const Error& error) {
  const bool there =
      !self.state ||
      self.state->tree.find(static_cast<std::uint8_t>(Table::kVersions), document.version)
          .has_value();
  if (there) {
    return std::unexpected<Error>(error);
  }
  return fail(Code::kDenied, N_("there is no such object, or this account may not see it"));
}

// The content to the sink, between an intent and its outcome in the journal.
Result<Document> give_content(Vault::Impl& self, const Lease::Use& use, const Reading& reading,
                              const Id& id, const std::optional<Id>& version,
                              const std::string& reason, const std::string& recipient,
                              const ContentSink& sink) {
  COFFRE_TRY_ASSIGN(Begun begun, begin_giving(self, reading, id, version, reason, recipient));
  const Status done = read_content(self, begun.document, begun.version, sink, use);
  begun.event.outcome = done ? Outcome::kSuccess : Outcome::kFailure;
  COFFRE_TRY(self.record_event(begun.event));
  if (!done) {
    return why_not_read(self, begun.document, done.error());
  }
  return std::move(begun.document);
}

}  // namespace

Result<Document> Vault::export_document(const Id& id, const std::string& reason,
                                        const std::string& recipient, const ContentSink& sink,
                                        const std::optional<Id>& version) {
  return impl_->with_keys([&](Lease::Use& use) -> Result<Document> {
    return give_content(*impl_, use, kExporting, id, version, reason, recipient, sink);
  });
}

namespace {

struct GivenCopy {
  Document document;
  ExportCopy copy;
};

struct Giver {
  std::function<Result<ExportCopy>(const Lease::Use&, const Document&)> make;
  std::function<Status(std::uint64_t)> progress;  // may be empty
};

// A copy in a file, between an intent and its outcome in the journal.
Result<GivenCopy> give_copy(Vault::Impl& self, const Reading& reading, const Id& id,
                            const std::optional<Id>& version, const std::string& reason,
                            const std::string& recipient, const Giver& giver) {
  std::optional<ExportCopy> copy;
  Document document;
  Event event;
  Status done;
  COFFRE_TRY(self.with_keys([&](Lease::Use& use) -> Status {
    COFFRE_TRY_ASSIGN(Begun begun, begin_giving(self, reading, id, version, reason, recipient));
    event = begun.event;
    document = begun.document;
    std::uint64_t written = 0;
    const auto sink = [&](ByteView bytes) -> Status {
      COFFRE_TRY(copy->write(bytes));
      written += bytes.size();
      return giver.progress ? giver.progress(written) : Status();
    };
    Result<ExportCopy> made = giver.make(use, document);
    if (!made) {
      done = std::unexpected<Error>(made.error());
      return {};
    }
    copy.emplace(*std::move(made));
    done = read_content(self, document, begun.version, sink, use);
    return {};
  }));
  // A slow medium is synced, and what failed is erased, with no key held up: a lock comes on time.
  if (done) {
    done = copy->commit();
  }
  event.outcome = done ? Outcome::kSuccess : Outcome::kFailure;
  const Status told = self.record_outcome(event);
  if (done && told) {
    return GivenCopy{std::move(document), *std::move(copy)};
  }
  if (copy) {
    copy->discard();
  }
  return done ? std::unexpected<Error>(told.error()) : why_not_read(self, document, done.error());
}

}  // namespace

Result<ExportedCopy> Vault::export_copy(const Id& id, const CopyOrder& order) {
  Impl& self = *impl_;
  // Told before anything is journaled.
  COFFRE_TRY(check_new_copy(order.path, order.keep_ms));
  const Giver giver{[&](const Lease::Use& use, const Document& document) {
                      return self.make_copy(use, id, order.path, document.size, order.keep_ms);
                    },
                    order.progress};
  COFFRE_TRY_ASSIGN(GivenCopy given, give_copy(self, kExporting, id, order.version, order.reason,
                                               order.recipient, giver));
  return ExportedCopy{std::move(given.document), given.copy.entry()};
}

Result<OpenedCopy> Vault::open_copy(const Id& id, const OpenOrder& order) {
  Impl& self = *impl_;
  const Reading reading{Action::kOpen, right::kRead | right::kExport, kExporting.refusal};
  const Giver giver{[&](const Lease::Use& use, const Document& document) {
                      const CopyKind kind =
                          order.in_memory ? CopyKind::kOpenedInMemory : CopyKind::kOpenedOnDisk;
                      return self.make_copy(use, id, order.directory + "/" + order.name,
                                            document.size, kKeepOpenedMs, kind);
                    },
                    {}};
  COFFRE_TRY_ASSIGN(GivenCopy given, give_copy(self, reading, id, {}, order.reason, {}, giver));
  return OpenedCopy{std::move(given.document), std::move(given.copy)};
}

Result<Document> Vault::view_document(const Id& id, const std::string& reason,
                                      const ContentSink& sink, const std::optional<Id>& version) {
  return impl_->with_keys([&](Lease::Use& use) -> Result<Document> {
    const Reading reading{Action::kView, right::kRead,
                          N_("this account may not read documents here")};
    return give_content(*impl_, use, reading, id, version, reason, {}, sink);
  });
}

Status read_back_document(Vault::Impl& vault, const Document& stored, const Secret& dek,
                          const Lease::Use& use) {
  OpenVersion version;
  version.id = stored.version;
  {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, vault.view());
    COFFRE_TRY(vault.row(*view, Table::kRecords, stored.id));
    COFFRE_TRY_ASSIGN(version.stored, vault.row(*view, Table::kVersions, stored.version));
    COFFRE_TRY_ASSIGN(version.row, VersionRow::parse(version.stored.body));
    COFFRE_TRY(vault.row(*view, Table::kEnvelopes, row_key(version.row.envelope.view())));
    const auto sealing = vault.keyring.sealing.find(stored.compartment);
    if (version.row.document != stored.id || version.row.compartment != stored.compartment ||
        sealing == vault.keyring.sealing.end() || sealing->second.id != version.row.envelope) {
      return damaged_content(stored.id);
    }
    // Who files without reading has this key until the session ends, and no longer.
    COFFRE_TRY_ASSIGN(version.dek,
                      version.row.open(sealing->second.key, vault.log.vault(), version.id.view()));
  }
  if (!equal_constant_time(std::as_const(version.dek).expose(), dek.expose())) {
    return damaged_content(stored.id);
  }
  Sha256 hash;
  COFFRE_TRY(read_content(
      vault, stored, version,
      [&](ByteView bytes) -> Status {
        hash.update(bytes);
        return {};
      },
      use, Giving::kAtOnce));
  return hash.finish() == stored.content_sha256 ? Status() : Status(damaged_content(stored.id));
}

Status verify_content(Vault::Impl& vault, ReadView& view, const Document& document,
                      const Lease::Use& use) {
  std::vector<Id> versions{document.version};
  for (const EarlierVersion& earlier : document.earlier) {
    versions.push_back(earlier.id);
  }
  for (const Id& id : versions) {
    COFFRE_TRY_ASSIGN(const Document wanted, at_version(document, id));
    COFFRE_TRY_ASSIGN(const OpenVersion version, open_version(vault, view, wanted));
    COFFRE_TRY(read_content(vault, wanted, version, {}, use));
  }
  return {};
}

}  // namespace coffre
