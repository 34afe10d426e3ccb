#include "core/crypto/hash.h"

#include <array>
#include <crypto++/sha.h>

namespace coffre {

// Crypto++ keeps the state inside the object (no allocation) and uses the SHA instructions of the
// processor where it finds them.
struct Sha256::Impl {
  CryptoPP::SHA256 state;
  bool finished = false;
};

Hash sha256(std::initializer_list<ByteView> parts) {
  CryptoPP::SHA256 state;
  for (const ByteView part : parts) state.Update(part.data(), part.size());
  Hash hash;
  state.Final(hash.bytes.data());
  return hash;
}

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(ByteView bytes) {
  COFFRE_ASSERT(!impl_->finished);
  impl_->state.Update(bytes.data(), bytes.size());
}

Hash Sha256::finish() {
  COFFRE_ASSERT(!impl_->finished);
  impl_->finished = true;
  Hash hash;
  impl_->state.Final(hash.bytes.data());
  return hash;
}

Hash merkle_leaf(ByteView data) {
  constexpr std::array<Byte, 1> kLeaf{0};
  return sha256({kLeaf, data});
}

Hash merkle_node(const Hash& left, const Hash& right) {
  constexpr std::array<Byte, 1> kNode{1};
  return sha256({kNode, left.view(), right.view()});
}

}  // namespace coffre
