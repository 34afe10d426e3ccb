#include "core/vault/commit.h"

#include "core/crypto/hpke.h"
#include "core/vault/payload.h"
#include "core/vault/rows.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

std::unexpected<Error> not_there() {
  return fail(Code::kDenied, N_("there is no such object, or this account may not see it"));
}

// What an access entry's body is sealed with.
Bytes event_context(const char* text, const Hash& vault, std::uint64_t sequence,
                    const Hash& actor) {
  Writer out;
  out.raw(label(text)).fixed(vault).u64(sequence).fixed(actor);
  return out.take();
}

}  // namespace

Commit::Commit(Vault::Impl& vault, WriteTransaction& transaction)
    : vault_(vault),
      transaction_(transaction),
      policy_(vault.log.policy),
      policy_sequence_(vault.log.policy_sequence),
      policy_link_(vault.log.policy_link),
      row_max_before_(vault.state->row_max),
      frontier_(vault.log.frontier) {}

Keyring& Commit::keyring() { return vault_.keyring; }
Random& Commit::random() { return vault_.environment.random; }

std::uint64_t Commit::next_sequence() const { return vault_.log.size() + entries_.size(); }

void Commit::note_change(Table table, ByteView id, const Id& owner,
                         const std::optional<StateTree::Found>& before, const Hash& after) {
  const Id key = row_key(id);
  changes_.push_back(
      {static_cast<std::uint8_t>(table), key, owner, before ? before->leaf : Hash{}, after});
  undo_.push_back({static_cast<std::uint8_t>(table), key, before});
}

Status Commit::insert(Table table, ByteView id, ByteView body, const Id& owner) {
  const auto number = static_cast<std::uint8_t>(table);
  LoadedState& state = *vault_.state;
  const Hash leaf = row_leaf(number, id, body);
  COFFRE_TRY_ASSIGN(const std::int64_t row, transaction_.insert_row(table, id, body));
  COFFRE_TRY(state.tree.insert(number, row, row_key(id), leaf));
  state.row_max[number] = std::max(state.row_max[number], row);
  note_change(table, id, owner, std::nullopt, leaf);
  return {};
}

Status Commit::replace(Table table, ByteView id, ByteView body, const Id& owner) {
  const auto number = static_cast<std::uint8_t>(table);
  const auto before = vault_.state->tree.find(number, row_key(id));
  if (!before) {
    return not_there();
  }
  const Hash leaf = row_leaf(number, id, body);
  COFFRE_TRY(transaction_.replace_row(table, before->row, body));
  COFFRE_TRY(vault_.state->tree.replace(number, row_key(id), leaf));
  note_change(table, id, owner, before, leaf);
  return {};
}

Status Commit::remove(Table table, ByteView id, const Id& owner) {
  const auto number = static_cast<std::uint8_t>(table);
  const auto before = vault_.state->tree.find(number, row_key(id));
  if (!before) {
    return not_there();
  }
  COFFRE_TRY(transaction_.remove_row(table, before->row));
  COFFRE_TRY(vault_.state->tree.remove(number, row_key(id)));
  vault_.state->removed(number, before->row);
  note_change(table, id, owner, before, {});
  return {};
}

Result<SealingEnvelope*> Commit::envelope(const Id& compartment_id) {
  const Compartment* compartment = policy_.compartment(compartment_id);
  COFFRE_ASSERT(compartment != nullptr);
  Keyring& keys = vault_.keyring;
  const auto known = keys.sealing.find(compartment_id);
  if (known != keys.sealing.end() && known->second.epoch == compartment->epoch() &&
      known->second.seals < kEnvelopeSealsMax) {
    ++known->second.seals;
    return &known->second;
  }
  const User* me = policy_.user_by_key(keys.key_id());
  const bool reads = me != nullptr && (policy_.rights(*me, compartment_id) & right::kRead) != 0;
  EpochKeys* epoch = reads ? keys.epoch(compartment_id, compartment->epoch()) : nullptr;
  COFFRE_TRY_ASSIGN(
      MadeEnvelope made,
      make_envelope(policy_.vault(), compartment_id, compartment->epoch(),
                    compartment->current().key, epoch == nullptr ? nullptr : &epoch->read_key,
                    keys.member(), random()));
  COFFRE_TRY(insert(Table::kEnvelopes, made.id.view(), made.body, compartment_id));
  COFFRE_TRY_ASSIGN(AeadKey key, envelope_aead(made.key.expose()));
  vault_.state->envelopes.emplace(
      made.id, EnvelopeInfo{compartment_id, keys.key_id(), compartment->epoch(),
                            epoch == nullptr ? EnvelopeKind::kDepositor : EnvelopeKind::kReader});
  if (epoch != nullptr) {
    keys.opened.insert_or_assign(made.id, std::move(made.key));
  }
  new_envelopes_.emplace_back(compartment_id, made.id);
  const auto [at, is_new] = keys.sealing.insert_or_assign(
      compartment_id, SealingEnvelope{made.id, compartment->epoch(), std::move(key), 1});
  return &at->second;
}

