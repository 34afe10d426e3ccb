#include "core/vault/vault.h"

#include <mutex>
#include <set>

#include "core/base/parallel.h"
#include "core/vault/hints.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

std::unexpected<Error> no_vault_there() {
  return fail(Code::kDenied, N_("there is no such object, or this account may not see it"), {},
              N_("check the id with: coffrectl list"));
}

}  // namespace

Vault::Vault(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Vault::~Vault() = default;

const Policy& Vault::policy() const { return impl_->log.policy; }
bool Vault::first_contact() const { return !impl_->remembered.has_value(); }
void Vault::renew() { impl_->lease.renew(); }
void Vault::lock(LockCause cause) { impl_->lease.lock(cause); }
SessionState Vault::state() const { return impl_->lease.state(); }
LockCause Vault::lock_cause() const { return impl_->lease.cause(); }
std::int64_t Vault::remaining_ms() const { return impl_->lease.remaining_ms(); }
void Vault::on_locked(std::function<void()> listener) { impl_->locked = std::move(listener); }
std::optional<Error> Vault::memory_error() const { return impl_->memory_error; }

void Vault::Impl::remember() {
  const Status stored = memory.store(log.head(), path);
  memory_error = stored ? std::nullopt : std::optional<Error>(stored.error());
}

const User& Vault::Impl::me() const {
  const User* user = log.policy.user(keyring.user());
  COFFRE_ASSERT(user != nullptr);
  return *user;
}

bool Vault::Impl::may(const Id& compartment, std::uint8_t right) const {
  return (log.policy.rights(me(), compartment) & right) == right;
}

bool Vault::Impl::can_read(const Id& compartment) const {
  return log.policy.is_reader(me(), compartment);
}

Status Vault::Impl::need(std::uint8_t vault_right) const {
  if ((log.policy.vault_rights(me()) & vault_right) == 0) {
    return fail(Code::kDenied, N_("this account may not do that"), {},
                N_("ask somebody whose role allows it"));
  }
  return {};
}

Status Vault::Impl::check_own_authority() {
  if (!keyring.is_open()) {
    return {};
  }
  const User* user = log.policy.user_by_key(keyring.key_id());
  if (user == nullptr || user->state != UserState::kActive) {
    revoked = true;
    return fail(Code::kLocked, N_("this account was suspended, removed, or its key replaced"), {},
                N_("ask who looks after the accounts"));
  }
  return keyring.refresh(log.policy);
}

Status Vault::Impl::catch_up(ReadView& from) {
  if (log.size() == 0) {
    return {};  // the vault is being made
  }
  COFFRE_TRY_ASSIGN(const Bytes seen, from.checkpoint());
  if (seen == note) {
    return {};
  }
  const Head known = log.head();
  LogPosition moved = log;
  // Rows that are not loaded yet are checked when they are: against all that was changed by then.
  ChangeTracker since = state ? ChangeTracker() : changes;
  if (const Status followed = check_log(moved, from, since); !followed) {
    revoked = true;  // nothing more is believed in this session
    return std::unexpected<Error>(why_not_continued(known, from, followed.error()));
  }
  if (state) {
    if (Status rows = follow_changes(*state, from, moved.policy, since, moved.state_root); !rows) {
      state.reset();
      revoked = true;
      return rows;
    }
  } else {
    changes = std::move(since);
  }
  log = std::move(moved);
  note = seen;
  if (state) {
    remember();  // a head is remembered once its rows were verified too, never before
  }
  return check_own_authority();
}

Result<std::unique_ptr<ReadView>> Vault::Impl::view() {
  COFFRE_TRY_ASSIGN(std::unique_ptr<ReadView> made, store->read());
  COFFRE_TRY(catch_up(*made));
  return made;
}

Result<OwnedStateRow> Vault::Impl::row(ReadView& from, Table table, const Id& key) {
  const auto known = state->tree.find(static_cast<std::uint8_t>(table), key);
  if (!known) {
    return no_vault_there();
  }
  COFFRE_TRY_ASSIGN(std::optional<OwnedStateRow> found, from.state_row(table, known->row));
  if (!found || row_leaf(static_cast<std::uint8_t>(table), found->id, found->body) != known->leaf) {
    return fail(Code::kDamaged, N_("a row was changed while the vault was open"),
                std::string(state_table_name(table)) + " " + to_hex(key.view().first(8)),
                kRestoreHint);
  }
  return *std::move(found);
}

Result<ByteView> Vault::Impl::envelope_key(ReadView& from, const Hash& id) {
  if (const auto known = keyring.opened.find(id); known != keyring.opened.end()) {
    return std::as_const(known->second).expose();
  }
  const auto info = state->envelopes.find(id);
  if (info == state->envelopes.end()) {
    return fail(Code::kDamaged, N_("a row lies under an envelope that is not there"));
  }
  EpochKeys* epoch = keyring.epoch(info->second.compartment, info->second.epoch);
  if (epoch == nullptr || !can_read(info->second.compartment)) {
    return no_vault_there();
  }
  COFFRE_TRY_ASSIGN(const OwnedStateRow stored, row(from, Table::kEnvelopes, row_key(id.view())));
  COFFRE_TRY_ASSIGN(const Envelope envelope, Envelope::parse(log.vault(), stored.id, stored.body));
  Result<Secret> key = Secret();
  const bool adopted =
      state->tree.find(static_cast<std::uint8_t>(Table::kAdoptions), row_key(id.view()))
          .has_value();
  if (envelope.kind == EnvelopeKind::kReader) {
    key = envelope.open_as_reader(epoch->read_key);
  } else if (adopted) {
    COFFRE_TRY_ASSIGN(const OwnedStateRow adoption_row,
                      row(from, Table::kAdoptions, row_key(id.view())));
    COFFRE_TRY_ASSIGN(const Adoption adoption,
                      Adoption::parse(log.vault(), adoption_row.id, adoption_row.body));
    key = adoption.open(epoch->read_key, envelope);
  } else {
    key = envelope.open_as_deposited(epoch->exchange);
  }
  if (!key) {
    return std::unexpected<Error>(key.error());
  }
  const auto [at, is_new] = keyring.opened.insert_or_assign(id, *std::move(key));
  return std::as_const(at->second).expose();
}

Result<Vault::Impl::OpenRecord> Vault::Impl::open_record(ReadView& from, const Id& id,
                                                         ObjectKind kind) {
  OpenRecord opened;
  COFFRE_TRY_ASSIGN(opened.stored, row(from, Table::kRecords, id));
  COFFRE_TRY_ASSIGN(opened.row, RecordRow::parse(opened.stored.body));
  if (opened.row.kind != kind || !can_read(opened.row.compartment)) {
    return no_vault_there();
  }
  COFFRE_TRY_ASSIGN(const ByteView key, envelope_key(from, opened.row.envelope));
  COFFRE_TRY_ASSIGN(AeadKey aead, envelope_aead(key));
  COFFRE_TRY_ASSIGN(opened.plaintext, opened.row.open(aead, log.vault(), id.view()));
  return opened;
}

Result<Document> Vault::Impl::read_document(ReadView& from, const Id& id) {
  COFFRE_TRY_ASSIGN(const OpenRecord opened, open_record(from, id, ObjectKind::kDocument));
  COFFRE_TRY_ASSIGN(const ByteView payload, unpadded(opened.plaintext.expose()));
  return decode_document(id, opened.row.compartment, payload);
}

Result<Patient> Vault::Impl::read_patient(ReadView& from, const Id& id) {
  COFFRE_TRY_ASSIGN(const OpenRecord opened, open_record(from, id, ObjectKind::kPatient));
  COFFRE_TRY_ASSIGN(const ByteView payload, unpadded(opened.plaintext.expose()));
  return decode_patient(id, payload);
}

namespace {

// What a scan leaves out, from all threads; nullptr: nothing may be left out.
struct Unreadable {
  std::vector<UnreadableRecord>* records;
  std::mutex mutex;
};

// Opens the records of one thread's ranges; keeps the AEAD keys of the envelopes that it met.
struct RecordScan {
  Vault::Impl& vault;
  ObjectKind kind;
  const std::set<Id>& readable;  // compartments wanted, and allowed to this account
  const Vault::Impl::TakeRecord& take;
  const std::unordered_map<Hash, Secret, HashHasher>& opened;
  const std::set<Hash>& shut;  // envelopes that do not open although they are as they were signed
  Unreadable& unreadable;
  std::size_t slot;
  std::unordered_map<Hash, AeadKey, HashHasher> keys;
  Secret buffer;  // one record after the other
  // Rows that were given to `take` and are still to be compared with the tree, a number at once:
  // nothing that was taken counts before finish() has said so.
  std::vector<StateTree::Expected> unchecked;
  static constexpr std::size_t kUncheckedMax = 256;

  [[nodiscard]] Status visit(const StateRow& row) {
    COFFRE_TRY_ASSIGN(const RecordRow record, RecordRow::parse(row.body));
    if (record.kind != kind || !readable.contains(record.compartment)) {
      return {};
    }
    const auto key = opened.find(record.envelope);
    const bool is_shut = shut.contains(record.envelope);
    if (key == opened.end() && !is_shut) {
      return {};  // not for this account
    }
    const Id id = row_key(row.id);
    if (unchecked.size() == kUncheckedMax) {
      COFFRE_TRY(finish());
    }
    unchecked.push_back(
        {id, row_leaf(static_cast<std::uint8_t>(Table::kRecords), row.id, row.body)});
    const Status taken = is_shut ? Status(fail(Code::kDamaged, N_("a record is malformed")))
                                 : open(row, record, id, key->second);
    if (taken || taken.error().code != Code::kDamaged || unreadable.records == nullptr) {
      return taken;
    }
    // What was changed since is damage of the vault and fails the whole; what was sealed so is the
    // doing of one person, and must not take the rest from everybody.
    COFFRE_TRY(finish());
    leave_out(record, id);
    return {};
  }

  [[nodiscard]] Status open(const StateRow& row, const RecordRow& record, const Id& id,
                            const Secret& key) {
    auto at = keys.find(record.envelope);
    if (at == keys.end()) {
      COFFRE_TRY_ASSIGN(AeadKey made, envelope_aead(key.expose()));
      at = keys.emplace(record.envelope, std::move(made)).first;
    }
    COFFRE_TRY_ASSIGN(const ByteView plaintext,
                      record.open_into(buffer, at->second, vault.log.vault(), row.id));
    COFFRE_TRY_ASSIGN(const ByteView payload, unpadded(plaintext));
    return take(slot, row.row, id, record.compartment, payload);
  }

  void leave_out(const RecordRow& record, const Id& id) const {
    const auto envelope = vault.state->envelopes.find(record.envelope);
    UnreadableRecord left{id, record.compartment, {}};
    if (envelope != vault.state->envelopes.end()) {
      left.from = vault.log.policy.name_of_key(envelope->second.creator);
    }
    const std::lock_guard<std::mutex> guard(unreadable.mutex);
    unreadable.records->push_back(std::move(left));
  }

  // Compares the rows that were taken with the tree. Called after the last one too.
  [[nodiscard]] Status finish() {
    const auto other =
        vault.state->tree.first_other(static_cast<std::uint8_t>(Table::kRecords), unchecked);
    if (other) {
      return fail(Code::kDamaged, N_("a row was changed while the vault was open"),
                  "records " + to_hex(unchecked[*other].key.view().first(8)), kRestoreHint);
    }
    unchecked.clear();
    return {};
  }
};

}  // namespace

bool Vault::Impl::is_as_signed(ReadView& from, const Hash& envelope) {
  const Id key = row_key(envelope.view());
  const bool adopted =
      state->tree.find(static_cast<std::uint8_t>(Table::kAdoptions), key).has_value();
  return row(from, Table::kEnvelopes, key) && (!adopted || row(from, Table::kAdoptions, key));
}

Status Vault::Impl::scan_records(ObjectKind kind, std::optional<Id> compartment, std::size_t slots,
                                 const TakeRecord& take, std::vector<UnreadableRecord>* left_out) {
  COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> first, view());
  std::set<Id> readable;
  for (const auto& [id, place] : log.policy.compartments()) {
    const bool wanted = !compartment || id == *compartment;
    if (wanted && place.purpose != Purpose::kJournal && can_read(id)) {
      readable.insert(id);
    }
  }
  std::set<Hash> shut;
  for (const auto& [id, info] : state->envelopes) {
    if (!readable.contains(info.compartment)) {
      continue;
    }
    const Result<ByteView> key = envelope_key(*first, id);
    if (key) {
      continue;
    }
    if (left_out == nullptr || key.error().code != Code::kDamaged || !is_as_signed(*first, id)) {
      return std::unexpected<Error>(key.error());
    }
    shut.insert(id);
  }
  Unreadable unreadable{left_out, {}};
  COFFRE_TRY_ASSIGN(const auto range, first->row_range(Table::kRecords));
  if (!range) {
    return {};
  }
  const auto span = static_cast<std::uint64_t>(range->second - range->first) + 1;
  return parallel_for(slots, slots, [&](std::size_t slot) -> Status {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> mine, store->read());
    COFFRE_TRY_ASSIGN(const Bytes seen, mine->checkpoint());
    if (seen != note) {
      return fail(Code::kBusy, N_("the vault is in use by another program"), {},
                  N_("wait and try again"));
    }
    RecordScan scan{*this, kind, readable, take, keyring.opened, shut, unreadable,
                    slot,  {},   {},       {}};
    const auto from = range->first + static_cast<std::int64_t>(span / slots * slot);
    const auto to = slot + 1 == slots
                        ? range->second
                        : range->first + static_cast<std::int64_t>(span / slots * (slot + 1)) - 1;
    Status scanned =
        mine->scan(Table::kRecords, from, to, [&](const StateRow& row) { return scan.visit(row); });
    // A row that does not open was changed more likely than sealed so: that is said first.
    Status checked = scan.finish();
    return checked ? scanned : checked;
  });
}

}  // namespace coffre
