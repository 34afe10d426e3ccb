#include "core/vault/rows.h"

#include <cstring>

#include "core/crypto/padme.h"
#include "core/store/store.h"
#include "core/vault/hints.h"

namespace coffre {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kPaddedMin = 512;
constexpr std::size_t kDekSize = 32;
constexpr std::size_t kLengthSize = 8;  // keeps the payload aligned

std::unexpected<Error> damaged_row() {
  return fail(Code::kDamaged, N_("a record was changed"), {}, kRestoreHint);
}

// label || vault || id || prefix.
Bytes associated(const char* text, const Hash& vault, ByteView id, ByteView prefix) {
  Writer out;
  out.raw(label(text)).fixed(vault).raw(id).raw(prefix);
  return out.take();
}

Bytes record_prefix(const RecordRow& row) {
  Writer out;
  out.u8(static_cast<std::uint8_t>(row.kind)).fixed(row.compartment).u64(row.revision);
  out.fixed(row.envelope);
  return out.take();
}

Bytes version_prefix(const VersionRow& row) {
  Writer out;
  out.fixed(row.document).fixed(row.compartment).u64(row.number).u32(row.extents).u64(row.first);
  out.u64(row.ciphertext_size).fixed(row.ciphertext_sha256).fixed(row.envelope);
  return out.take();
}

// Each byte equals the one before it, and the first is zero.
bool is_zero(ByteView bytes) {
  return bytes.empty() ||
         (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

Result<Secret> padded(ByteView payload) {
  if (payload.size() > kRowBodyMax / 2) {
    return fail(Code::kLimit, N_("a record is too long"));
  }
  const std::uint64_t size = padme_size(payload.size() + kLengthSize, kPaddedMin);
  COFFRE_TRY_ASSIGN(Secret out, Secret::create(size));
  Writer length;
  length.u64(payload.size());
  std::ranges::copy(length.view(), out.expose().begin());
  std::ranges::copy(payload, out.expose().begin() + kLengthSize);
  return out;
}

Result<ByteView> unpadded(ByteView plaintext) {
  Reader in(plaintext);
  COFFRE_TRY_ASSIGN(const std::uint64_t size, in.u64());
  COFFRE_TRY_ASSIGN(const ByteView payload, in.take(size));
  COFFRE_TRY_ASSIGN(const ByteView rest, in.take(in.left()));
  if (plaintext.size() != padme_size(payload.size() + kLengthSize, kPaddedMin) || !is_zero(rest)) {
    return damaged_row();
  }
  return payload;
}

Result<RecordRow> RecordRow::parse(ByteView body) {
  RecordRow row;
  Reader in(body);
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, in.u8());
  if (kind < 1 || kind > 3) {
    return damaged_row();
  }
  row.kind = static_cast<ObjectKind>(kind);
  COFFRE_TRY_ASSIGN(row.compartment, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(row.revision, in.u64());
  COFFRE_TRY_ASSIGN(row.envelope, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(row.sealed, in.take(in.left()));
  return row;
}

Result<Secret> RecordRow::open(AeadKey& key, const Hash& vault, ByteView id) const {
  return open_box(key, associated("coffre/record/v1", vault, id, record_prefix(*this)), sealed);
}

Result<ByteView> RecordRow::open_into(Secret& buffer, AeadKey& key, const Hash& vault,
                                      ByteView id) const {
  if (sealed.size() <= kBoxAdded || sealed.size() > kRowBodyMax) {
    return damaged_row();
  }
  const std::size_t size = sealed.size() - kBoxAdded;
  if (buffer.size() < size) {
    COFFRE_TRY_ASSIGN(buffer, Secret::create(std::max<std::size_t>(size, kPaddedMin * 8)));
  }
  // associated() and record_prefix() on the stack.
  constexpr std::string_view kRecordLabel = "coffre/record/v1\0"sv;
  std::array<Byte, kRecordLabel.size() + Hash::kSize + kRowIdMax + kPrefixSize> front;
  std::size_t used = 0;
  const auto put = [&](ByteView bytes) {
    std::ranges::copy(bytes, front.begin() + static_cast<std::ptrdiff_t>(used));
    used += bytes.size();
  };
  const auto kind_byte = static_cast<Byte>(kind);
  std::array<Byte, sizeof(revision)> revision_bytes;
  for (std::size_t i = 0; i < revision_bytes.size(); ++i) {
    revision_bytes[i] = static_cast<Byte>(revision >> (56 - 8 * i));
  }
  COFFRE_ASSERT(id.size() <= kRowIdMax);
  put(as_bytes(kRecordLabel));
  put(vault.view());
  put(id);
  put({&kind_byte, 1});
  put(compartment.view());
  put(revision_bytes);
  put(envelope.view());
  const MutableByteView out = buffer.expose().first(size);
  COFFRE_TRY(open_box_into(key, ByteView(front).first(used), sealed, out));
  return out;
}

Result<Bytes> seal_record(AeadKey& key, Random& random, const Hash& vault, const Id& id,
                          const RecordRow& row, ByteView payload) {
  COFFRE_TRY_ASSIGN(const Secret plaintext, padded(payload));
  const Bytes prefix = record_prefix(row);
  COFFRE_TRY_ASSIGN(const Bytes sealed,
                    seal_box(key, random, associated("coffre/record/v1", vault, id.view(), prefix),
                             plaintext.expose()));
  Writer out;
  out.raw(prefix).raw(sealed);
  return out.take();
}

Result<VersionRow> VersionRow::parse(ByteView body) {
  VersionRow row;
  Reader in(body);
  COFFRE_TRY_ASSIGN(row.document, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(row.compartment, in.fixed<Id>());
  COFFRE_TRY_ASSIGN(row.number, in.u64());
  COFFRE_TRY_ASSIGN(row.extents, in.u32());
  COFFRE_TRY_ASSIGN(row.first, in.u64());
  COFFRE_TRY_ASSIGN(row.ciphertext_size, in.u64());
  COFFRE_TRY_ASSIGN(row.ciphertext_sha256, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(row.envelope, in.fixed<Hash>());
  COFFRE_TRY_ASSIGN(row.sealed, in.take(kDekSize + kAeadNonceSize + kAeadTagSize));
  COFFRE_TRY(in.finish());
  if (row.first > (std::uint64_t{1} << 62) || row.extents == 0) {
    return damaged_row();
  }
  return row;
}

Result<Secret> VersionRow::open(AeadKey& key, const Hash& vault, ByteView id) const {
  return open_box(key, associated("coffre/version/v1", vault, id, version_prefix(*this)), sealed);
}

Result<Bytes> seal_version(AeadKey& key, Random& random, const Hash& vault, const Id& id,
                           const VersionRow& row, ByteView dek) {
  const Bytes prefix = version_prefix(row);
  COFFRE_TRY_ASSIGN(
      const Bytes sealed,
      seal_box(key, random, associated("coffre/version/v1", vault, id.view(), prefix), dek));
  Writer out;
  out.raw(prefix).raw(sealed);
  return out.take();
}

}  // namespace coffre
