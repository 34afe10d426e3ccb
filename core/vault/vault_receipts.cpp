// What a depositor keeps of what she filed, what she asks of those who read there, and drafts.
// docs/FORMAT.md §5, §6.
#include <algorithm>

#include "core/base/text.h"
#include "core/crypto/hpke.h"
#include "core/vault/hints.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

constexpr std::uint64_t kEntriesAtOnce = 1024;
constexpr std::size_t kReceiptsMax = 10'000;

Bytes receipt_context(const Hash& vault, const EntryHeader& header) {
  Writer out;
  out.raw(label("coffre/receipt/v1")).fixed(vault).u64(header.sequence).fixed(header.actor);
  return out.take();
}

Bytes draft_info(const Hash& vault, const Id& user) {
  Writer out;
  out.raw(label("coffre/draft/v1")).fixed(vault).fixed(user);
  return out.take();
}

// The receipt in the body of one of our own entries; nullopt when there is none.
Result<std::optional<Receipt>> receipt_of(AeadKey& own, const Hash& vault,
                                          const EntryHeader& header, ByteView body) {
  Reader in(body);
  COFFRE_TRY(in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(const std::uint32_t size, in.u32());
  if (size == 0) {
    return std::nullopt;
  }
  COFFRE_TRY_ASSIGN(const ByteView box, in.take(size));
  const Result<Secret> plaintext = open_box(own, receipt_context(vault, header), box);
  if (!plaintext) {
    return fail(Code::kDamaged, N_("a receipt does not open"),
                "entry " + std::to_string(header.sequence), kRestoreHint);
  }
  COFFRE_TRY_ASSIGN(const ByteView payload, unpadded(plaintext->expose()));
  COFFRE_TRY_ASSIGN(Receipt receipt, decode_receipt(payload));
  receipt.time_ms = header.time_ms;
  return receipt;
}

// Own receipts among the entries [from, to), in order; `newest_ms` gets the latest time of any
// entry.
Status receipts_in(Vault::Impl& vault, ReadView& view, std::uint64_t from, std::uint64_t to,
                   std::int64_t since_ms, std::vector<Receipt>& found, std::int64_t& newest_ms) {
  COFFRE_TRY_ASSIGN(AeadKey * own, vault.keyring.own_key(vault.log.vault()));
  return view.entries(from, to, [&](const EntryRow& row) -> Status {
    COFFRE_TRY_ASSIGN(const EntryHeader header, EntryHeader::decode(row.header));
    newest_ms = std::max(newest_ms, header.time_ms);
    const bool ours =
        header.kind == EntryKind::kAccess && header.actor == vault.keyring.key_id() && row.body;
    if (!ours || header.time_ms < since_ms) {
      return {};
    }
    COFFRE_TRY_ASSIGN(std::optional<Receipt> receipt,
                      receipt_of(*own, vault.log.vault(), header, *row.body));
    // Nothing more is said of a document that was destroyed.
    if (receipt &&
        vault.state->tree.find(static_cast<std::uint8_t>(Table::kRecords), receipt->document)) {
      found.push_back(*std::move(receipt));
    }
    return {};
  });
}

Result<Request> read_request(Vault::Impl& vault, ReadView& view, const Id& id) {
  COFFRE_TRY_ASSIGN(const Vault::Impl::OpenRecord opened,
                    vault.open_record(view, id, ObjectKind::kRequest));
  COFFRE_TRY_ASSIGN(const ByteView payload, unpadded(opened.plaintext.expose()));
  return decode_request(id, opened.row.compartment, payload);
}

}  // namespace

Result<std::vector<Receipt>> Vault::receipts(std::int64_t since_ms) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<Receipt>> {
    Impl& self = *impl_;
    std::vector<Receipt> found;
    {
      COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, self.view());
      // Backwards, until nothing in a block is new enough: clocks of workstations differ a little.
      for (std::uint64_t to = self.log.size(); to > 0 && found.size() < kReceiptsMax;) {
        const std::uint64_t from = to > kEntriesAtOnce ? to - kEntriesAtOnce : 0;
        std::vector<Receipt> block;
        std::int64_t newest_ms = 0;
        COFFRE_TRY(receipts_in(self, *view, from, to, since_ms, block, newest_ms));
        std::ranges::reverse(block);
        std::ranges::move(block, std::back_inserter(found));
        if (newest_ms < since_ms) {
          break;
        }
        to = from;
      }
    }
    Event event = self.event(Action::kView);
    event.count = static_cast<std::uint32_t>(found.size());
    COFFRE_TRY(self.record_event(event));
    return found;
  });
}

