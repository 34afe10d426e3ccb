// The peer of the benchmark: Crypto++'s own AES-256-GCM, used as its documentation shows.
#pragma once

#include <memory>

#include "core/base/bytes.h"

namespace coffre::bench {

class PeerGcm {
 public:
  PeerGcm();
  ~PeerGcm();
  PeerGcm(const PeerGcm&) = delete;
  PeerGcm& operator=(const PeerGcm&) = delete;
  // One message, with a tag of 16 bytes; `out` has the size of `in`.
  void seal(ByteView in, MutableByteView out, MutableByteView tag);
  [[nodiscard]] bool open(ByteView in, ByteView tag, MutableByteView out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace coffre::bench
