#include "core/vault/log_check.h"

#include <algorithm>
#include <ranges>
#include <unordered_map>

#include "core/vault/hints.h"

namespace coffre {
namespace {

std::unexpected<Error> damaged_entry(const char* what, std::uint64_t sequence,
                                     const std::string& person = {}) {
  std::string on = "entry " + std::to_string(sequence);
  if (!person.empty()) {
    on += ", " + person;
  }
  return fail(Code::kDamaged, what, std::move(on), kRestoreHint);
}

// The rights that one change needs, by table and by what it does to the row. FORMAT.md §6.
bool change_allowed(const Policy& policy, const User& actor, const Change& change) {
  const bool inserts = change.old_leaf.is_zero();
  const bool removes = change.new_leaf.is_zero();
  if (inserts && removes) {
    return false;
  }
  const std::uint8_t rights = policy.rights(actor, change.owner);
  switch (static_cast<Table>(change.table)) {
    case Table::kSlots:
      return change.owner == actor.id || (policy.vault_rights(actor) & vault_right::kAccounts) != 0;
    case Table::kEnvelopes: {
      const Compartment* compartment = policy.compartment(change.owner);
      const bool may = (rights & (right::kRead | right::kDeposit | right::kEdit)) != 0 ||
                       (compartment != nullptr && compartment->purpose == Purpose::kJournal);
      return inserts && compartment != nullptr && may;
    }
    case Table::kAdoptions:
      return inserts && (rights & right::kRead) != 0;
    case Table::kRecords:
    case Table::kVersions:
      if (inserts) {
        return (rights & right::kDeposit) != 0;
      }
      return (rights & (removes ? right::kDestroy : right::kEdit)) != 0;
  }
  return false;
}

// A hold keeps the document's record, and the rows that hold its keys as they are: to replace one
// is to destroy it. FORMAT.md §6.
bool is_against_hold(const Policy& policy, const Change& change) {
  if (change.old_leaf.is_zero()) {
    return false;
  }
  const auto table = static_cast<Table>(change.table);
  const bool destroys =
      table == Table::kVersions || (table == Table::kRecords && change.new_leaf.is_zero());
  return destroys && policy.is_held(change.key);
}

// What an entry's header must agree with, whoever signed it.
Status check_place(const LogPosition& position, const EntryHeader& header, const EntryRow& row) {
  if (header.sequence != position.size() || row.sequence != header.sequence) {
    return damaged_entry(N_("a journal entry is out of its place"), row.sequence);
  }
  if (header.policy_sequence != position.policy_sequence ||
      header.policy_link != position.policy_link) {
    return damaged_entry(N_("a journal entry does not follow the policy before it"), row.sequence);
  }
  if (!row.body || entry_body_hash(*row.body) != header.body_hash) {
    return damaged_entry(row.body ? N_("the body of a journal entry was changed")
                                  : N_("the body of a journal entry is missing"),
                         row.sequence);
  }
  return {};
}

Status check_signature(const SigningPublicKey& key, const EntryRow& row,
                       const std::string& person) {
  const Result<Signature> signature = Signature::from(row.signature);
  if (!signature || !verify_signature(key, row.header, *signature)) {
    return damaged_entry(N_("the signature of a journal entry is wrong"), row.sequence, person);
  }
  return {};
}

Status check_workstation_entry(const LogPosition& position, const EntryHeader& header,
                               const EntryRow& row) {
  const Workstation* workstation = position.policy.workstation_by_key(header.actor);
  if (workstation == nullptr || workstation->revoked || !header.changes.empty()) {
    return damaged_entry(N_("a journal entry was signed by a workstation that may not"),
                         row.sequence);
  }
  return check_signature(workstation->key, row, workstation->name);
}

Status check_member_entry(const LogPosition& position, const EntryHeader& header,
                          const EntryRow& row) {
  const Policy& policy = position.policy;
  const User* actor = policy.user_by_key(header.actor);
  if (actor == nullptr || actor->state != UserState::kActive) {
    return damaged_entry(N_("a journal entry was signed by somebody who may not"), row.sequence,
                         policy.name_of_key(header.actor));
  }
  COFFRE_TRY(check_signature(actor->key.signing, row, actor->name));
  for (const Change& change : header.changes) {
    if (!change_allowed(policy, *actor, change)) {
      return damaged_entry(N_("a change was made by somebody who had no right to it"), row.sequence,
                           actor->name);
    }
    if (is_against_hold(policy, change)) {
      return damaged_entry(N_("a document on hold was destroyed"), row.sequence, actor->name);
    }
  }
  return {};
}

// The genesis is signed by the key that it names.
Status check_genesis(const LogPosition& position, const EntryHeader& header, const EntryRow& row) {
  COFFRE_TRY_ASSIGN(const PolicyOp op, decode_op(*row.body));
  const GenesisOp* genesis = std::get_if<GenesisOp>(&op);
  if (genesis == nullptr || genesis->key.id() != header.actor ||
      header.kind != EntryKind::kPolicy || position.size() != 0) {
    return damaged_entry(N_("the first entry of the journal is not a vault's beginning"), 0);
  }
  return check_signature(genesis->key.signing, row, genesis->user_name);
}

Status note_changes(const LogPosition& position, const EntryHeader& header,
                    ChangeTracker& tracker) {
  for (const Change& change : header.changes) {
    const Compartment* compartment = position.policy.compartment(change.owner);
    const std::uint32_t epoch = compartment == nullptr ? 0 : compartment->epoch();
    if (Status noted = tracker.note(change, header.actor, header.sequence, epoch); !noted) {
      return damaged_entry(noted.error().what, header.sequence,
                           position.policy.name_of_key(header.actor));
    }
  }
  return {};
}

Status apply_policy(LogPosition& position, const EntryHeader& header, const EntryRow& row,
                    const Hash& leaf) {
  Result<PolicyOp> op = decode_op(*row.body);
  if (!op) {
    if (op.error().code == Code::kUnsupported) {
      return std::unexpected<Error>(op.error());
    }
    return damaged_entry(op.error().what, row.sequence);
  }
  const Hash vault = header.sequence == 0 ? vault_id_of(row.header) : position.vault();
  if (Status applied = position.policy.apply(vault, header.actor, *op); !applied) {
    return damaged_entry(applied.error().code == Code::kDenied
                             ? N_("a rule was changed by somebody who had no right to it")
                             : applied.error().what,
                         row.sequence, position.policy.name_of_key(header.actor));
  }
  position.policy_sequence = header.sequence;
  position.policy_link = leaf;
  return {};
}

}  // namespace

Head LogPosition::head() const {
  return Head{vault(), frontier, state_root, policy_sequence, policy_link};
}

Status check_entry(LogPosition& position, const EntryRow& row, ChangeTracker& tracker) {
  const Result<EntryHeader> header = EntryHeader::decode(row.header);
  if (!header) {
    return damaged_entry(N_("a journal entry is malformed"), row.sequence);
  }
  COFFRE_TRY(check_place(position, *header, row));
  if (header->sequence == 0) {
    COFFRE_TRY(check_genesis(position, *header, row));
  } else if (header->kind == EntryKind::kWorkstation) {
    COFFRE_TRY(check_workstation_entry(position, *header, row));
  } else {
    COFFRE_TRY(check_member_entry(position, *header, row));
  }
  const Hash leaf = entry_leaf(row.header, row.signature);
  COFFRE_TRY(note_changes(position, *header, tracker));
  if (header->kind == EntryKind::kPolicy) {
    COFFRE_TRY(apply_policy(position, *header, row, leaf));
  }
  position.frontier.append(leaf);
  position.last_actor = header->actor;
  position.in_commit = !header->state_root.has_value();
  if (header->state_root) {
    position.state_root = *header->state_root;
  }
  return {};
}

Result<Checkpoint> read_checkpoint(ReadView& view) {
  COFFRE_TRY_ASSIGN(const Bytes note, view.checkpoint());
  COFFRE_TRY_ASSIGN(Checkpoint checkpoint, Checkpoint::parse(note));
  COFFRE_TRY_ASSIGN(const std::uint64_t entries, view.entry_count());
  if (entries != checkpoint.size || entries == 0) {
    return fail(Code::kDamaged, N_("the journal has not as many entries as its checkpoint says"),
                std::to_string(entries), kRestoreHint);
  }
  return checkpoint;
}

namespace {

// A row keeps its owner: the first change of each row since `from` must follow from its last change
// before. The rows of a state do not say who owned one that was replaced or removed, so the entries
// up to `from` are read for it, and compared with what was verified there. Nothing is read when
// rows were only added.
Status check_owners(const Frontier& from, ReadView& view, const Policy& policy,
                    const ChangeTracker& tracker) {
  struct Before {
    Hash leaf;
    Id owner;
  };
  std::unordered_map<std::pair<std::uint8_t, Id>, Before, ChangeTracker::KeyHash> rows;
  for (const auto& [key, change] : tracker.all()) {
    if (!change.leaf_before.is_zero() && change.first_sequence >= from.size()) {
      rows.emplace(key, Before{});
    }
  }
  if (rows.empty()) {
    return {};
  }
  Frontier read;
  COFFRE_TRY(view.entries(0, from.size(), [&](const EntryRow& row) -> Status {
    COFFRE_TRY_ASSIGN(const EntryHeader header, EntryHeader::decode(row.header));
    for (const Change& change : header.changes) {
      if (const auto at = rows.find({change.table, change.key}); at != rows.end()) {
        at->second = {change.new_leaf, change.owner};
      }
    }
    read.append(entry_leaf(row.header, row.signature));
    return {};
  }));
  if (read.root() != from.root()) {
    return fail(Code::kDamaged,
                N_("journal entries were changed that this workstation has verified before"), {},
                kRestoreHint);
  }
  for (const auto& [key, before] : rows) {
    const TrackedChange* change = tracker.find(key.first, key.second);
    if (before.leaf != change->leaf_before || before.owner != change->owner) {
      return damaged_entry(N_("a change does not follow from the one before it"),
                           change->first_sequence, policy.name_of_key(change->first_actor));
    }
  }
  return {};
}

}  // namespace

Status check_log(LogPosition& position, ReadView& view, ChangeTracker& tracker) {
  const Frontier from = position.frontier;
  COFFRE_TRY_ASSIGN(const Checkpoint checkpoint, read_checkpoint(view));
  COFFRE_TRY(view.entries(position.size(), checkpoint.size, [&](const EntryRow& row) {
    return check_entry(position, row, tracker);
  }));
  if (position.in_commit) {
    return damaged_entry(N_("the journal ends inside a change"), checkpoint.size - 1);
  }
  if (position.size() != checkpoint.size || position.frontier.root() != checkpoint.root) {
    return fail(Code::kDamaged, N_("the journal does not agree with its checkpoint"), {},
                kRestoreHint);
  }
  COFFRE_TRY_ASSIGN(const EntryRow last, view.entry(checkpoint.size - 1));
  COFFRE_TRY_ASSIGN(const EntryHeader header, EntryHeader::decode(last.header));
  const SigningPublicKey* key = position.policy.signing_key(header.actor);
  if (key == nullptr) {
    return fail(Code::kDamaged, N_("the checkpoint is signed by somebody unknown"), {},
                kRestoreHint);
  }
  COFFRE_TRY(checkpoint.verify(position.vault(), header.actor, *key));
  return check_owners(from, view, position.policy, tracker);
}

Result<LogPosition> position_at(const Head& head, ReadView& view) {
  // Back along the links, then forward: the links are hashes, so the chain below is what was
  // verified when this head was remembered; only its end is compared.
  std::vector<EntryRow> chain;
  std::uint64_t sequence = head.policy_sequence;
  Hash link = head.policy_link;
  while (sequence != kNoSequence) {
    if (sequence >= head.frontier.size() || (!chain.empty() && sequence >= chain.back().sequence)) {
      return damaged_entry(N_("a journal entry does not follow the policy before it"), sequence);
    }
    COFFRE_TRY_ASSIGN(EntryRow row, view.entry(sequence));
    if (entry_leaf(row.header, row.signature) != link) {
      return damaged_entry(N_("a policy entry was changed"), sequence);
    }
    COFFRE_TRY_ASSIGN(const EntryHeader header, EntryHeader::decode(row.header));
    if (!row.body || entry_body_hash(*row.body) != header.body_hash) {
      return damaged_entry(N_("a policy entry was changed"), sequence);
    }
    link = header.policy_link;
    sequence = header.policy_sequence;
    chain.push_back(std::move(row));
  }
  LogPosition position;
  for (const EntryRow& row : chain | std::views::reverse) {
    COFFRE_TRY_ASSIGN(const EntryHeader header, EntryHeader::decode(row.header));
    COFFRE_TRY(apply_policy(position, header, row, entry_leaf(row.header, row.signature)));
  }
  if (position.vault() != head.vault) {
    return fail(Code::kForked, N_("the file belongs to another vault"), {},
                N_("open the vault that you know, or another path"));
  }
  position.frontier = head.frontier;
  position.state_root = head.state_root;
  return position;
}

Error why_not_continued(const Head& head, ReadView& view, const Error& cause) {
  const Result<Checkpoint> checkpoint = read_checkpoint(view);
  if (!checkpoint) {
    return checkpoint.error();
  }
  Frontier own;
  bool same_history = checkpoint->size >= head.frontier.size();
  const Status read = view.entries(0, checkpoint->size, [&](const EntryRow& row) -> Status {
    own.append(entry_leaf(row.header, row.signature));
    if (own.size() == head.frontier.size()) {
      same_history = own.root() == head.frontier.root();
    }
    return {};
  });
  if (!read || own.root() != checkpoint->root || same_history) {
    return cause;
  }
  // The file is consistent in itself, and is not what this workstation saw.
  if (checkpoint->size < head.frontier.size()) {
    return Error{Code::kRolledBack, N_("the vault is older than what this workstation has seen"),
                 std::to_string(checkpoint->size) + " < " + std::to_string(head.frontier.size()),
                 N_("somebody put an older copy back: find the newer file, or ask who did it")};
  }
  return Error{Code::kForked,
               N_("the vault has another history than what this workstation has seen"),
               "entry " + std::to_string(head.frontier.size()),
               N_("somebody went on from an older copy: find the right file, or ask who did it")};
}

}  // namespace coffre
