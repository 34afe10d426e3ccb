// The bodies of record and version rows, and the sealing of payloads. docs/FORMAT.md §5.
#pragma once

#include "core/crypto/aead.h"
#include "core/vault/policy_ops.h"

namespace coffre {

enum class ObjectKind : std::uint8_t { kPatient = 1, kDocument = 2, kRequest = 3 };

// `u64 length || payload || zeros` up to the Padmé size, at least 512.
[[nodiscard]] Result<Secret> padded(ByteView payload);
// The payload inside; kDamaged for a size or padding that padded() would not make.
[[nodiscard]] Result<ByteView> unpadded(ByteView plaintext);

struct RecordRow {
  ObjectKind kind = ObjectKind::kDocument;
  Id compartment;
  std::uint64_t revision = 1;
  Hash envelope;
  ByteView sealed;  // a box; points into what was parsed

  static constexpr std::size_t kPrefixSize = 1 + 16 + 8 + 32;
  [[nodiscard]] static Result<RecordRow> parse(ByteView body);
  // The padded plaintext. kDamaged.
  [[nodiscard]] Result<Secret> open(AeadKey& key, const Hash& vault, ByteView id) const;
  // The same into `buffer`, which grows when it is too small: for reading many, without an
  // allocation for each. The view is valid until the next use of the buffer.
  [[nodiscard]] Result<ByteView> open_into(Secret& buffer, AeadKey& key, const Hash& vault,
                                           ByteView id) const;
};
[[nodiscard]] Result<Bytes> seal_record(AeadKey& key, Random& random, const Hash& vault,
                                        const Id& id, const RecordRow& row, ByteView payload);

struct VersionRow {
  Id document;
  Id compartment;
  std::uint64_t number = 1;
  std::uint32_t extents = 0;
  std::uint64_t first = 0;  // row number of the first extent
  std::uint64_t ciphertext_size = 0;
  Hash ciphertext_sha256;
  Hash envelope;
  ByteView sealed;

  static constexpr std::size_t kPrefixSize = 16 + 16 + 8 + 4 + 8 + 8 + 32 + 32;
  [[nodiscard]] static Result<VersionRow> parse(ByteView body);
  // The DEK, 32 bytes. kDamaged.
  [[nodiscard]] Result<Secret> open(AeadKey& key, const Hash& vault, ByteView id) const;
};
[[nodiscard]] Result<Bytes> seal_version(AeadKey& key, Random& random, const Hash& vault,
                                         const Id& id, const VersionRow& row, ByteView dek);

}  // namespace coffre