EntryHeader Commit::start_header(EntryKind kind, const Hash& actor, ByteView body) {
  EntryHeader header;
  header.sequence = next_sequence();
  header.time_ms = vault_.environment.clock.wall_ms();
  header.actor = actor;
  header.kind = kind;
  header.body_hash = entry_body_hash(body);
  header.changes = std::move(changes_);
  changes_.clear();
  return header;
}

Status Commit::add_policy(const PolicyOp& op) {
  Bytes body = encode_op(op);
  EntryHeader header = start_header(EntryKind::kPolicy, vault_.keyring.key_id(), body);
  const bool genesis = std::holds_alternative<GenesisOp>(op);
  const Hash vault_id = genesis ? vault_id_of(header.encode()) : policy_.vault();
  COFFRE_TRY(policy_.apply(vault_id, header.actor, op));
  entries_.push_back({std::move(header), std::move(body), false});
  return {};
}

Status Commit::add_event(const Event& event, const Receipt* receipt) {
  const Compartment* journal = policy_.compartment_for(Purpose::kJournal);
  COFFRE_ASSERT(journal != nullptr);
  COFFRE_TRY_ASSIGN(SealingEnvelope * envelope_used, envelope(journal->id));
  COFFRE_TRY_ASSIGN(const Secret payload, encode_event(event));
  COFFRE_TRY_ASSIGN(const Secret plaintext, padded(payload.expose()));
  const Hash& actor = vault_.keyring.key_id();
  COFFRE_TRY_ASSIGN(const Bytes box, seal_box(envelope_used->key, random(),
                                              event_context("coffre/event/v1", policy_.vault(),
                                                            next_sequence(), actor),
                                              plaintext.expose()));
  Bytes receipt_box;
  if (receipt != nullptr) {
    COFFRE_TRY_ASSIGN(AeadKey * own, vault_.keyring.own_key(policy_.vault()));
    COFFRE_TRY_ASSIGN(const Secret said, encode_receipt(*receipt));
    COFFRE_TRY_ASSIGN(const Secret said_padded, padded(said.expose()));
    COFFRE_TRY_ASSIGN(receipt_box, seal_box(*own, random(),
                                            event_context("coffre/receipt/v1", policy_.vault(),
                                                          next_sequence(), actor),
                                            said_padded.expose()));
  }
  Writer body;
  body.fixed(envelope_used->id).u32(static_cast<std::uint32_t>(receipt_box.size()));
  body.raw(receipt_box).raw(box);
  EntryHeader header = start_header(EntryKind::kAccess, actor, body.view());
  entries_.push_back({std::move(header), body.take(), false});
  return {};
}

Status Commit::add_workstation_event(const Event& event, const SigningKey& key) {
  COFFRE_ASSERT(changes_.empty());
  const Compartment* journal = policy_.compartment_for(Purpose::kJournal);
  COFFRE_TRY_ASSIGN(const Secret payload, encode_event(event));
  COFFRE_TRY_ASSIGN(const Secret plaintext, padded(payload.expose()));
  const Hash actor = workstation_key_id(key.public_key());
  COFFRE_TRY_ASSIGN(const Bytes message,
                    hpke::seal(journal->current().key,
                               event_context("coffre/workstation-event/v1", policy_.vault(),
                                             next_sequence(), actor),
                               {}, plaintext.expose(), random()));
  Writer body;
  body.u32(journal->epoch()).raw(message);
  if (!workstation_) {
    COFFRE_TRY_ASSIGN(workstation_, key.clone());
  }
  EntryHeader header = start_header(EntryKind::kWorkstation, actor, body.view());
  entries_.push_back({std::move(header), body.take(), true});
  return {};
}

