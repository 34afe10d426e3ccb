#include "tests/core/vault/damage.h"

#include <gtest/gtest.h>

namespace coffre::test {
namespace {

void bind(sqlite3_stmt* statement, int index, const RawVault::Value& value) {
  int bound = SQLITE_OK;
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    bound = sqlite3_bind_int64(statement, index, *number);
  } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
    const auto size = static_cast<int>(bytes->size());
    bound = size == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                      : sqlite3_bind_blob(statement, index, bytes->data(), size, nullptr);
  } else {
    bound = sqlite3_bind_null(statement, index);
  }
  COFFRE_ASSERT(bound == SQLITE_OK);
}

}  // namespace

RawVault::RawVault(const std::string& path) {
  const int opened = sqlite3_open_v2(path.c_str(), &handle_, SQLITE_OPEN_READWRITE, "unix");
  COFFRE_ASSERT(opened == SQLITE_OK);
  run("PRAGMA journal_mode=MEMORY");
  run("PRAGMA synchronous=OFF");
}

RawVault::~RawVault() { sqlite3_close(handle_); }

sqlite3_stmt* RawVault::prepare(const std::string& sql, const std::vector<Value>& values) {
  sqlite3_stmt* statement = nullptr;
  const int prepared = sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr);
  if (prepared != SQLITE_OK) {
    assertion_failed(sqlite3_errmsg(handle_), sql.c_str(), prepared);
  }
  for (std::size_t index = 0; index < values.size(); ++index) {
    bind(statement, static_cast<int>(index) + 1, values[index]);
  }
  return statement;
}

int RawVault::run(const std::string& sql, const std::vector<Value>& values) {
  sqlite3_stmt* statement = prepare(sql, values);
  int stepped = SQLITE_ROW;
  while (stepped == SQLITE_ROW) {
    stepped = sqlite3_step(statement);
  }
  if (stepped != SQLITE_DONE) {
    assertion_failed(sqlite3_errmsg(handle_), sql.c_str(), stepped);
  }
  sqlite3_finalize(statement);
  return sqlite3_changes(handle_);
}

Bytes RawVault::blob(const std::string& sql, const std::vector<Value>& values) {
  sqlite3_stmt* statement = prepare(sql, values);
  COFFRE_ASSERT(sqlite3_step(statement) == SQLITE_ROW);
  const auto* data = static_cast<const Byte*>(sqlite3_column_blob(statement, 0));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, 0));
  Bytes bytes = data == nullptr ? Bytes() : Bytes(data, data + size);
  sqlite3_finalize(statement);
  return bytes;
}

std::int64_t RawVault::integer(const std::string& sql, const std::vector<Value>& values) {
  sqlite3_stmt* statement = prepare(sql, values);
  COFFRE_ASSERT(sqlite3_step(statement) == SQLITE_ROW);
  const std::int64_t value = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  return value;
}

std::vector<std::int64_t> RawVault::rows(const std::string& table) {
  std::vector<std::int64_t> all;
  sqlite3_stmt* statement = prepare("SELECT row FROM " + table + " ORDER BY row", {});
  while (sqlite3_step(statement) == SQLITE_ROW) {
    all.push_back(sqlite3_column_int64(statement, 0));
  }
  sqlite3_finalize(statement);
  return all;
}

std::vector<Bytes> flipped(const Bytes& value) {
  std::vector<Bytes> all;
  const auto flip = [&](std::size_t at, unsigned bit) {
    Bytes changed = value;
    changed.at(at) = static_cast<Byte>(changed[at] ^ (1U << bit));
    all.push_back(std::move(changed));
  };
  flip(0, 7);
  flip(value.size() / 2, 3);
  flip(value.size() - 1, 0);
  return all;
}

Signature plus_order(const Signature& signature) {
  // L = 2^252 + 27742317777372353535851937790883648493, little-endian.
  constexpr std::array<unsigned, 32> kOrder = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                               0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                               0,    0,    0,    0,    0,    0,    0,    0,
                                               0,    0,    0,    0,    0,    0,    0,    0x10};
  Signature made = signature;
  unsigned carry = 0;
  for (std::size_t index = 0; index < kOrder.size(); ++index) {
    const unsigned sum = made.bytes[32 + index] + kOrder[index] + carry;
    made.bytes[32 + index] = static_cast<Byte>(sum & 0xff);
    carry = sum >> 8;
  }
  COFFRE_ASSERT(carry == 0);
  return made;
}

Access access(Practice& practice, const std::string& user, const std::string& workstation,
              const std::string& path) {
  Access got;
  const auto refuse = [&](const char* step, const Error& error) {
    if (got.refused_at.empty()) {
      got.refused_at = step;
      got.error = error;
    }
  };
  auto opened = practice.open(path, workstation);
  if (!opened) {
    refuse("open", opened.error());
    return got;
  }
  Vault& vault = **opened;
  if (const Status unlocked = vault.unlock({user, secret_of(Practice::password_of(user)), {}});
      !unlocked) {
    refuse("unlock", unlocked.error());
  }
  // Asked whatever happened before: a refused unlock must not leave a session.
  const auto listed = vault.documents({});
  if (!listed) {
    refuse("list", listed.error());
    return got;
  }
  for (const Document& document : *listed) {
    got.titles.push_back(document.title);
    const auto exported =
        vault.export_document(document.id, "test", "", [&](ByteView bytes) -> Status {
          got.content.insert(got.content.end(), bytes.begin(), bytes.end());
          return {};
        });
    if (!exported) {
      refuse("export", exported.error());
    }
  }
  const auto report = vault.verify(true);
  if (!report) {
    refuse("verify", report.error());
  } else {
    got.damaged = report->damaged;
  }
  return got;
}

