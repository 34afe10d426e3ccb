// Bringing documents in: sealed in batches on all cores while the batch before is written; large
// ones in pieces with flat memory. Every document's result is given when it is durable.
#include <atomic>
#include <future>

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/vault/content.h"
#include "core/vault/vault_impl.h"

namespace coffre {

// core/vault/vault_documents.cpp
Status read_back_document(Vault::Impl& vault, const Document& stored, const Secret& dek,
                          const Lease::Use& use);

namespace {

constexpr std::size_t kBatchDocuments = 256;
constexpr std::uint64_t kBatchBytes = std::uint64_t{40} << 20;
constexpr std::size_t kPieceExtents = 48;  // 12 MiB: what a large document seals and writes at once
constexpr std::size_t kPiecesInTransaction = 4;
constexpr std::size_t kWritingStep = std::size_t{8} << 20;  // bytes of extents before a hint

// One document on its way in. Reused from batch to batch: its buffer keeps its memory.
struct Incoming {
  std::optional<NewDocument> given;
  Error error;  // when `failed`
  bool failed = false;
  Id document;
  Id version;
  std::optional<ContentSealer> sealer;
  Bytes sealed;  // all extents, when the document is small
  std::vector<std::size_t> sizes;
  Hash ciphertext_sha256;
  Hash content_sha256;

