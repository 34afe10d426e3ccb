// Sample scans: PDF files of 1 to 5 pages and JPEG files that look scanned (150 dpi, noise, a page
// laid down not quite straight), of about 200 KB.
//
// Guarantees: the same index and marker give the same bytes on one machine (on another, its fonts
// and its Cairo may differ). The marker stands in the bytes as it is, uncompressed, so that a test
// can look for it where no clear text may be. Threads: no shared state of ours; Cairo's font cache
// has its own locks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.h"
#include "core/base/error.h"

namespace coffre::samples {

inline constexpr std::size_t kMarkerMax = 200;

struct Sample {
  std::string name;  // file name with extension, UTF-8 in NFC, accents and spaces
  Bytes bytes;
};

// Two samples in five are JPEGs, so that each kind of letter comes as both. `marker`: printable
// ASCII without parentheses and backslashes, which PDF would escape, up to kMarkerMax; empty for
// none. kInvalidArgument otherwise; kFailed when Cairo or the JPEG library refuses.
[[nodiscard]] Result<Sample> make_sample(std::uint64_t index, std::string_view marker);

// Frees what Cairo and Fontconfig keep for the whole process. At the end of a program, when no
// thread makes samples any more: a leak checker would count it.
void release_fonts();

}  // namespace coffre::samples
