// HKDF (RFC 5869). Output lengths: 1 to 255 hashes, else kInvalidArgument.
#pragma once

#include "core/base/secret.h"

namespace coffre {

[[nodiscard]] Result<Secret> hkdf_sha256_extract(ByteView salt, ByteView input);
[[nodiscard]] Result<Secret> hkdf_sha256_expand(ByteView key, ByteView info, std::size_t size);
[[nodiscard]] Result<Secret> hkdf_sha256(ByteView salt, ByteView input, ByteView info,
                                         std::size_t size);
[[nodiscard]] Result<Secret> hkdf_sha512_expand(ByteView key, ByteView info, std::size_t size);
[[nodiscard]] Result<Secret> hkdf_sha512(ByteView salt, ByteView input, ByteView info,
                                         std::size_t size);

}  // namespace coffre
