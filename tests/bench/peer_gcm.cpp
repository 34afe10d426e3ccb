#include "tests/bench/peer_gcm.h"

#include <crypto++/aes.h>
#include <crypto++/gcm.h>

namespace coffre::bench {
namespace {
constexpr std::array<Byte, 32> kKey{1, 2, 3};
constexpr std::array<Byte, 12> kNonce{4, 5, 6};
}  // namespace

struct PeerGcm::Impl {
  CryptoPP::GCM<CryptoPP::AES>::Encryption sealing;
  CryptoPP::GCM<CryptoPP::AES>::Decryption opening;
};

PeerGcm::PeerGcm() : impl_(std::make_unique<Impl>()) {
  impl_->sealing.SetKeyWithIV(kKey.data(), kKey.size(), kNonce.data(), kNonce.size());
  impl_->opening.SetKeyWithIV(kKey.data(), kKey.size(), kNonce.data(), kNonce.size());
}
PeerGcm::~PeerGcm() = default;

void PeerGcm::seal(ByteView in, MutableByteView out, MutableByteView tag) {
  impl_->sealing.EncryptAndAuthenticate(out.data(), tag.data(), tag.size(), kNonce.data(),
                                        static_cast<int>(kNonce.size()), nullptr, 0, in.data(),
                                        in.size());
}

bool PeerGcm::open(ByteView in, ByteView tag, MutableByteView out) {
  return impl_->opening.DecryptAndVerify(out.data(), tag.data(), tag.size(), kNonce.data(),
                                         static_cast<int>(kNonce.size()), nullptr, 0, in.data(),
                                         in.size());
}

}  // namespace coffre::bench
