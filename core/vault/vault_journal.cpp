// Reading the journal, and verifying it without an unlock.
#include <unordered_map>

#include "core/crypto/hpke.h"
#include "core/vault/hints.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

// What a policy entry did, as a line of the journal.
struct PolicyLine {
  Action action;
  std::optional<Id> object;
};

PolicyLine describe(const PolicyOp& op) {
  struct Describer {
    PolicyLine operator()(const GenesisOp& op) const { return {Action::kAccount, op.user}; }
    PolicyLine operator()(const UserOp& op) const { return {Action::kAccount, op.id}; }
    PolicyLine operator()(const UserStateOp& op) const {
      return {op.state == UserState::kRemoved ? Action::kRemove : Action::kAccount, op.id};
    }
    PolicyLine operator()(const UserKeyOp& op) const { return {Action::kAccount, op.id}; }
    PolicyLine operator()(const RoleOp& op) const { return {Action::kRole, op.id}; }
    PolicyLine operator()(const AssignOp& op) const { return {Action::kRole, op.user}; }
    PolicyLine operator()(const CompartmentOp& op) const { return {Action::kSetting, op.id}; }
    PolicyLine operator()(const CompartmentNameOp& op) const { return {Action::kSetting, op.id}; }
    PolicyLine operator()(const EpochOp& op) const { return {Action::kGrant, op.compartment}; }
    PolicyLine operator()(const GrantOp& op) const { return {Action::kGrant, op.user}; }
    PolicyLine operator()(const SettingOp&) const { return {Action::kSetting, std::nullopt}; }
    PolicyLine operator()(const WorkstationOp& op) const { return {Action::kSetting, op.id}; }
    PolicyLine operator()(const WorkstationRevokedOp& op) const {
      return {Action::kSetting, op.id};
    }
    PolicyLine operator()(const HoldOp& op) const { return {Action::kSetting, op.object}; }
    PolicyLine operator()(const HoldLiftedOp& op) const { return {Action::kSetting, op.object}; }
    PolicyLine operator()(const RetentionOp& op) const {
      return {Action::kSetting, op.compartment};
    }
  };
  return std::visit(Describer{}, op);
}

std::unexpected<Error> bad_body(std::uint64_t sequence) {
  return fail(Code::kDamaged, N_("the body of a journal entry does not open"),
              "entry " + std::to_string(sequence), kRestoreHint);
}

Bytes event_context(const char* text, const Hash& vault, const EntryHeader& header) {
  Writer out;
  out.raw(label(text)).fixed(vault).u64(header.sequence).fixed(header.actor);
  return out.take();
}

// Opens the events of entries; keeps the AEAD keys of envelopes that it met.
class EventOpener {
 public:
  EventOpener(Vault::Impl& vault, ReadView& view, Id journal)
      : vault_(vault), view_(view), journal_(journal) {}

  [[nodiscard]] Result<Event> open(const EntryHeader& header, ByteView body) {
    Result<Secret> plaintext = header.kind == EntryKind::kWorkstation
                                   ? open_workstation(header, body)
                                   : open_access(header, body);
    if (!plaintext) {
      const Code code = plaintext.error().code;
      return code == Code::kDamaged || code == Code::kDenied
                 ? bad_body(header.sequence)
                 : std::unexpected<Error>(plaintext.error());
    }
    COFFRE_TRY_ASSIGN(const ByteView payload, unpadded(std::as_const(*plaintext).expose()));
    return decode_event(payload);
  }

