#include "core/crypto/keystream.h"

#include <array>
#include <crypto++/aes.h>
#include <crypto++/modes.h>
#include <new>

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

}  // namespace

Result<Keystream> Keystream::create(Random& random) {
  COFFRE_TRY_ASSIGN(Secret key, random.secret(kKeySize));
  return Keystream(std::move(key));
}

Status Keystream::apply(std::uint64_t stream, std::uint64_t offset, MutableByteView bytes) const {
  constexpr std::uint64_t kEnd = std::uint64_t{1} << 63;
  COFFRE_ASSERT(offset % kBlockSize == 0);
  COFFRE_ASSERT(offset <= kEnd && bytes.size() <= kEnd - offset);
  if (bytes.empty()) return {};
  const auto counter = first_counter(stream, offset / kBlockSize);
  const ByteView key = key_.expose();
  try {
    CryptoPP::CTR_Mode<CryptoPP::AES>::Encryption cipher(key.data(), key.size(), counter.data());
    cipher.ProcessData(bytes.data(), bytes.data(), bytes.size());
    return {};
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  } catch (const CryptoPP::Exception&) {
    return fail(Code::kFailed, N_("the cryptographic library failed"));
  }
}

}  // namespace coffre