Status Commit::append(PendingEntry& entry) {
  entry.header.policy_sequence = policy_sequence_;
  entry.header.policy_link = policy_link_;
  const Bytes header = entry.header.encode();
  const SigningKey& key = entry.by_workstation ? *workstation_ : vault_.keyring.member().signing;
  const Signature signature = key.sign(header);
  COFFRE_TRY(
      transaction_.append_entry(entry.header.sequence, header, signature.view(), entry.body));
  const Hash leaf = entry_leaf(header, signature.view());
  frontier_.append(leaf);
  if (entry.header.kind == EntryKind::kPolicy) {
    policy_sequence_ = entry.header.sequence;
    policy_link_ = leaf;
  }
  return {};
}

Status Commit::finish() {
  COFFRE_ASSERT(!entries_.empty() && changes_.empty());
  const Hash root = vault_.state->tree.root();
  PendingEntry& last = entries_.back();
  last.header.state_root = root;
  for (PendingEntry& entry : entries_) {
    COFFRE_TRY(append(entry));
  }
  const SigningKey& key = last.by_workstation ? *workstation_ : vault_.keyring.member().signing;
  const std::string note =
      Checkpoint::sign(policy_.vault(), frontier_.size(), frontier_.root(), last.header.actor, key)
          .encode();
  COFFRE_TRY(transaction_.set_checkpoint(as_bytes(note)));
  COFFRE_TRY(transaction_.commit());
  LogPosition& log = vault_.log;
  log.policy = std::move(policy_);
  log.frontier = std::move(frontier_);
  log.policy_sequence = policy_sequence_;
  log.policy_link = policy_link_;
  log.state_root = root;
  log.last_actor = last.header.actor;
  const ByteView bytes = as_bytes(note);
  vault_.note.assign(bytes.begin(), bytes.end());
  undo_.clear();
  new_envelopes_.clear();
  vault_.remember();
  return {};
}

void Commit::undo() {
  StateTree& tree = vault_.state->tree;
  for (auto step = undo_.rbegin(); step != undo_.rend(); ++step) {
    const auto now = tree.find(step->table, step->key);
    Status undone;
    if (!step->before) {
      undone = tree.remove(step->table, step->key);
    } else if (now) {
      undone = tree.replace(step->table, step->key, step->before->leaf);
    } else {
      undone = tree.insert(step->table, step->before->row, step->key, step->before->leaf);
    }
    COFFRE_ASSERT(undone.has_value());
  }
  undo_.clear();
  vault_.state->row_max = row_max_before_;
  for (const auto& [compartment, id] : new_envelopes_) {
    vault_.state->envelopes.erase(id);
    vault_.keyring.opened.erase(id);
    vault_.keyring.sealing.erase(compartment);
  }
  new_envelopes_.clear();
}

Status Vault::Impl::commit(const Build& build) {
  COFFRE_TRY_ASSIGN(const std::unique_ptr<WriteTransaction> transaction, store->write());
  COFFRE_TRY(catch_up(*transaction));
  Commit made(*this, *transaction);
  Status status = build(made);
  if (status && !made.is_empty()) {
    status = made.finish();
  }
  if (!status) {
    made.undo();
  }
  return status;
}

Event Vault::Impl::event(Action action) const {
  Event made;
  made.action = action;
  made.workstation = environment.workstation;
  made.session = session;
  return made;
}

Result<std::uint64_t> Vault::Impl::record_event(Event event) {
  std::uint64_t sequence = 0;
  COFFRE_TRY(commit([&](Commit& made) -> Status {
    sequence = made.next_sequence();
    return made.add_event(event);
  }));
  return sequence + 1;
}

}  // namespace coffre
