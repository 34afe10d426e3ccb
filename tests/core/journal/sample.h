// Values for the tests of the journal: all different, and the same on every run.
#pragma once

#include "core/crypto/hash.h"

namespace coffre::test {

inline Hash sample_hash(std::uint64_t number) {
  Writer writer;
  writer.u64(number);
  return sha256(writer.view());
}

inline Id sample_id(std::uint64_t number) {
  Id id;
  std::copy_n(sample_hash(number).bytes.begin(), Id::kSize, id.bytes.begin());
  return id;
}

}  // namespace coffre::test
