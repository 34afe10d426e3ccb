// Pixels to a PNG file. Only writes: nothing is ever read by it.
// Threads: no shared state.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/secret.h"

namespace coffre::cli {

// `rgba`: rows of `stride` bytes, four a pixel, of which the last is left out. kOutOfMemory.
[[nodiscard]] Result<WipedBytes> encode_png(std::uint32_t width, std::uint32_t height,
                                            std::size_t stride, ByteView rgba);

}  // namespace coffre::cli
