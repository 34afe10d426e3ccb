#include "core/crypto/hkdf.h"

#include <algorithm>
#include <array>
#include <crypto++/hmac.h>
#include <crypto++/sha.h>
#include <new>

namespace coffre {
namespace {

// Crypto++ has extract and expand only as one function, and its own keys may be null, which the
// views of empty inputs are: keys of no bytes are passed with an address.
template <typename H>
void set_key(CryptoPP::HMAC<H>& hmac, ByteView key) {
  constexpr Byte kNothing = 0;
  hmac.SetKey(key.empty() ? &kNothing : key.data(), key.size());
}

template <typename Work>
Result<Secret> guarded(Work work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  } catch (const CryptoPP::Exception&) {
    return fail(Code::kFailed, N_("the cryptographic library failed"));
  }
}

// A missing salt is a block of zeros, which HMAC makes of an empty key by itself.
template <typename H>
Result<Secret> extract(ByteView salt, ByteView input) {
  return guarded([&]() -> Result<Secret> {
    COFFRE_TRY_ASSIGN(Secret key, Secret::create(H::DIGESTSIZE));
    CryptoPP::HMAC<H> hmac;
    set_key(hmac, salt);
    hmac.Update(input.data(), input.size());
    hmac.Final(key.expose().data());
    return key;
  });
}

template <typename H>
Result<Secret> expand(ByteView key, ByteView info, std::size_t size) {
  if (size == 0 || size > std::size_t{255} * H::DIGESTSIZE) {
    return fail(Code::kInvalidArgument, N_("a derived key cannot have this length"));
  }
  return guarded([&]() -> Result<Secret> {
    COFFRE_TRY_ASSIGN(Secret out, Secret::create(size));
    CryptoPP::HMAC<H> hmac;
    set_key(hmac, key);
    MutableByteView rest = out.expose();
    ByteView previous;
    for (Byte round = 1; !rest.empty(); ++round) {
      hmac.Update(previous.data(), previous.size());
      hmac.Update(info.data(), info.size());
      hmac.Update(&round, 1);
      const std::size_t take = std::min<std::size_t>(rest.size(), H::DIGESTSIZE);
      hmac.TruncatedFinal(rest.data(), take);
      previous = rest.first(take);
      rest = rest.subspan(take);
    }
    return out;
  });
}

template <typename H>
Result<Secret> extract_and_expand(ByteView salt, ByteView input, ByteView info, std::size_t size) {
  COFFRE_TRY_ASSIGN(const Secret key, extract<H>(salt, input));
  return expand<H>(key.expose(), info, size);
}

}  // namespace

Result<Secret> hkdf_sha256_extract(ByteView salt, ByteView input) {
  return extract<CryptoPP::SHA256>(salt, input);
}

Result<Secret> hkdf_sha256_expand(ByteView key, ByteView info, std::size_t size) {
  return expand<CryptoPP::SHA256>(key, info, size);
}

Result<Secret> hkdf_sha256(ByteView salt, ByteView input, ByteView info, std::size_t size) {
  return extract_and_expand<CryptoPP::SHA256>(salt, input, info, size);
}

Result<Secret> hkdf_sha512_expand(ByteView key, ByteView info, std::size_t size) {
  return expand<CryptoPP::SHA512>(key, info, size);
}

Result<Secret> hkdf_sha512(ByteView salt, ByteView input, ByteView info, std::size_t size) {
  return extract_and_expand<CryptoPP::SHA512>(salt, input, info, size);
}

}  // namespace coffre