 private:
  [[nodiscard]] Result<Secret> open_access(const EntryHeader& header, ByteView body) {
    Reader in(body);
    COFFRE_TRY_ASSIGN(const Hash envelope, in.fixed<Hash>());
    COFFRE_TRY_ASSIGN(const std::uint32_t receipt_size, in.u32());
    COFFRE_TRY(in.take(receipt_size));  // for the actor alone (vault_receipts.cpp)
    COFFRE_TRY_ASSIGN(const ByteView box, in.take(in.left()));
    const auto info = vault_.state->envelopes.find(envelope);
    if (info == vault_.state->envelopes.end() || info->second.compartment != journal_ ||
        info->second.creator != header.actor) {
      return bad_body(header.sequence);
    }
    auto key = keys_.find(envelope);
    if (key == keys_.end()) {
      COFFRE_TRY_ASSIGN(const ByteView secret, vault_.envelope_key(view_, envelope));
      COFFRE_TRY_ASSIGN(AeadKey aead, envelope_aead(secret));
      key = keys_.emplace(envelope, std::move(aead)).first;
    }
    return open_box(key->second, event_context("coffre/event/v1", vault_.log.vault(), header), box);
  }
  [[nodiscard]] Result<Secret> open_workstation(const EntryHeader& header, ByteView body) {
    Reader in(body);
    COFFRE_TRY_ASSIGN(const std::uint32_t epoch, in.u32());
    COFFRE_TRY_ASSIGN(const ByteView message, in.take(in.left()));
    const EpochKeys* keys = vault_.keyring.epoch(journal_, epoch);
    if (keys == nullptr) {
      return bad_body(header.sequence);
    }
    return hpke::open(keys->exchange,
                      event_context("coffre/workstation-event/v1", vault_.log.vault(), header), {},
                      message);
  }

  Vault::Impl& vault_;
  ReadView& view_;
  Id journal_;
  std::unordered_map<Hash, AeadKey, HashHasher> keys_;
};

// The lines of the journal, one for each access: what is done in several entries is one line.
class JournalReader {
 public:
  JournalReader(Vault::Impl& vault, ReadView& view, const Id& journal)
      : vault_(vault), view_(view), opener_(vault, view, journal) {}

  // All entries of the view in order; their root is compared with the verified one.
  [[nodiscard]] Result<std::vector<JournalLine>> run() {
    Frontier frontier;
    COFFRE_TRY(view_.entries(0, vault_.log.size(), [&](const EntryRow& row) -> Status {
      frontier.append(entry_leaf(row.header, row.signature));
      return add(row);
    }));
    if (frontier.root() != vault_.log.frontier.root()) {
      return fail(Code::kDamaged, N_("the journal does not agree with its checkpoint"), {},
                  kRestoreHint);
    }
    return std::move(lines_);
  }

 private:
  // What began with an intent, and has no outcome yet.
  struct Begun {
    std::size_t line;
    Hash actor;
    std::optional<Id> session;
  };

  Status add(const EntryRow& row) {
    COFFRE_TRY_ASSIGN(const EntryHeader header, EntryHeader::decode(row.header));
    JournalLine line;
    line.sequence = header.sequence;
    line.time_ms = header.time_ms;
    line.actor = vault_.log.policy.name_of_key(header.actor);
    const Result<Event> event = event_of(header, row.body);
    if (!event) {
      // One person's entry hides nobody else's.
      if (event.error().code != Code::kDamaged) {
        return std::unexpected<Error>(event.error());
      }
      line.outcome = "unreadable";
      lines_.push_back(std::move(line));
      return {};
    }
    if (!goes_on(header, *event)) {
      begin(header, *event, std::move(line));
    }
    return {};
  }

  [[nodiscard]] Result<Event> event_of(const EntryHeader& header,
                                       const std::optional<Bytes>& body) {
    if (!body || entry_body_hash(*body) != header.body_hash) {
      return bad_body(header.sequence);
    }
    if (header.kind != EntryKind::kPolicy) {
      return opener_.open(header, *body);
    }
    COFFRE_TRY_ASSIGN(const PolicyOp op, decode_op(*body));
    const PolicyLine described = describe(op);
    Event event;
    event.action = described.action;
    event.object = described.object;
    return event;
  }

  void begin(const EntryHeader& header, const Event& event, JournalLine line) {
    if (event.outcome == Outcome::kStarted) {
      begun_.emplace(header.sequence, Begun{lines_.size(), header.actor, event.session});
    }
    line.action = event.action;
    line.outcome = event.outcome == Outcome::kStarted ? "unknown" : outcome_name(event.outcome);
    line.object = event.object;
    line.patient = event.patient;
    line.reason = event.reason;
    line.recipient = event.recipient;
    line.workstation = event.workstation;
    line.count = event.count;
    lines_.push_back(std::move(line));
  }

