#include "core/journal/entry.h"

#include <limits>

#include <gtest/gtest.h>

#include "tests/core/journal/sample.h"

namespace coffre {
namespace {

using test::sample_hash;
using test::sample_id;
using namespace std::string_view_literals;

// Where the fields begin: FORMAT.md §6.
constexpr std::size_t kSequenceAt = 16;
constexpr std::size_t kKindAt = 64;
constexpr std::size_t kPolicySequenceAt = 65;
constexpr std::size_t kObjectCountAt = 137;
constexpr std::size_t kChangesAt = 139;
constexpr std::size_t kChangeSize = 97;

EntryHeader sample_header(std::size_t changes = 2) {
  EntryHeader header;
  header.sequence = 41;
  header.time_ms = 1'700'000'000'123;
  header.actor = sample_hash(1);
  header.kind = EntryKind::kAccess;
  header.policy_sequence = 7;
  header.policy_link = sample_hash(2);
  header.body_hash = sample_hash(3);
  for (std::size_t i = 0; i < changes; ++i) {
    header.changes.push_back({.table = static_cast<std::uint8_t>(1 + i % 5),
                              .key = sample_id(10 + i),
                              .owner = sample_id(20 + i),
                              .old_leaf = i % 3 == 0 ? Hash{} : sample_hash(30 + i),
                              .new_leaf = i % 3 == 1 ? Hash{} : sample_hash(40 + i)});
  }
  header.state_root = sample_hash(4);
  return header;
}

EntryHeader sample_genesis() {
  EntryHeader header = sample_header(0);
  header.sequence = 0;
  header.kind = EntryKind::kPolicy;
  header.policy_sequence = kNoSequence;
  header.policy_link = Hash{};
  return header;
}

void expect_same(const EntryHeader& a, const EntryHeader& b) {
  EXPECT_EQ(a.sequence, b.sequence);
  EXPECT_EQ(a.time_ms, b.time_ms);
  EXPECT_EQ(a.actor, b.actor);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.policy_sequence, b.policy_sequence);
  EXPECT_EQ(a.policy_link, b.policy_link);
  EXPECT_EQ(a.body_hash, b.body_hash);
  EXPECT_EQ(a.changes, b.changes);
  EXPECT_EQ(a.state_root, b.state_root);
}

void expect_refused(const Bytes& bytes, const char* why) {
  const auto decoded = EntryHeader::decode(bytes);
  ASSERT_FALSE(decoded) << why;
  EXPECT_EQ(decoded.error().code, Code::kDamaged) << why;
}

TEST(EntryHeader, BytesAreThoseOfTheFormat) {
  const EntryHeader header = sample_header(1);
  const Change& change = header.changes[0];
  Writer expected;
  expected.raw("coffre/entry/v1\0"sv).u64(41).i64(1'700'000'000'123).fixed(header.actor);
  expected.u8(2).u64(7).fixed(header.policy_link).fixed(header.body_hash);
  expected.u16(1).u8(1).fixed(change.key).fixed(change.owner);
  expected.fixed(change.old_leaf).fixed(change.new_leaf);
  expected.u8(1).fixed(*header.state_root);
  EXPECT_EQ(header.encode(), expected.take());
}

TEST(EntryHeader, DecodesWhatItEncodes) {
  for (const std::size_t changes : {std::size_t{0}, std::size_t{1}, std::size_t{9}, kChangesMax}) {
    EntryHeader header = sample_header(changes);
    for (const EntryKind kind : {EntryKind::kPolicy, EntryKind::kAccess, EntryKind::kWorkstation}) {
      header.kind = kind;
      header.state_root = kind == EntryKind::kAccess ? std::optional(sample_hash(4)) : std::nullopt;
      header.time_ms = kind == EntryKind::kPolicy ? std::numeric_limits<std::int64_t>::min() : 0;
      const Bytes bytes = header.encode();
      const auto decoded = EntryHeader::decode(bytes);
      ASSERT_TRUE(decoded);
      expect_same(*decoded, header);
      EXPECT_EQ(decoded->encode(), bytes);
    }
  }
}

TEST(EntryHeader, GenesisHasNothingToLinkTo) {
  const Bytes bytes = sample_genesis().encode();
  const auto decoded = EntryHeader::decode(bytes);
  ASSERT_TRUE(decoded);
  expect_same(*decoded, sample_genesis());
  Bytes linked = bytes;
  linked[kPolicySequenceAt + 8] = 1;
  expect_refused(linked, "a genesis with a link");
  Bytes numbered = bytes;
  numbered[kPolicySequenceAt] = 0;
  expect_refused(numbered, "a genesis after a policy entry");
  Bytes later = bytes;
  later[kSequenceAt + 7] = 1;
  expect_refused(later, "a later entry without a policy entry before it");
}

TEST(EntryHeader, LinkToItselfOrALaterEntryIsRefused) {
  for (const Byte sequence : {Byte{41}, Byte{42}}) {
    Bytes bytes = sample_header().encode();
    bytes[kPolicySequenceAt + 7] = sequence;
    expect_refused(bytes, "a link that does not go back");
  }
}

TEST(EntryHeader, UnknownKindTableOrFlagIsRefused) {
  const Bytes right = sample_header().encode();
  for (const Byte kind : {Byte{0}, Byte{4}, Byte{255}}) {
    Bytes bytes = right;
    bytes[kKindAt] = kind;
    expect_refused(bytes, "kind");
  }
  for (const Byte table : {Byte{0}, Byte{6}, Byte{255}}) {
    Bytes bytes = right;
    bytes[kChangesAt] = table;
    expect_refused(bytes, "table");
  }
  for (const Byte last : {Byte{0}, Byte{2}, Byte{255}}) {
    Bytes bytes = right;
    bytes[kChangesAt + 2 * kChangeSize] = last;
    expect_refused(bytes, "last");
  }
}

TEST(EntryHeader, TooManyChangesAreRefusedBeforeMemoryIsTaken) {
  Bytes bytes = sample_header(0).encode();
  bytes[kObjectCountAt] = 0x10;  // 4,096, and none follows
  expect_refused(bytes, "count without changes");
  bytes[kObjectCountAt] = 0xff;
  expect_refused(bytes, "count above the limit");
  Bytes one_more = sample_header(kChangesMax).encode();
  const auto at = one_more.begin() + static_cast<std::ptrdiff_t>(kChangesAt);
  const Bytes change(at, at + static_cast<std::ptrdiff_t>(kChangeSize));
  one_more.insert(at, change.begin(), change.end());
  one_more[kObjectCountAt + 1] = 0x01;  // 4,097, and all follow
  expect_refused(one_more, "4,097 changes");
  expect_refused(Bytes(std::size_t{1} << 20), "a header of 1 MiB");
}

TEST(EntryHeader, EveryTruncationAndEveryExtensionIsRefused) {
  for (const EntryHeader& header : {sample_header(0), sample_header(3), sample_genesis()}) {
    Bytes bytes = header.encode();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      expect_refused(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)),
                     "truncated");
    }
    bytes.push_back(0);
    expect_refused(bytes, "a byte more");
  }
}

