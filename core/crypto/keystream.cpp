#include "core/crypto/keystream.h"

#include <array>
#include <crypto++/aes.h>
#include <crypto++/modes.h>

namespace coffre {
namespace {

constexpr std::size_t kKeySize = 32;

// The counter's first eight bytes are the stream's number: 2^60 blocks never carry into it.
std::array<Byte, Keystream::kBlockSize> first_counter(std::uint64_t stream, std::uint64_t block) {
  std::array<Byte, Keystream::kBlockSize> counter{};
  for (std::size_t i = 0; i < 8; ++i) {
    const auto shift = static_cast<unsigned>(8 * (7 - i));
    counter.at(i) = static_cast<Byte>((stream >> shift) & 0xff);
    counter.at(8 + i) = static_cast<Byte>((block >> shift) & 0xff);
  }
  return counter;
}

// Crypto++ allocates its schedule: without that memory there is no way on (noexcept ends it).
void encrypt(ByteView key, ByteView counter, MutableByteView bytes) noexcept {
  CryptoPP::CTR_Mode<CryptoPP::AES>::Encryption cipher(key.data(), key.size(), counter.data());
  cipher.ProcessData(bytes.data(), bytes.data(), bytes.size());
}

}  // namespace

Result<Keystream> Keystream::create(Random& random) {
  COFFRE_TRY_ASSIGN(Secret key, random.secret(kKeySize));
  return Keystream(std::move(key));
}

void Keystream::apply(std::uint64_t stream, std::uint64_t offset, MutableByteView bytes) const {
  constexpr std::uint64_t kEnd = std::uint64_t{1} << 63;
  COFFRE_ASSERT(offset % kBlockSize == 0);
  COFFRE_ASSERT(offset <= kEnd && bytes.size() <= kEnd - offset);
  if (bytes.empty()) return;
  encrypt(key_.expose(), first_counter(stream, offset / kBlockSize), bytes);
}

}  // namespace coffre