Status Vault::ask_reader(const Id& document, RequestKind kind, const std::string& words) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    Request request;
    request.document = document;
    request.kind = kind;
    COFFRE_TRY_ASSIGN(const std::string line, checked_line(words, kReasonBytesMax));
    COFFRE_TRY_ASSIGN(request.words, to_nfc(line));
    return self.commit([&](Commit& commit) -> Status {
      // Only the compartment is read of the document's row, which its prefix says to anybody.
      COFFRE_TRY_ASSIGN(const OwnedStateRow stored,
                        self.row(commit.transaction(), Table::kRecords, document));
      COFFRE_TRY_ASSIGN(const RecordRow row, RecordRow::parse(stored.body));
      const bool may = self.may(row.compartment, right::kDeposit);
      if (row.kind != ObjectKind::kDocument || !may) {
        return fail(Code::kDenied, N_("there is no such object, or this account may not see it"));
      }
      request.time_ms = self.environment.clock.wall_ms();
      COFFRE_TRY_ASSIGN(request.id, self.environment.random.id());
      COFFRE_TRY_ASSIGN(const Secret payload, encode_request(request));
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(row.compartment));
      const RecordRow made{ObjectKind::kRequest, row.compartment, 1, envelope->id, {}};
      COFFRE_TRY_ASSIGN(const Bytes body,
                        seal_record(envelope->key, self.environment.random, self.log.vault(),
                                    request.id, made, payload.expose()));
      COFFRE_TRY(commit.insert(Table::kRecords, request.id.view(), body, row.compartment));
      Event event = self.event(Action::kDeposit);
      event.object = document;
      event.reason = request.words;
      return commit.add_event(event);
    });
  });
}

Result<std::vector<Request>> Vault::requests(std::vector<UnreadableRecord>* left_out) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<Request>> {
    Impl& self = *impl_;
    std::vector<Request> open;
    COFFRE_TRY(self.scan_records(
        ObjectKind::kRequest, std::nullopt, 1,
        [&](std::size_t, std::int64_t, const Id& id, const Id& compartment,
            ByteView payload) -> Status {
          COFFRE_TRY_ASSIGN(Request request, decode_request(id, compartment, payload));
          if (!request.closed) {
            open.push_back(std::move(request));
          }
          return {};
        },
        left_out));
    {
      COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, self.view());
      for (Request& request : open) {
        COFFRE_TRY_ASSIGN(const OwnedStateRow stored, self.row(*view, Table::kRecords, request.id));
        COFFRE_TRY_ASSIGN(const RecordRow row, RecordRow::parse(stored.body));
        const auto envelope = self.state->envelopes.find(row.envelope);
        if (envelope != self.state->envelopes.end()) {
          request.from = self.log.policy.name_of_key(envelope->second.creator);
        }
      }
    }
    std::ranges::sort(
        open, {}, [](const Request& request) { return std::pair(request.time_ms, request.id); });
    Event event = self.event(Action::kView);
    event.count = static_cast<std::uint32_t>(open.size());
    COFFRE_TRY(self.record_event(event));
    return open;
  });
}

Status Vault::close_request(const Id& id) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    return self.commit([&](Commit& commit) -> Status {
      // row() compares with the tree: what does not decode was sealed so.
      COFFRE_TRY_ASSIGN(const OwnedStateRow stored,
                        self.row(commit.transaction(), Table::kRecords, id));
      COFFRE_TRY_ASSIGN(const RecordRow before, RecordRow::parse(stored.body));
      const Id place = before.compartment;
      if (before.kind != ObjectKind::kRequest || !self.can_read(place)) {
        return fail(Code::kDenied, N_("there is no such object, or this account may not see it"));
      }
      if (!self.may(place, right::kEdit)) {
        return fail(Code::kDenied, N_("this account may not change documents here"), {},
                    N_("ask somebody whose role allows it"));
      }
      Result<Request> read = read_request(self, commit.transaction(), id);
      if (!read && (read.error().code != Code::kDamaged ||
                    !self.is_as_signed(commit.transaction(), before.envelope))) {
        return std::unexpected<Error>(read.error());
      }
      Request request;
      if (read) {
        request = *std::move(read);
      } else {
        request.document = id;  // one that nobody can read is about no document
      }
      request.closed = true;
      COFFRE_TRY_ASSIGN(const Secret payload, encode_request(request));
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
      const RecordRow row{ObjectKind::kRequest, place, before.revision + 1, envelope->id, {}};
      COFFRE_TRY_ASSIGN(const Bytes body, seal_record(envelope->key, self.environment.random,
                                                      self.log.vault(), id, row, payload.expose()));
      COFFRE_TRY(commit.replace(Table::kRecords, id.view(), body, place));
      Event event = self.event(Action::kEdit);
      event.object = request.document;
      return commit.add_event(event);
    });
  });
}

Result<Bytes> Vault::seal_draft(ByteView draft) {
  Impl& self = *impl_;
  if (!self.draft_owner) {
    return fail(Code::kLocked, N_("the vault is locked"), {}, N_("unlock it again"));
  }
  const auto& [user, key] = *self.draft_owner;
  return hpke::seal(key, draft_info(self.log.vault(), user), {}, draft, self.environment.random);
}

Result<Secret> Vault::open_draft(ByteView sealed) {
  return impl_->with_keys([&](Lease::Use&) -> Result<Secret> {
    const Keyring& keys = impl_->keyring;
    Result<Secret> opened =
        hpke::open(keys.member().exchange, draft_info(impl_->log.vault(), keys.user()), {}, sealed);
    if (!opened && opened.error().code == Code::kDamaged) {
      return fail(Code::kDenied, N_("there is no such object, or this account may not see it"));
    }
    return opened;
  });
}

}  // namespace coffre