TEST(EntryHeader, EveryFlippedBitIsRefusedOrKeptExactly) {
  for (const EntryHeader& header : {sample_header(2), sample_genesis()}) {
    const Bytes right = header.encode();
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
      Bytes bytes = right;
      bytes[bit / 8] ^= static_cast<Byte>(1 << (bit % 8));
      const auto decoded = EntryHeader::decode(bytes);
      if (decoded) {
        ASSERT_EQ(decoded->encode(), bytes) << bit;
      } else {
        ++refused;
      }
    }
    EXPECT_GE(refused, 8 * kSequenceAt);  // the label at least
  }
}

TEST(EntryHeader, RandomDamageIsRefusedOrKeptExactly) {
  SeededRandom random(1);
  const Bytes right = sample_header(4).encode();
  for (int round = 0; round < 20'000; ++round) {
    std::array<Byte, 12> draw{};
    ASSERT_TRUE(random.fill(draw));
    Bytes bytes = right;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t at = (std::size_t{draw[3 * i]} << 8 | draw[3 * i + 1]) % bytes.size();
      bytes[at] = draw[3 * i + 2];
    }
    if (draw[0] % 4 == 0) bytes.resize(bytes.size() - draw[1]);
    const auto decoded = EntryHeader::decode(bytes);
    if (decoded) {
      ASSERT_EQ(decoded->encode(), bytes) << round;
    }
  }
}

TEST(EntryHeaderDeathTest, EncodingWhatCannotBeDecodedEndsTheProcess) {
  EntryHeader header = sample_header(kChangesMax);
  header.changes.push_back(header.changes[0]);
  EXPECT_DEATH((void)header.encode(), "kChangesMax");
  header = sample_header();
  header.changes[0].table = 0;
  EXPECT_DEATH((void)header.encode(), "is_table");
  header = sample_header();
  header.policy_sequence = kNoSequence;
  EXPECT_DEATH((void)header.encode(), "links_back");
}

TEST(EntryHashes, AreThoseOfTheFormat) {
  const Bytes header = sample_header().encode();
  const Bytes signature(64, 5);
  Bytes both = header;
  both.insert(both.end(), signature.begin(), signature.end());
  EXPECT_EQ(entry_leaf(header, signature), merkle_leaf(both));
  EXPECT_EQ(entry_body_hash(header),
            sha256({as_bytes("coffre/entry-body/v1\0"sv), ByteView(header)}));
  EXPECT_EQ(vault_id_of(header), sha256({as_bytes("coffre/vault/v1\0"sv), ByteView(header)}));
  EXPECT_NE(entry_body_hash({}), vault_id_of({}));
}

}  // namespace
}  // namespace coffre
