// What keys the memory of this process holds, found as somebody finds them who may read it and
// knows no address. A part of coffre_e2e only: no program that ships has it.
//
// Threads: any; what other threads change meanwhile may be missed.
#pragma once

#include <string>

namespace coffre::e2e {

// Replaces the file at `path` by a JSON object
//   {"secrets": [{"block", "signing", "exchange"}...], "schedules": [key...]}
// "secrets": every block of 32 bytes in the memory of Secret that is not all zero (but the stock of
// random bytes), with the public keys that it has as a private key of Ed25519 and of X25519.
// "schedules": the keys of AES-256 whose expanded form lies anywhere in memory that can be written.
// All are in hex; blocks and keys are masked by kMask, so that the report adds no copy of a key to
// the memory. False: not written.
[[nodiscard]] bool report_live_keys(const std::string& path);

}  // namespace coffre::e2e
