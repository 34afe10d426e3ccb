// Opening a vault, and unlocking it: docs/FORMAT.md §10.
#include "core/base/file.h"
#include "core/store/sqlite_store.h"
#include "core/vault/hints.h"
#include "core/vault/vault_impl.h"
#include "core/vault/workstation.h"

namespace coffre {
namespace {

constexpr std::size_t kAdoptionsAtOnce = 1024;
constexpr std::uint64_t kExtentCheckAll = 16'384;
constexpr std::ptrdiff_t kGapsAtOnce = 4096;

// The user's slots, each verified before any password is stretched.
Result<std::vector<Slot>> slots_of(ReadView& view, const Policy& policy, const User& user) {
  std::vector<Slot> slots;
  COFFRE_TRY_ASSIGN(const auto range, view.row_range(Table::kSlots));
  if (!range) {
    return slots;
  }
  COFFRE_TRY(
      view.scan(Table::kSlots, range->first, range->second, [&](const StateRow& row) -> Status {
        COFFRE_TRY_ASSIGN(Slot slot, Slot::parse(row.body));
        if (slot.user != user.id) {
          return {};
        }
        COFFRE_TRY(slot.verify(policy, user, row.id));
        if (slots.size() >= kSlotsPerUserMax) {
          return fail(Code::kDamaged, N_("an account has too many slots"));
        }
        slots.push_back(std::move(slot));
        return {};
      }));
  return slots;
}

// The first slot that opens. All of a user's slots are tried, whichever it is.
Result<MemberSecrets> try_slots(const std::vector<Slot>& slots, const Unlocker& unlocker) {
  std::optional<MemberSecrets> found;
  Error last;
  for (const Slot& slot : slots) {
    Result<MemberSecrets> opened = slot.open(unlocker);
    if (opened) {
      found.emplace(*std::move(opened));
    } else if (opened.error().code != Code::kCredentials) {
      return opened;
    } else {
      last = opened.error();
    }
  }
  if (found) {
    return *std::move(found);
  }
  return std::unexpected<Error>(last);
}

// Depositors' envelopes that this session can read and nobody has adopted yet.
Status adopt(Vault::Impl& vault, Commit& commit) {
  std::vector<std::pair<Hash, EnvelopeInfo>> wanted;
  for (const auto& [id, info] : vault.state->envelopes) {
    const bool adopted =
        vault.state->tree.find(static_cast<std::uint8_t>(Table::kAdoptions), row_key(id.view()))
            .has_value();
    if (info.kind == EnvelopeKind::kDepositor && !adopted && vault.can_read(info.compartment) &&
        vault.keyring.epoch(info.compartment, info.epoch) != nullptr) {
      wanted.emplace_back(id, info);
    }
    if (wanted.size() == 2 * kAdoptionsAtOnce) {
      break;
    }
  }
  std::size_t adopted_now = 0;
  for (const auto& [id, info] : wanted) {
    if (adopted_now == kAdoptionsAtOnce) {
      break;
    }
    const Result<ByteView> opened = vault.envelope_key(commit.transaction(), id);
    if (!opened && opened.error().code == Code::kDamaged &&
        vault.is_as_signed(commit.transaction(), id)) {
      continue;  // sealed for nobody: whoever may deposit could lock the readers out with it
    }
    if (!opened) {
      return std::unexpected<Error>(opened.error());
    }
    const ByteView key = *opened;
    ++adopted_now;
    EpochKeys* epoch = vault.keyring.epoch(info.compartment, info.epoch);
    COFFRE_TRY_ASSIGN(const Bytes body,
                      make_adoption(vault.log.vault(), id, key, epoch->read_key,
                                    vault.keyring.member(), vault.environment.random));
    COFFRE_TRY(commit.insert(Table::kAdoptions, id.view(), body, info.compartment));
  }
  return {};
}

// The unlock's own entries: the workstation if it is new, unlocks that failed here, what became of
// copies, the unlock.
Status write_unlock(Vault::Impl& vault) {
  const std::string& directory = vault.environment.state_directory;
  COFFRE_TRY_ASSIGN(const SigningKey key,
                    load_workstation_key(directory, vault.environment.random));
  COFFRE_TRY_ASSIGN(const std::uint32_t failed, failed_unlocks(directory, vault.log.vault()));
  std::vector<ExportOutcome> told;
  COFFRE_TRY(vault.commit([&](Commit& commit) -> Status {
    const Hash key_id = workstation_key_id(key.public_key());
    const Workstation* known = vault.log.policy.workstation_by_key(key_id);
    if (known == nullptr) {
      COFFRE_TRY_ASSIGN(const Id id, vault.environment.random.id());
      COFFRE_TRY(
          commit.add_policy(WorkstationOp{id, vault.environment.workstation, key.public_key()}));
    }
    if (failed != 0 && (known == nullptr || !known->revoked)) {
      Event event = vault.event(Action::kUnlockFailed);
      event.outcome = Outcome::kFailure;
      event.count = failed;
      COFFRE_TRY(commit.add_workstation_event(event, key));
    }
    if (known == nullptr || !known->revoked) {
      COFFRE_TRY_ASSIGN(told, vault.add_outcomes(commit, key));
    }
    COFFRE_TRY(adopt(vault, commit));
    return commit.add_event(vault.event(Action::kUnlock));
  }));
  vault.forget_outcomes(told);
  return clear_failed_unlocks(directory, vault.log.vault());
}

// Every version has all its extents: those changed since the remembered head, and all of a small
// vault (docs/decisions/0004).
Status check_extents(Vault::Impl& vault, ReadView& view) {
  COFFRE_TRY_ASSIGN(const auto range, view.row_range(Table::kVersions));
  if (!range) {
    return {};
  }
  const auto check = [&](ByteView id, ByteView body) -> Status {
    COFFRE_TRY_ASSIGN(const VersionRow version, VersionRow::parse(body));
    for (std::uint32_t number = 0; number < version.extents; ++number) {
      COFFRE_TRY_ASSIGN(const auto extent,
                        view.extent_key(static_cast<std::int64_t>(version.first) + number));
      if (!extent || extent->number != number || !std::ranges::equal(extent->version, id)) {
        return fail(Code::kDamaged, N_("a part of a document is missing or out of its place"),
                    "version " + to_hex(id.first(8)), kRestoreHint);
      }
    }
    return {};
  };
  if (static_cast<std::uint64_t>(range->second - range->first) < kExtentCheckAll) {
    std::vector<OwnedStateRow> rows;
    COFFRE_TRY(view.scan(
        Table::kVersions, range->first, range->second, [&](const StateRow& row) -> Status {
          rows.push_back({{row.id.begin(), row.id.end()}, {row.body.begin(), row.body.end()}});
          return {};
        }));
    for (const OwnedStateRow& row : rows) {
      COFFRE_TRY(check(row.id, row.body));
    }
    return {};
  }
  for (const auto& [key, change] : vault.changes.all()) {
    if (change.table != static_cast<std::uint8_t>(Table::kVersions) || change.leaf.is_zero()) {
      continue;
    }
    COFFRE_TRY_ASSIGN(const OwnedStateRow row, vault.row(view, Table::kVersions, change.key));
    COFFRE_TRY(check(row.id, row.body));
  }
  return {};
}

// The ranges of extents that no version names and that hold some all the same: a program that was
// killed while it filed or destroyed a document left them. Of very many gaps the newest are looked
// at.
Result<std::vector<ExtentRange>> find_leftovers(Vault::Impl& vault) {
  std::vector<ExtentRange> gaps = gaps_between(std::exchange(vault.state->extents, {}));
  if (std::ssize(gaps) > kGapsAtOnce) {
    gaps.erase(gaps.begin(), gaps.end() - kGapsAtOnce);
  }
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, vault.store->read());
  std::vector<ExtentRange> left;
  for (const ExtentRange& gap : gaps) {
    COFFRE_TRY_ASSIGN(const bool any, has_extents(*view, gap));
    if (any) {
      left.push_back(gap);
    }
  }
  return left;
}

Status clear_gap(Vault::Impl& vault, ExtentRange gap) {
  while (true) {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<WriteTransaction> transaction, vault.store->write());
    COFFRE_TRY_ASSIGN(const Bytes seen, transaction->checkpoint());
    if (seen != vault.note) {
      return {};
    }
    COFFRE_TRY_ASSIGN(const auto next,
                      remove_any_extents(*transaction, gap, kExtentsRemovedAtOnce));
    COFFRE_TRY(transaction->commit());
    if (!next) {
      return {};
    }
    gap.begin = *next;
  }
}

