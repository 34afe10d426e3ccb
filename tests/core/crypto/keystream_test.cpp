#include "core/crypto/keystream.h"

#include <gtest/gtest.h>

namespace coffre {
namespace {

// Gives one key, whatever is asked for.
class FixedKey final : public Random {
 public:
  explicit FixedKey(Bytes key) : key_(std::move(key)) {}
  Status fill(MutableByteView out) override {
    if (out.size() != key_.size()) return fail(Code::kFailed, "another length was asked for");
    std::copy(key_.begin(), key_.end(), out.begin());
    return {};
  }

 private:
  Bytes key_;
};

Keystream seeded_stream() {
  SeededRandom random(7);
  return Keystream::create(random).value();
}

Bytes stream_bytes(const Keystream& keystream, std::uint64_t stream, std::uint64_t offset,
                   std::size_t size) {
  Bytes bytes(size, 0);
  EXPECT_TRUE(keystream.apply(stream, offset, bytes));
  return bytes;
}

// McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 and 14
// (https://csrc.nist.gov/groups/ST/toolkit/BCM/documents/proposedmodes/gcm/gcm-spec.pdf): H, T and
// C are AES-256 of the counters 0, 1 and 2 under a key of zeros.
TEST(Keystream, IsAesInCounterMode) {
  FixedKey key(Bytes(32, 0));
  const Keystream keystream = Keystream::create(key).value();
  EXPECT_EQ(to_hex(stream_bytes(keystream, 0, 0, 48)),
            "dc95c078a2408989ad48a21492842087"
            "530f8afbc74536b9a963b4f1c4cb738b"
            "cea7403d4d606b6e074ec5d3baf39d18");
}

TEST(Keystream, AppliedTwiceItIsGone) {
  const Keystream keystream = seeded_stream();
  Bytes bytes(1000, 'x');
  EXPECT_TRUE(keystream.apply(5, 32, bytes));
  EXPECT_NE(bytes, Bytes(1000, 'x'));
  EXPECT_TRUE(keystream.apply(5, 32, bytes));
  EXPECT_EQ(bytes, Bytes(1000, 'x'));
}

TEST(Keystream, APartIsThatPartOfTheWhole) {
  const Keystream keystream = seeded_stream();
  const Bytes whole = stream_bytes(keystream, 3, 0, 70'000);
  const Bytes part = stream_bytes(keystream, 3, 65'536, 4'464);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + 65'536));
}

TEST(Keystream, TwoStreamsAndTwoKeysHaveNothingInCommon) {
  const Keystream keystream = seeded_stream();
  const Keystream other = Keystream::create(system_random()).value();
  const Bytes first = stream_bytes(keystream, 1, 0, 64);
  EXPECT_NE(first, stream_bytes(keystream, 2, 0, 64));
  EXPECT_NE(first, stream_bytes(other, 1, 0, 64));
  EXPECT_NE(first, stream_bytes(keystream, 1, 64, 64));
}

TEST(Keystream, TheLastBlocksDoNotReachIntoTheNextStream) {
  const Keystream keystream = seeded_stream();
  constexpr std::uint64_t kLast = (std::uint64_t{1} << 63) - 32;
  const Bytes last = stream_bytes(keystream, 1, kLast, 32);
  EXPECT_NE(Bytes(last.begin() + 16, last.end()), stream_bytes(keystream, 2, 0, 16));
  EXPECT_NE(Bytes(last.begin(), last.begin() + 16), Bytes(last.begin() + 16, last.end()));
}

TEST(Keystream, WithoutARandomKeyThereIsNone) {
  FixedKey short_key(Bytes(16, 1));
  EXPECT_FALSE(Keystream::create(short_key));
}

}  // namespace
}  // namespace coffre
