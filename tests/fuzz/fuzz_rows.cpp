// Record and version rows: what was parsed opens under no key here; what is sealed opens again.
#include "core/vault/rows.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

AeadKey& key() {
  static AeadKey made = AeadKey::create(Bytes(kAeadKeySize, Byte{1})).value();
  return made;
}

void check_record(ByteView input) {
  const auto row = RecordRow::parse(input);
  if (!row) {
    return;
  }
  COFFRE_ASSERT(row->sealed.size() + RecordRow::kPrefixSize == input.size());
  const Id id{};
  COFFRE_ASSERT(!row->open(key(), Hash{}, id.view()));
  SeededRandom random(1);
  const Bytes sealed = seal_record(key(), random, Hash{}, id, *row, row->sealed).value();
  const RecordRow again = RecordRow::parse(sealed).value();
  const Secret opened = again.open(key(), Hash{}, id.view()).value();
  expect_same(unpadded(opened.expose()).value(), row->sealed);
}

void check_version(ByteView input) {
  const auto row = VersionRow::parse(input);
  if (!row) {
    return;
  }
  COFFRE_ASSERT(row->sealed.size() + VersionRow::kPrefixSize == input.size());
  const Id id{};
  COFFRE_ASSERT(!row->open(key(), Hash{}, id.view()));
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const coffre::ByteView input(data, size);
  if (size <= 4096) {
    coffre::check_record(input);
  }
  coffre::check_version(input);
  return 0;
}