  // Whether the entry belongs to an earlier line. What another session says of it, what is about
  // something else, and what comes after the outcome, is a line of its own: no later entry changes
  // what the journal showed.
  bool goes_on(const EntryHeader& header, const Event& event) {
    const auto found = event.intent == 0 ? begun_.end() : begun_.find(event.intent - 1);
    if (found == begun_.end()) {
      return false;
    }
    const Begun& begun = found->second;
    JournalLine& line = lines_[begun.line];
    // After a lock the workstation says it for the session, which others do not know.
    const bool is_own = header.actor == begun.actor || header.kind == EntryKind::kWorkstation;
    if (!is_own || event.session != begun.session || event.action != line.action ||
        event.object != line.object) {
      return false;
    }
    if (event.outcome == Outcome::kStarted) {
      return true;
    }
    line.outcome = outcome_name(event.outcome);
    if (line.reason.empty()) {
      line.reason = event.reason;
    } else if (event.reason != line.reason) {
      line.verdict = event.reason;
    }
    begun_.erase(found);
    return true;
  }

  Vault::Impl& vault_;
  ReadView& view_;
  EventOpener opener_;
  std::vector<JournalLine> lines_;
  std::unordered_map<std::uint64_t, Begun> begun_;  // by sequence
};

}  // namespace

Result<std::vector<JournalLine>> Vault::journal(std::optional<std::int64_t> since_ms,
                                                std::optional<Id> object) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<JournalLine>> {
    Impl& self = *impl_;
    const Id journal = self.log.policy.compartment_for(Purpose::kJournal)->id;
    {
      COFFRE_TRY(self.view());
      if (!self.can_read(journal)) {
        return fail(Code::kDenied, N_("this account may not read the journal"), {},
                    N_("ask somebody whose role allows it"));
      }
    }
    Event event = self.event(Action::kJournal);
    event.object = object;
    COFFRE_TRY(self.record_event(event));
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, self.view());
    COFFRE_TRY_ASSIGN(std::vector<JournalLine> lines, JournalReader(self, *view, journal).run());
    std::erase_if(lines, [&](const JournalLine& line) {
      const bool early = since_ms && line.time_ms < *since_ms;
      // What does not open may be about anything.
      const bool other = object && line.action && line.object != object && line.patient != object;
      return early || other;
    });
    return lines;
  });
}

Result<LogSummary> Vault::verify_log(ByteView anchor) {
  Impl& self = *impl_;
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, self.store->read());
  std::optional<Checkpoint> wanted;
  if (!anchor.empty()) {
    COFFRE_TRY_ASSIGN(wanted, Checkpoint::parse(anchor));
  }
  LogPosition position;
  ChangeTracker changes;
  COFFRE_TRY(check_log(position, *view, changes));
  if (self.remembered && position.size() < self.remembered->frontier.size()) {
    return std::unexpected<Error>(why_not_continued(*self.remembered, *view, Error{}));
  }
  LogSummary summary{position.vault(), position.size(), position.frontier.root(), 0};
  if (!wanted) {
    return summary;
  }
  // The kept checkpoint must be of this vault, signed by somebody who was a member, and its root
  // the root of the log when it was as long.
  if (wanted->origin != Checkpoint::origin_of(position.vault())) {
    return fail(Code::kForked, N_("the checkpoint is of another vault"));
  }
  if (wanted->size > position.size()) {
    return fail(Code::kRolledBack, N_("the vault is older than the checkpoint that was kept"),
                std::to_string(position.size()) + " < " + std::to_string(wanted->size),
                N_("somebody put an older copy back: find the newer file, or ask who did it"));
  }
  Frontier at_anchor;
  COFFRE_TRY(view->entries(0, wanted->size, [&](const EntryRow& row) -> Status {
    at_anchor.append(entry_leaf(row.header, row.signature));
    return {};
  }));
  if (at_anchor.root() != wanted->root) {
    return fail(Code::kForked,
                N_("the vault has another history than the checkpoint that was kept"), {},
                N_("somebody went on from an older copy: find the right file"));
  }
  summary.anchored = wanted->size;
  return summary;
}

Result<std::string> Vault::checkpoint_note() { return std::string(as_text(impl_->note)); }

}  // namespace coffre