// Finishes what programs left that ended early. Only when nobody else has the file open, and right
// after the rows were loaded.
Status clear_leftovers(Vault::Impl& vault) {
  if (!vault.store->try_exclusive()) {
    return {};
  }
  const Status cleared = [&]() -> Status {
    COFFRE_TRY_ASSIGN(const std::vector<ExtentRange> left, find_leftovers(vault));
    for (const ExtentRange& gap : left) {
      COFFRE_TRY(clear_gap(vault, gap));
    }
    return {};
  }();
  // What was removed lies there as it was, when nobody came to overwrite it. Tried at every unlock:
  // nothing in the file says whether it is needed.
  static_cast<void>(vault.store->scrub_side_file());
  vault.store->release_exclusive();
  return cleared;
}

}  // namespace

Result<std::unique_ptr<Vault>> Vault::open(const std::string& given_path,
                                           const VaultEnvironment& environment) {
  COFFRE_TRY_ASSIGN(const std::string path, absolute_path(given_path));
  COFFRE_TRY_ASSIGN(HeadMemory memory, HeadMemory::open(environment.state_directory));
  SqliteOptions options;
  options.patience_ms = environment.patience_ms;
  COFFRE_TRY_ASSIGN(std::unique_ptr<Store> store, open_sqlite_store(path, options));
  auto impl = std::make_unique<Impl>(environment, path, std::move(store), std::move(memory));
  COFFRE_TRY(impl->check_file());
  return std::unique_ptr<Vault>(new Vault(std::move(impl)));
}

