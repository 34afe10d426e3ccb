#include "core/crypto/summed.h"

#include "core/crypto/hash.h"

namespace coffre {

Bytes with_sum(Writer writer) {
  const Hash sum = sha256(writer.view());
  return writer.fixed(sum).take();
}

Result<ByteView> without_sum(ByteView bytes) {
  if (bytes.size() >= Hash::kSize) {
    const ByteView inner = bytes.first(bytes.size() - Hash::kSize);
    COFFRE_TRY_ASSIGN(const Hash sum, Hash::from(bytes.last(Hash::kSize)));
    if (sha256(inner) == sum) return inner;
  }
  return fail(Code::kDamaged, N_("a file of this workstation's memory is damaged"));
}

}  // namespace coffre
