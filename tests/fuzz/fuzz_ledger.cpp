// The export ledger's files: whatever is accepted is exactly what the encoder writes, and is what
// the sweep relies on. The input lacks the SHA-256 at the end, which no fuzzer would hit.
#include "core/crypto/summed.h"
#include "core/vault/export_ledger.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coffre::Writer writer;
  writer.raw(coffre::ByteView(data, size));
  const coffre::Bytes input = coffre::with_sum(std::move(writer));
  if (const auto entry = coffre::ExportEntry::decode(input)) {
    coffre::expect_same(entry->encode(), input);
    COFFRE_ASSERT(entry->path.starts_with('/') && !entry->path.ends_with('/'));
    COFFRE_ASSERT(entry->staging.find('/') == std::string::npos && entry->staging != "..");
  }
  if (const auto outcome = coffre::ExportOutcome::decode(input)) {
    coffre::expect_same(outcome->encode(), input);
  }
  return 0;
}