Status Vault::Impl::check_file() {
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> from, store->read());
  COFFRE_TRY_ASSIGN(note, from->checkpoint());
  COFFRE_TRY_ASSIGN(const EntryRow genesis, from->entry(0));
  const Hash vault = vault_id_of(genesis.header);
  COFFRE_TRY_ASSIGN(remembered, memory.load(vault));
  COFFRE_TRY_ASSIGN(const std::optional<Hash> known_here, memory.vault_at(path));
  if (known_here && *known_here != vault && !remembered) {
    return fail(Code::kForked, N_("another vault lies where this workstation knows one"), path,
                N_("find the vault that was here, or ask who replaced it"));
  }
  if (remembered) {
    known_root = remembered->state_root;
    const Status followed = [&]() -> Status {
      COFFRE_TRY_ASSIGN(log, position_at(*remembered, *from));
      return check_log(log, *from, changes);
    }();
    if (!followed) {
      return std::unexpected<Error>(why_not_continued(*remembered, *from, followed.error()));
    }
  } else {
    COFFRE_TRY(check_log(log, *from, changes));
  }
  return {};
}

Status Vault::Impl::load_rows() {
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> from, view());
  COFFRE_TRY_ASSIGN(state, load_state(*store, note, log.policy, changes, log.state_root));
  const Status unchanged = [&]() -> Status {
    if (known_root && state->tree.root_with(changes.undo()) != *known_root) {
      return fail(Code::kDamaged,
                  N_("rows were changed that the journal does not name since this workstation "
                     "last saw the vault"),
                  {}, N_("run: coffrectl verify, to learn which"));
    }
    return check_extents(*this, *from);
  }();
  if (!unchanged) {
    state.reset();  // the next unlock looks again
    return unchanged;
  }
  changes = ChangeTracker();
  known_root = log.state_root;
  return {};
}

Status Vault::unlock(Credentials credentials) {
  COFFRE_TRY(impl_->lease.begin_unlock());
  Status status = impl_->unlock(std::move(credentials));
  const std::int64_t idle_ms = std::int64_t{impl_->log.policy.lock_after_seconds()} * 1000;
  impl_->lease.finish_unlock(status.has_value(), idle_ms);
  return status;
}

Status Vault::journal_lock() {
  Impl& self = *impl_;
  if (!self.state) {
    return {};
  }
  COFFRE_TRY_ASSIGN(const SigningKey key, load_workstation_key(self.environment.state_directory,
                                                               self.environment.random));
  return self.commit([&](Commit& commit) -> Status {
    const Workstation* known =
        commit.policy().workstation_by_key(workstation_key_id(key.public_key()));
    if (known == nullptr || known->revoked) {
      return {};
    }
    return commit.add_workstation_event(self.event(Action::kLock), key);
  });
}

Status Vault::Impl::unlock(Credentials credentials) {
  COFFRE_TRY_ASSIGN(const Lease::Use use, lease.use_unlocking());
  revoked = false;
  COFFRE_TRY_ASSIGN(const Unlocker unlocker,
                    make_unlocker(credentials.password, credentials.key_file));
  credentials.password.wipe();
  std::vector<Slot> slots;
  Id id;
  {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> from, view());
    const User* user = log.policy.user_by_name(credentials.user);
    if (user != nullptr && user->state != UserState::kRemoved) {
      COFFRE_TRY_ASSIGN(slots, slots_of(*from, log.policy, *user));
      id = user->id;
    }
  }
  Result<MemberSecrets> secrets = slots.empty()
                                      ? std::unexpected<Error>(refuse_in_same_time(
                                            unlocker, log.policy.cost(), environment.random))
                                      : try_slots(slots, unlocker);
  if (!secrets) {
    if (secrets.error().code == Code::kCredentials) {
      COFFRE_TRY(count_failed_unlock(environment.state_directory, log.vault()));
    }
    return std::unexpected<Error>(secrets.error());
  }
  const User* user = log.policy.user(id);
  if (secrets->public_key() != user->key) {
    return fail(Code::kDamaged, N_("an account's keys are not those that the policy names"),
                user->name);
  }
  if (user->state == UserState::kSuspended) {
    return fail(Code::kDenied, N_("this account is suspended"), {},
                N_("ask who looks after the accounts"));
  }
  keyring.open(id, *std::move(secrets));
  draft_owner.emplace(id, user->key.exchange);
  COFFRE_TRY(keyring.refresh(log.policy));
  COFFRE_TRY_ASSIGN(session, environment.random.id());
  if (!state) {
    COFFRE_TRY(load_rows());
    COFFRE_TRY(clear_leftovers(*this));
  }
  return write_unlock(*this);
}

}  // namespace coffre