  void fail_with(Error why) {
    failed = true;
    error = std::move(why);
    sealer.reset();
    given.reset();
  }
};

struct Batch {
  std::vector<Incoming> documents;
  std::size_t used = 0;
  bool ends_large = false;  // the last one is large: sealed piece by piece
  bool last = false;        // nothing more comes
};

bool is_large(const Incoming& document) {
  return document.sealer && document.sealer->extents() > kPieceExtents;
}

// Asks for documents until the batch is full.
Status gather(Batch& batch, const Vault::NextDocument& next, const Hash& vault, Random& random) {
  batch.used = 0;
  batch.ends_large = false;
  batch.last = false;
  std::uint64_t bytes = 0;
  while (batch.used < kBatchDocuments && bytes < kBatchBytes && !batch.ends_large) {
    std::optional<Result<NewDocument>> given = next();
    if (!given) {
      batch.last = true;
      return {};
    }
    if (batch.documents.size() == batch.used) {
      batch.documents.emplace_back();
    }
    Incoming& incoming = batch.documents[batch.used++];
    incoming.failed = false;
    incoming.sealer.reset();
    incoming.given.reset();
    if (!*given) {
      incoming.fail_with(given->error());
      continue;
    }
    incoming.given.emplace(*std::move(*given));
    if (incoming.given->version_of) {
      incoming.document = *incoming.given->version_of;
    } else {
      COFFRE_TRY_ASSIGN(incoming.document, random.id());
    }
    COFFRE_TRY_ASSIGN(incoming.version, random.id());
    Result<ContentSealer> sealer =
        ContentSealer::create(vault, incoming.document, incoming.version, *incoming.given->content,
                              random, worker_count());
    if (!sealer) {
      incoming.fail_with(sealer.error());
      continue;
    }
    incoming.sealer.emplace(*std::move(sealer));
    batch.ends_large = is_large(incoming);
    bytes += batch.ends_large ? 0 : incoming.sealer->ciphertext_size();
  }
  return {};
}

void seal_whole(Incoming& incoming, Secret& buffer) {
  if (incoming.failed) {
    return;
  }
  incoming.sealer->lend(std::move(buffer));
  const Status sealed = incoming.sealer->next(kPieceExtents, incoming.sealed, incoming.sizes);
  buffer = incoming.sealer->take_back();
  if (!sealed) {
    incoming.fail_with(sealed.error());
    return;
  }
  incoming.ciphertext_sha256 = incoming.sealer->ciphertext_sha256();
  incoming.content_sha256 = incoming.sealer->content_sha256();
}

Result<Batch> prepare(Batch batch, const Vault::NextDocument& next, const Hash& vault,
                      Random& random) {
  COFFRE_TRY(gather(batch, next, vault, random));
  const std::size_t small = batch.used - (batch.ends_large ? 1 : 0);
  const std::size_t threads = std::min(worker_count(), small);
  std::atomic<std::size_t> index_next = 0;
  COFFRE_TRY(parallel_for(threads, threads, [&](std::size_t) -> Status {
    Secret buffer;  // one for all that this thread seals; wiped at the end of the batch
    for (std::size_t index = index_next++; index < small; index = index_next++) {
      seal_whole(batch.documents[index], buffer);
    }
    return {};
  }));
  return batch;
}

// The record of a document that gets a new content.
Result<Document> make_successor(Vault::Impl& vault, ReadView& view, const Incoming& incoming) {
  COFFRE_TRY_ASSIGN(Document document, vault.read_document(view, incoming.document));
  document.earlier.push_back(present_version(document));
  document.version = incoming.version;
  document.mime = incoming.given->mime;
  document.size = incoming.given->content->size();
  document.content_sha256 = incoming.content_sha256;
  document.changed_ms = vault.environment.clock.wall_ms();
  document.changed_by = vault.keyring.user();
  return document;
}

Result<Document> make_record(Vault::Impl& vault, ReadView& view, const Incoming& incoming) {
  const NewDocument& given = *incoming.given;
  if (given.version_of) {
    return make_successor(vault, view, incoming);
  }
  Document document;
  document.id = incoming.document;
  document.version = incoming.version;
  document.compartment = given.compartment;
  document.patient = given.patient;
  document.author = vault.keyring.user();
  COFFRE_TRY_ASSIGN(document.type, checked_line(given.type, kTitleBytesMax));
  COFFRE_TRY_ASSIGN(document.type, to_nfc(document.type));
  COFFRE_TRY_ASSIGN(document.title, checked_line(given.title, kTitleBytesMax));
  COFFRE_TRY_ASSIGN(document.title, to_nfc(document.title));
  document.filed_ms = vault.environment.clock.wall_ms();
  if (given.date.empty()) {
    document.date = format_time(document.filed_ms).substr(0, 10);
  } else {
    COFFRE_TRY_ASSIGN(document.date, checked_date(given.date));
  }
  document.mime = given.mime;
  document.size = given.content->size();
  document.content_sha256 = incoming.content_sha256;
  return document;
}

// Right and patient of one document, inside the transaction.
Status check_deposit(Vault::Impl& vault, ReadView& view, const Id& compartment,
                     const std::optional<Id>& patient) {
  const Compartment* place = vault.log.policy.compartment(compartment);
  if (place == nullptr || place->purpose == Purpose::kJournal ||
      !vault.may(compartment, right::kDeposit)) {
    return fail(Code::kDenied, N_("this account may not file documents here"), {},
                N_("choose another compartment, or ask somebody whose role allows it"));
  }
  const Id patients = vault.log.policy.compartment_for(Purpose::kAdministrative)->id;
  if (patient) {
    COFFRE_TRY(vault.read_patient(view, *patient));
  } else if (vault.can_read(patients)) {
    return fail(Code::kInvalidArgument, N_("a document is filed for a patient"), {},
                N_("give the patient's id"));
  }
  return {};
}

// The same for a new version of a document.
Status check_successor(Vault::Impl& vault, ReadView& view, const Id& id, const Id& compartment) {
  COFFRE_TRY_ASSIGN(const Document document, vault.read_document(view, id));
  if (document.compartment != compartment) {
    return fail(Code::kInvalidArgument, N_("a new version lies where its document lies"),
                to_hex(id.view()), N_("leave the compartment as it is"));
  }
  if (!vault.may(compartment, right::kEdit | right::kDeposit)) {
    return fail(Code::kDenied, N_("this account may not change documents here"), {},
                N_("ask somebody whose role allows it"));
  }
  // Here, so that it fails this one only and not its batch.
  if (document.earlier.size() >= kEarlierVersionsMax) {
    return too_many_versions(id);
  }
  return {};
}

Status check_may(Vault::Impl& vault, ReadView& view, const NewDocument& given) {
  return given.version_of ? check_successor(vault, view, *given.version_of, given.compartment)
                          : check_deposit(vault, view, given.compartment, given.patient);
}

// The rows and the entry of one document whose extents lie from row `first` on.
Status add_rows(Vault::Impl& vault, Commit& commit, const Incoming& incoming,
                const Document& document, std::int64_t first) {
  Random& random = vault.environment.random;
  COFFRE_TRY_ASSIGN(const Secret payload, encode_document(document));
  const bool is_new = !incoming.given->version_of;
  std::uint64_t revision = 1;
  if (!is_new) {
    COFFRE_TRY_ASSIGN(const Vault::Impl::OpenRecord before,
                      vault.open_record(commit.transaction(), document.id, ObjectKind::kDocument));
    revision = before.row.revision + 1;
  }
  COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(document.compartment));
  const RecordRow record{ObjectKind::kDocument, document.compartment, revision, envelope->id, {}};
  COFFRE_TRY_ASSIGN(const Bytes record_body, seal_record(envelope->key, random, vault.log.vault(),
                                                         document.id, record, payload.expose()));
  const ByteView id = document.id.view();
  COFFRE_TRY(is_new ? commit.insert(Table::kRecords, id, record_body, document.compartment)
                    : commit.replace(Table::kRecords, id, record_body, document.compartment));
  VersionRow version;
  version.number = document.earlier.size() + 1;
  version.document = document.id;
  version.compartment = document.compartment;
  version.extents = incoming.sealer->extents();
  version.first = static_cast<std::uint64_t>(first);
  version.ciphertext_size = incoming.sealer->ciphertext_size();
  version.ciphertext_sha256 = incoming.ciphertext_sha256;
  COFFRE_TRY_ASSIGN(envelope, commit.envelope(document.compartment));
  version.envelope = envelope->id;
  COFFRE_TRY_ASSIGN(const Bytes version_body,
                    seal_version(envelope->key, random, vault.log.vault(), document.version,
                                 version, incoming.sealer->dek().expose()));
  COFFRE_TRY(
      commit.insert(Table::kVersions, document.version.view(), version_body, document.compartment));
  Event event = vault.event(is_new ? Action::kImport : Action::kEdit);
  event.object = document.id;
  event.patient = document.patient;
  if (vault.can_read(document.compartment)) {
    return commit.add_event(event);
  }
  // Who does not read there keeps what she knows of it anyway.
  const Receipt receipt{document.id,   document.compartment, document.patient,
                        document.type, document.title,       0};
  return commit.add_event(event, &receipt);
}

Status put_extents(WriteTransaction& transaction, const Id& version, ByteView sealed,
                   const std::vector<std::size_t>& sizes, std::int64_t first,
                   std::uint64_t number) {
  for (const std::size_t size : sizes) {
    COFFRE_TRY(transaction.put_extent(first + static_cast<std::int64_t>(number), version.view(),
                                      number, sealed.first(size)));
    sealed = sealed.subspan(size);
    ++number;
  }
  return {};
}

// The small documents of a batch, in one commit. What is wrong with one of them fails that one
// only.
Status write_batch(Vault::Impl& vault, Batch& batch, std::size_t count) {
  return vault.commit([&](Commit& commit) -> Status {
    std::size_t unwritten = 0;
    for (std::size_t index = 0; index < count; ++index) {
      Incoming& incoming = batch.documents[index];
      if (incoming.failed) {
        continue;
      }
      const Status may = check_may(vault, commit.transaction(), *incoming.given);
      const Result<Document> document = may ? make_record(vault, commit.transaction(), incoming)
                                            : std::unexpected<Error>(may.error());
      if (!document) {
        incoming.fail_with(document.error());
        continue;
      }
      COFFRE_TRY_ASSIGN(const std::int64_t first,
                        commit.transaction().reserve_extents(incoming.sizes.size()));
      COFFRE_TRY(put_extents(commit.transaction(), incoming.version, incoming.sealed,
                             incoming.sizes, first, 0));
      COFFRE_TRY(add_rows(vault, commit, incoming, *document, first));
      unwritten += incoming.sealed.size();
      if (unwritten >= kWritingStep) {
        vault.store->start_writing();
        unwritten = 0;
      }
    }
    return {};
  });
}

struct Piece {
  Bytes sealed;
  std::vector<std::size_t> sizes;
};

// A large document: its extents in transactions of their own (nothing names them until the end),
// the next piece being sealed while one is written; then the rows.
Status write_large(Vault::Impl& vault, Incoming& incoming, const Lease::Use& use) {
  {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, vault.view());
    COFFRE_TRY(check_may(vault, *view, *incoming.given));
  }
  ContentSealer& sealer = *incoming.sealer;
  const auto seal_next = [&sealer](Piece piece) -> Result<Piece> {
    COFFRE_TRY(sealer.next(kPieceExtents, piece.sealed, piece.sizes));
    return piece;
  };
  std::future<Result<Piece>> sealing = std::async(std::launch::async, seal_next, Piece{});
  std::int64_t first = 0;
  Piece spare;
  for (std::uint64_t number = 0; number < sealer.extents();) {
    Result<std::unique_ptr<WriteTransaction>> transaction = vault.store->write();
    if (!transaction) {
      sealing.wait();
      return std::unexpected<Error>(transaction.error());
    }
    for (std::size_t count = 0; count < kPiecesInTransaction && number < sealer.extents();
         ++count) {
      COFFRE_TRY_ASSIGN(Piece piece, sealing.get());
      const std::uint64_t behind = number + piece.sizes.size();
      if (behind < sealer.extents()) {
        sealing = std::async(std::launch::async, seal_next, std::move(spare));
      }
      const Status written = [&]() -> Status {
        if (first == 0) {
          COFFRE_TRY_ASSIGN(first, (*transaction)->reserve_extents(sealer.extents()));
        }
        return put_extents(**transaction, incoming.version, piece.sealed, piece.sizes, first,
                           number);
      }();
      vault.store->start_writing();
      if (!written || use.should_stop()) {
        if (sealing.valid()) {
          sealing.wait();
        }
        return written ? Status(fail(Code::kLocked, N_("the vault is locked"), {},
                                     N_("unlock it again")))
                       : written;
      }
      spare = std::move(piece);
      number = behind;
    }
    if (Status committed = (*transaction)->commit(); !committed) {
      if (sealing.valid()) {
        sealing.wait();
      }
      return committed;
    }
  }
  incoming.ciphertext_sha256 = sealer.ciphertext_sha256();
  incoming.content_sha256 = sealer.content_sha256();
  return vault.commit([&](Commit& commit) -> Status {
    COFFRE_TRY(check_may(vault, commit.transaction(), *incoming.given));
    COFFRE_TRY_ASSIGN(const Document document, make_record(vault, commit.transaction(), incoming));
    return add_rows(vault, commit, incoming, document, first);
  });
}

