#include "core/journal/entry.h"

namespace coffre {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kEntryLabel = "coffre/entry/v1\0"sv;
constexpr std::string_view kBodyLabel = "coffre/entry-body/v1\0"sv;
constexpr std::string_view kVaultLabel = "coffre/vault/v1\0"sv;

constexpr std::size_t kHeaderMax = std::size_t{512} << 10;
constexpr std::uint8_t kTableMax = 5;  // the state tables are numbered from 1: FORMAT.md §2

bool is_kind(std::uint8_t kind) { return kind >= 1 && kind <= 3; }
bool is_table(std::uint8_t table) { return table >= 1 && table <= kTableMax; }

// The genesis has nothing to link to, and every other entry links to an earlier one: whoever
// follows the links comes to an end.
bool links_back(const EntryHeader& header) {
  if (header.sequence == 0) {
    return header.policy_sequence == kNoSequence && header.policy_link.is_zero();
  }
  return header.policy_sequence < header.sequence;
}

std::unexpected<Error> damaged_entry() {
  return fail(Code::kDamaged, N_("an entry of the journal is damaged"));
}

Result<Change> decode_change(Reader& reader) {
  Change change;
  COFFRE_TRY_ASSIGN(change.table, reader.u8());
  COFFRE_TRY_ASSIGN(change.key, reader.fixed<Id>());
  COFFRE_TRY_ASSIGN(change.owner, reader.fixed<Id>());
  COFFRE_TRY_ASSIGN(change.old_leaf, reader.fixed<Hash>());
  COFFRE_TRY_ASSIGN(change.new_leaf, reader.fixed<Hash>());
  if (!is_table(change.table)) return damaged_entry();
  return change;
}

Status decode_fields(Reader& reader, EntryHeader& header) {
  COFFRE_TRY(reader.expect(as_bytes(kEntryLabel)));
  COFFRE_TRY_ASSIGN(header.sequence, reader.u64());
  COFFRE_TRY_ASSIGN(header.time_ms, reader.i64());
  COFFRE_TRY_ASSIGN(header.actor, reader.fixed<Hash>());
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, reader.u8());
  if (!is_kind(kind)) return damaged_entry();
  header.kind = static_cast<EntryKind>(kind);
  COFFRE_TRY_ASSIGN(header.policy_sequence, reader.u64());
  COFFRE_TRY_ASSIGN(header.policy_link, reader.fixed<Hash>());
  COFFRE_TRY_ASSIGN(header.body_hash, reader.fixed<Hash>());
  if (!links_back(header)) return damaged_entry();
  return {};
}

}  // namespace

Bytes EntryHeader::encode() const {
  COFFRE_ASSERT(changes.size() <= kChangesMax);
  COFFRE_ASSERT(is_kind(static_cast<std::uint8_t>(kind)));
  COFFRE_ASSERT(links_back(*this));
  Writer writer;
  writer.raw(kEntryLabel).u64(sequence).i64(time_ms).fixed(actor);
  writer.u8(static_cast<std::uint8_t>(kind)).u64(policy_sequence).fixed(policy_link);
  writer.fixed(body_hash).u16(static_cast<std::uint16_t>(changes.size()));
  for (const Change& change : changes) {
    COFFRE_ASSERT(is_table(change.table));
    writer.u8(change.table).fixed(change.key).fixed(change.owner);
    writer.fixed(change.old_leaf).fixed(change.new_leaf);
  }
  writer.u8(state_root ? 1 : 0);
  if (state_root) writer.fixed(*state_root);
  return writer.take();
}

Result<EntryHeader> EntryHeader::decode(ByteView bytes) {
  if (bytes.size() > kHeaderMax) return damaged_entry();
  Reader reader(bytes);
  EntryHeader header;
  COFFRE_TRY(decode_fields(reader, header));
  COFFRE_TRY_ASSIGN(const std::uint16_t count, reader.u16());
  constexpr std::size_t kChangeSize = 1 + 2 * Id::kSize + 2 * Hash::kSize;
  if (count > kChangesMax || count * kChangeSize > reader.left()) return damaged_entry();
  header.changes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    COFFRE_TRY_ASSIGN(const Change change, decode_change(reader));
    header.changes.push_back(change);
  }
  COFFRE_TRY_ASSIGN(const std::uint8_t last, reader.u8());
  if (last > 1) return damaged_entry();
  if (last == 1) {
    COFFRE_TRY_ASSIGN(header.state_root, reader.fixed<Hash>());
  }
  COFFRE_TRY(reader.finish());
  return header;
}

Hash entry_body_hash(ByteView body) { return sha256({as_bytes(kBodyLabel), body}); }

Hash entry_leaf(ByteView header, ByteView signature) {
  constexpr Byte kLeafPrefix = 0;  // RFC 6962 §2.1
  return sha256({ByteView{&kLeafPrefix, 1}, header, signature});
}

Hash vault_id_of(ByteView genesis_header) {
  return sha256({as_bytes(kVaultLabel), genesis_header});
}

}  // namespace coffre
