// Commit: what one transaction writes: rows, the entries that name them, root and checkpoint.
// docs/FORMAT.md §6, §8, §9.
//
// Guarantees: everything is built inside the write transaction, after catching up with other
// writers; either all of it is durable when finish() returns, or nothing, and the vault in memory
// is as before.
#pragma once

#include "core/store/store.h"
#include "core/vault/keyring.h"
#include "core/vault/log_check.h"
#include "core/vault/state_check.h"
#include "core/vault/types.h"
#include "core/vault/vault.h"

namespace coffre {

class Commit {
 public:
  Commit(Vault::Impl& vault, WriteTransaction& transaction);

  // The policy as this commit has changed it so far.
  [[nodiscard]] const Policy& policy() const { return policy_; }
  [[nodiscard]] WriteTransaction& transaction() { return transaction_; }
  [[nodiscard]] Keyring& keyring();
  [[nodiscard]] Random& random();

  // Rows, written at once; the next entry names them. kDamaged, kDenied when an id is (not) there.
  [[nodiscard]] Status insert(Table table, ByteView id, ByteView body, const Id& owner);
  [[nodiscard]] Status replace(Table table, ByteView id, ByteView body, const Id& owner);
  [[nodiscard]] Status remove(Table table, ByteView id, const Id& owner);

  // The envelope to seal under in a compartment: made, and its row inserted, when there is none.
  [[nodiscard]] Result<SealingEnvelope*> envelope(const Id& compartment);

  // Entries. A policy entry is judged at once: kDenied, kInvalidArgument.
  [[nodiscard]] Status add_policy(const PolicyOp& op);
  // With a receipt, which only this session's member can open.
  [[nodiscard]] Status add_event(const Event& event, const Receipt* receipt = nullptr);
  // Signed by the workstation's key; the vault has it enrolled.
  [[nodiscard]] Status add_workstation_event(const Event& event, const SigningKey& key);

  // Entries so far; the next one's sequence.
  [[nodiscard]] std::uint64_t next_sequence() const;
  [[nodiscard]] bool is_empty() const { return entries_.empty() && changes_.empty(); }

  // Root, signatures, checkpoint, and the transaction's commit.
  [[nodiscard]] Status finish();
  // Puts the loaded state back to what it was; for a commit that did not finish.
  void undo();

 private:
  struct PendingEntry {
    EntryHeader header;
    Bytes body;
    bool by_workstation = false;
  };
  struct Undo {
    std::uint8_t table;
    Id key;
    std::optional<StateTree::Found> before;
  };
  // A header with everything but policy link and state root; takes the pending changes.
  [[nodiscard]] EntryHeader start_header(EntryKind kind, const Hash& actor, ByteView body);
  // Signs the entry and appends it to the transaction and the frontier.
  [[nodiscard]] Status append(PendingEntry& entry);
  void note_change(Table table, ByteView id, const Id& owner,
                   const std::optional<StateTree::Found>& before, const Hash& after);

  Vault::Impl& vault_;
  WriteTransaction& transaction_;
  Policy policy_;
  std::uint64_t policy_sequence_;
  Hash policy_link_;
  std::vector<Change> changes_;  // not named by an entry yet
  std::vector<PendingEntry> entries_;
  std::vector<Undo> undo_;
  std::array<std::int64_t, 8> row_max_before_;
  std::vector<std::pair<Id, Hash>> new_envelopes_;  // by compartment
  std::optional<SigningKey> workstation_;
  Frontier frontier_;
};

}  // namespace coffre