void report(const Batch& batch, std::size_t from, std::size_t to, std::size_t& index,
            const Vault::DocumentDone& done) {
  for (std::size_t at = from; at < to; ++at) {
    const Incoming& incoming = batch.documents[at];
    done(index++, incoming.failed ? Result<Id>(std::unexpected<Error>(incoming.error))
                                  : Result<Id>(incoming.document));
  }
}

// Reads documents that are durable again, where that is wanted, before their sources may go.
void read_back(Vault::Impl& vault, Batch& batch, std::size_t from, std::size_t to,
               const Lease::Use& use) {
  bool dropped = false;
  for (std::size_t at = from; at < to; ++at) {
    const Incoming& incoming = batch.documents[at];
    if (incoming.failed || !incoming.given->read_back) {
      continue;
    }
    if (!std::exchange(dropped, true)) {
      vault.store->drop_cache();
    }
    Document stored;
    stored.id = incoming.document;
    stored.version = incoming.version;
    stored.compartment = incoming.given->compartment;
    stored.size = incoming.given->content->size();
    stored.content_sha256 = incoming.content_sha256;
    incoming.given->read_back(read_back_document(vault, stored, incoming.sealer->dek(), use));
  }
}

// Commits a prepared batch and reports it.
Status take_batch(Vault::Impl& vault, Batch& batch, std::size_t& index,
                  const Vault::DocumentDone& done, const Lease::Use& use) {
  const std::size_t small = batch.used - (batch.ends_large ? 1 : 0);
  COFFRE_TRY(write_batch(vault, batch, small));
  read_back(vault, batch, 0, small, use);
  report(batch, 0, small, index, done);
  if (batch.ends_large) {
    Incoming& large = batch.documents[batch.used - 1];
    const Status written = write_large(vault, large, use);
    if (!written) {
      const Code code = written.error().code;
      if (code == Code::kLocked || code == Code::kDamaged) {
        return written;
      }
      large.fail_with(written.error());
    }
    read_back(vault, batch, small, batch.used, use);
    report(batch, small, batch.used, index, done);
  }
  return {};
}

}  // namespace

