#include "core/crypto/padme.h"

#include <algorithm>
#include <bit>

namespace coffre {

std::uint64_t padme_size(std::uint64_t size, std::uint64_t size_min) {
  const std::uint64_t wanted = std::max(size, size_min);  // Padmé is monotone
  // Lengths that no format of ours has may come from a forged header: they are only not to
  // overflow.
  if (wanted < 2 || wanted > (std::uint64_t{1} << 63)) return wanted;
  const auto exponent = static_cast<unsigned>(std::bit_width(wanted) - 1);
  const auto kept = static_cast<unsigned>(std::bit_width(exponent));
  const std::uint64_t mask = (std::uint64_t{1} << (exponent - kept)) - 1;
  return (wanted + mask) & ~mask;
}

}  // namespace coffre