void expect_refused(const Access& got, Code code) {
  EXPECT_TRUE(got.refused_at == "open" || got.refused_at == "unlock") << got.refused_at;
  EXPECT_EQ(got.error.code, code) << got.error.what << " " << got.error.on;
  EXPECT_TRUE(got.titles.empty());
  EXPECT_TRUE(got.content.empty());
}

void expect_blamed(Practice& practice, std::uint64_t entry, const std::string& person) {
  for (const char* workstation : {"first", "never seen"}) {
    SCOPED_TRACE(workstation);
    const Access got = access(practice, "marie", workstation, practice.path());
    expect_refused(got);
    EXPECT_EQ(got.error.on, "entry " + std::to_string(entry) + ", " + person) << got.error.what;
  }
}

ForgedCommit::ForgedCommit(Vault& session)
    : vault_(session.impl()),
      transaction_(need(vault_.store->write())),
      tree_(vault_.state->tree),
      frontier_(vault_.log.frontier),
      policy_sequence_(vault_.log.policy_sequence),
      policy_link_(vault_.log.policy_link),
      key_(need(vault_.keyring.member().signing.clone())),
      actor_(vault_.keyring.key_id()) {}

void ForgedCommit::sign_as(const SigningKey& key, const Hash& actor) {
  key_ = need(key.clone());
  actor_ = actor;
}

void ForgedCommit::rewrite_signatures(std::function<Signature(const Signature&)> rewrite) {
  rewrite_ = std::move(rewrite);
}

void ForgedCommit::change(Table table, ByteView id, const Id& owner, const Hash& after) {
  const auto number = static_cast<std::uint8_t>(table);
  const auto before = tree_.find(number, row_key(id));
  changes_.push_back({number, row_key(id), owner, before ? before->leaf : Hash{}, after});
}

void ForgedCommit::insert(Table table, ByteView id, ByteView body, const Id& owner) {
  const auto number = static_cast<std::uint8_t>(table);
  const Hash leaf = row_leaf(number, id, body);
  change(table, id, owner, leaf);
  const std::int64_t row = need(transaction_->insert_row(table, id, body));
  need(tree_.insert(number, row, row_key(id), leaf));
}

void ForgedCommit::replace(Table table, ByteView id, ByteView body, const Id& owner) {
  const auto number = static_cast<std::uint8_t>(table);
  const Hash leaf = row_leaf(number, id, body);
  change(table, id, owner, leaf);
  need(transaction_->replace_row(table, tree_.find(number, row_key(id))->row, body));
  need(tree_.replace(number, row_key(id), leaf));
}

void ForgedCommit::remove(Table table, ByteView id, const Id& owner) {
  const auto number = static_cast<std::uint8_t>(table);
  change(table, id, owner, {});
  need(transaction_->remove_row(table, tree_.find(number, row_key(id))->row));
  need(tree_.remove(number, row_key(id)));
}

void ForgedCommit::add(EntryKind kind, Bytes body) {
  EntryHeader header;
  header.sequence = frontier_.size() + entries_.size();
  header.time_ms = vault_.environment.clock.wall_ms();
  header.actor = actor_;
  header.kind = kind;
  header.body_hash = entry_body_hash(body);
  header.changes = std::exchange(changes_, {});
  entries_.push_back({std::move(header), std::move(body)});
}

void ForgedCommit::policy(const PolicyOp& op) { add(EntryKind::kPolicy, encode_op(op)); }

void ForgedCommit::event() { add(EntryKind::kAccess, sample_bytes(600, 9)); }

std::uint64_t ForgedCommit::finish() {
  COFFRE_ASSERT(!entries_.empty() && changes_.empty());
  entries_.back().header.state_root = tree_.root();
  for (Pending& entry : entries_) {
    entry.header.policy_sequence = policy_sequence_;
    entry.header.policy_link = policy_link_;
    const Bytes header = entry.header.encode();
    Signature signature = key_->sign(header);
    if (rewrite_) {
      signature = rewrite_(signature);
    }
    need(transaction_->append_entry(entry.header.sequence, header, signature.view(), entry.body));
    const Hash leaf = entry_leaf(header, signature.view());
    frontier_.append(leaf);
    if (entry.header.kind == EntryKind::kPolicy) {
      policy_sequence_ = entry.header.sequence;
      policy_link_ = leaf;
    }
  }
  const std::string note =
      Checkpoint::sign(vault_.log.vault(), frontier_.size(), frontier_.root(), actor_, *key_)
          .encode();
  need(transaction_->set_checkpoint(as_bytes(note)));
  need(transaction_->commit());
  transaction_.reset();
  return frontier_.size() - 1;
}

OwnedStateRow stored_row(Vault& session, Table table, const Id& key) {
  const auto view = need(session.impl().store->read());
  return need(session.impl().row(*view, table, key));
}

Result<Bytes> retitled(Vault& session, Commit& commit, const Document& document,
                       const Id& compartment, const std::string& title) {
  Document changed = document;
  changed.title = title;
  COFFRE_TRY_ASSIGN(const Secret payload, encode_document(changed));
  COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(compartment));
  const RecordRow row{ObjectKind::kDocument, compartment, 2, envelope->id, {}};
  return seal_record(envelope->key, commit.random(), session.impl().log.vault(), document.id, row,
                     payload.expose());
}

}  // namespace coffre::test
