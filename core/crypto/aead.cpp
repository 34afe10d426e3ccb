#include "core/crypto/aead.h"

#include <algorithm>
#include <crypto++/aes.h>
#include <crypto++/gcm.h>
#include <new>
#include <optional>
#include <utility>

namespace coffre {
namespace {

// One schedule and one table serve both directions: Crypto++'s own types fix the direction at
// compile time and would need the key twice.
class Aes final : public CryptoPP::AES::Encryption {
 public:
  void overwrite() { wipe_bytes({m_key.BytePtr(), m_key.SizeInBytes()}); }
};

class Gcm final : public CryptoPP::GCM_Base {
 public:
  void overwrite() {
    cipher_.overwrite();
    wipe_bytes({m_buffer.data(), m_buffer.size()});
  }
  [[nodiscard]] bool IsForwardTransformation() const override { return forward_; }
  void set_forward(bool forward) { forward_ = forward; }

 private:
  CryptoPP::GCM_TablesOption GetTablesOption() const override { return CryptoPP::GCM_2K_Tables; }
  CryptoPP::BlockCipher& AccessBlockCipher() override { return cipher_; }

  Aes cipher_;
  bool forward_ = true;
};

}  // namespace

// All buffers are allocated by create(), which sets a first nonce: seal() and open() allocate
// nothing, so nothing in them throws (noexcept turns a fault of ours there into an end).
struct AeadKey::Impl {
  Gcm gcm;

  void seal(ByteView nonce, ByteView associated, ByteView plaintext, MutableByteView out) noexcept {
    gcm.set_forward(true);
    gcm.EncryptAndAuthenticate(out.data(), out.data() + plaintext.size(), kAeadTagSize,
                               nonce.data(), static_cast<int>(nonce.size()), associated.data(),
                               associated.size(), plaintext.data(), plaintext.size());
  }
  bool open(ByteView nonce, ByteView associated, ByteView ciphertext, ByteView tag,
            MutableByteView out) noexcept {
    gcm.set_forward(false);
    return gcm.DecryptAndVerify(out.data(), tag.data(), tag.size(), nonce.data(),
                                static_cast<int>(nonce.size()), associated.data(),
                                associated.size(), ciphertext.data(), ciphertext.size());
  }

  std::optional<WipedAtEnd> wiped;  // once the key is there: its buffers stay where they are then
};

AeadKey::AeadKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AeadKey::AeadKey(AeadKey&&) noexcept = default;
AeadKey& AeadKey::operator=(AeadKey&&) noexcept = default;
AeadKey::~AeadKey() = default;

Result<AeadKey> AeadKey::create(ByteView key) {
  if (key.size() != kAeadKeySize) {
    return fail(Code::kInvalidArgument, N_("a key has the wrong length"));
  }
  try {
    auto impl = std::make_unique<Impl>();
    constexpr std::array<Byte, kAeadNonceSize> kFirstNonce{};  // replaced before any use
    impl->gcm.SetKeyWithIV(key.data(), key.size(), kFirstNonce.data(), kFirstNonce.size());
    impl->wiped.emplace(&impl->gcm, [](void* object) { static_cast<Gcm*>(object)->overwrite(); });
    return AeadKey(std::move(impl));
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  } catch (const CryptoPP::Exception&) {
    return fail(Code::kFailed, N_("the cryptographic library failed"));
  }
}

void AeadKey::seal(ByteView nonce, ByteView associated, ByteView plaintext, MutableByteView out) {
  COFFRE_ASSERT(nonce.size() == kAeadNonceSize);
  COFFRE_ASSERT(out.size() == plaintext.size() + kAeadTagSize);
  impl_->seal(nonce, associated, plaintext, out);
}

bool AeadKey::open(ByteView nonce, ByteView associated, ByteView sealed, MutableByteView out) {
  COFFRE_ASSERT(nonce.size() == kAeadNonceSize);
  if (sealed.size() < kAeadTagSize) {
    wipe_bytes(out);
    return false;
  }
  const std::size_t size = sealed.size() - kAeadTagSize;
  COFFRE_ASSERT(out.size() == size);
  // `out` may overlay the ciphertext but never the tag, which is compared after the decryption.
  const bool authentic =
      impl_->open(nonce, associated, sealed.first(size), sealed.last(kAeadTagSize), out);
  if (!authentic) wipe_bytes(out);
  return authentic;
}

Result<Bytes> seal_box(AeadKey& key, Random& random, ByteView associated, ByteView plaintext) {
  if (plaintext.size() > Secret::kSizeMax) {
    return fail(Code::kLimit, N_("the data is too large to be sealed in memory"));
  }
  try {
    Bytes box(kAeadNonceSize + plaintext.size() + kAeadTagSize);
    const MutableByteView all(box);
    COFFRE_TRY(random.fill(all.first(kAeadNonceSize)));
    key.seal(all.first(kAeadNonceSize), associated, plaintext, all.subspan(kAeadNonceSize));
    return box;
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

Result<Secret> open_box(AeadKey& key, ByteView associated, ByteView box) {
  if (box.size() < kBoxAdded || box.size() - kBoxAdded > Secret::kSizeMax) {
    return fail(Code::kDamaged, N_("sealed data has an impossible length"));
  }
  Secret plaintext;  // stays empty for a box of nothing, which is authentic all the same
  if (box.size() > kBoxAdded) {
    COFFRE_TRY_ASSIGN(plaintext, Secret::create(box.size() - kBoxAdded));
  }
  COFFRE_TRY(open_box_into(key, associated, box, plaintext.expose()));
  return plaintext;
}

Status open_box_into(AeadKey& key, ByteView associated, ByteView box, MutableByteView out) {
  COFFRE_ASSERT(box.size() == out.size() + kBoxAdded);
  if (!key.open(box.first(kAeadNonceSize), associated, box.subspan(kAeadNonceSize), out)) {
    return fail(Code::kDamaged, N_("sealed data is damaged or was changed"));
  }
  return {};
}

}  // namespace coffre
