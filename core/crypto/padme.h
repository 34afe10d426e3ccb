// Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with
// PURBs", 2019): a length is rounded up so that only O(log log L) of its bits show; at most 12 %
// more.
#pragma once

#include <cstdint>

namespace coffre {

// The Padmé size of `size`, not less than `size_min` rounded the same way. Sizes up to 2^40.
[[nodiscard]] std::uint64_t padme_size(std::uint64_t size, std::uint64_t size_min = 0);

}  // namespace coffre
