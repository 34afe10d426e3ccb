// What somebody can do to a vault who holds the file, or who is a member with a program of their
// own.
//
// RawVault edits the SQLite file below every check of the store. ForgedCommit signs whatever it is
// told with a real member's keys, asking nobody, and leaves log, root and checkpoint consistent.
// Neither may be used while a vault of the same file is written to. Failures of the tools
// themselves end the test program.
#pragma once

#include <variant>

#include <sqlite3.h>

#include "tests/core/vault/practice.h"

namespace coffre::test {

class RawVault {
 public:
  using Value = std::variant<std::int64_t, Bytes, std::nullptr_t>;

  explicit RawVault(const std::string& path);
  RawVault(const RawVault&) = delete;
  RawVault& operator=(const RawVault&) = delete;
  ~RawVault();

  // Runs one statement to its end; the number of rows that it changed.
  int run(const std::string& sql, const std::vector<Value>& values = {});
  [[nodiscard]] Bytes blob(const std::string& sql, const std::vector<Value>& values = {});
  [[nodiscard]] std::int64_t integer(const std::string& sql, const std::vector<Value>& values = {});
  [[nodiscard]] std::vector<std::int64_t> rows(const std::string& table);

 private:
  sqlite3_stmt* prepare(const std::string& sql, const std::vector<Value>& values);
  sqlite3* handle_ = nullptr;
};

// A number of bits of each value that the systematic tests flip: in the first, a middle and the
// last byte.
[[nodiscard]] std::vector<Bytes> flipped(const Bytes& value);
// S rewritten as S + L: the same signature to a verifier that is not strict.
[[nodiscard]] Signature plus_order(const Signature& signature);

// What a person gets who opens, unlocks, lists, exports all that is listed, and verifies.
struct Access {
  std::string refused_at;  // the first step that was refused: "open", "unlock", "list", "export"
  Error error;             // of that step
  std::vector<std::string> damaged;  // verify(true)
  std::vector<std::string> titles;
  Bytes content;  // every byte that an export gave
};
[[nodiscard]] Access access(Practice& practice, const std::string& user,
                            const std::string& workstation, const std::string& path);
// Refused with this code before a session was given; no title, no byte.
void expect_refused(const Access& got, Code code = Code::kDamaged);
// As the owner, on the workstation that knows the vault and on a new one: damage, with the entry
// and the person named.
void expect_blamed(Practice& practice, std::uint64_t entry, const std::string& person);

class ForgedCommit {
 public:
  // The session must be unlocked and have its rows loaded; it must not be used afterwards.
  explicit ForgedCommit(Vault& session);

  // Sign with this key in this name from now on.
  void sign_as(const SigningKey& key, const Hash& actor);
  // What is done to each entry's signature before it is stored.
  void rewrite_signatures(std::function<Signature(const Signature&)> rewrite);

  // Rows as they are to be; the next entry names them.
  void insert(Table table, ByteView id, ByteView body, const Id& owner);
  void replace(Table table, ByteView id, ByteView body, const Id& owner);
  void remove(Table table, ByteView id, const Id& owner);
  // The next entry says that the last changed row was this before.
  void pretend_old_leaf(const Hash& leaf) { changes_.back().old_leaf = leaf; }
  // Hides what was changed so far from the next entry.
  void forget_changes() { changes_.clear(); }
  // A policy entry that nobody judged, and an access entry whose body opens for nobody.
  void policy(const PolicyOp& op);
  void event();
  // Root, signatures and checkpoint. The last entry's number.
  std::uint64_t finish();

 private:
  struct Pending {
    EntryHeader header;
    Bytes body;
  };
  void add(EntryKind kind, Bytes body);
  void change(Table table, ByteView id, const Id& owner, const Hash& after);

  Vault::Impl& vault_;
  std::unique_ptr<WriteTransaction> transaction_;
  StateTree tree_;
  Frontier frontier_;
  std::uint64_t policy_sequence_;
  Hash policy_link_;
  std::optional<SigningKey> key_;
  Hash actor_;
  std::function<Signature(const Signature&)> rewrite_;
  std::vector<Change> changes_;
  std::vector<Pending> entries_;
};

// The stored row of a state table, as the session knows it.
[[nodiscard]] OwnedStateRow stored_row(Vault& session, Table table, const Id& key);
// The same document's record sealed anew by the session's member with another title; the envelope
// is taken from `commit`.
[[nodiscard]] Result<Bytes> retitled(Vault& session, Commit& commit, const Document& document,
                                     const Id& compartment, const std::string& title);
// The value of a result, or the end of the test program.
template <typename T>
[[nodiscard]] T need(Result<T> result) {
  if (!result) {
    assertion_failed(result.error().what, __FILE__, __LINE__);
  }
  return *std::move(result);
}
inline void need(const Status& status) {
  if (!status) {
    assertion_failed(status.error().what, __FILE__, __LINE__);
  }
}

}  // namespace coffre::test