Status Vault::may_deposit(const Id& compartment, const std::optional<Id>& patient) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, impl_->view());
    return check_deposit(*impl_, *view, compartment, patient);
  });
}

Status Vault::import(const NextDocument& next, const DocumentDone& done) {
  return impl_->with_keys([&](Lease::Use& use) -> Status {
    Impl& self = *impl_;
    const Hash vault = self.log.vault();
    Random& random = self.environment.random;
    const auto prepare_next = [&](Batch spare) {
      return std::async(std::launch::async,
                        [&next, &vault, &random, batch = std::move(spare)]() mutable {
                          return prepare(std::move(batch), next, vault, random);
                        });
    };
    std::future<Result<Batch>> preparing = prepare_next(Batch{});
    Batch spare;
    std::size_t index = 0;
    while (true) {
      COFFRE_TRY_ASSIGN(Batch batch, preparing.get());
      const bool more = !batch.last;
      // A large document is read while it is written: nothing else is asked for meanwhile.
      const bool ahead = more && !batch.ends_large;
      if (ahead) {
        preparing = prepare_next(std::move(spare));
      }
      const Status taken =
          use.should_stop()
              ? Status(fail(Code::kLocked, N_("the vault is locked"), {}, N_("unlock it again")))
              : take_batch(self, batch, index, done, use);
      if (!taken) {
        if (ahead) {
          preparing.wait();
        }
        return taken;
      }
      if (!more) {
        return {};
      }
      spare = std::move(batch);
      if (!ahead) {
        preparing = prepare_next(std::move(spare));
        spare = Batch{};
      }
    }
  });
}

}  // namespace coffre
