// Content in extents: whole it comes back, and nothing comes back of what was cut, swapped or
// moved.
#include "core/vault/content.h"

#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

struct Sealed {
  std::vector<Bytes> extents;
  std::uint64_t size = 0;  // of the ciphertext
  Secret dek;
};

class ContentTest : public ::testing::Test {
 protected:
  [[nodiscard]] Sealed seal(const Bytes& content, std::size_t at_once) {
    MemorySource source(content);
    ContentSealer sealer =
        must(ContentSealer::create(vault_, document_, version_, source, random_, 2));
    Sealed made;
    Bytes out;
    std::vector<std::size_t> sizes;
    while (made.extents.size() < sealer.extents()) {
      must(sealer.next(at_once, out, sizes));
      std::size_t at = 0;
      for (const std::size_t size : sizes) {
        const auto from = out.begin() + static_cast<std::ptrdiff_t>(at);
        made.extents.emplace_back(from, from + static_cast<std::ptrdiff_t>(size));
        at += size;
      }
      EXPECT_EQ(at, out.size());
    }
    made.size = sealer.ciphertext_size();
    made.dek = must(Secret::copy_of(sealer.dek().expose()));
    return made;
  }
  [[nodiscard]] static ContentOpener::Fetch fetch_from(const Sealed& sealed) {
    return [&sealed](std::uint32_t first, std::span<Bytes> out) -> Status {
      for (std::size_t index = 0; index < out.size(); ++index) {
        if (first + index >= sealed.extents.size()) {
          return fail(Code::kDamaged, "no such extent");
        }
        out[index] = sealed.extents[first + index];
      }
      return {};
    };
  }
  // The bytes that reach the sink, or the refusal.
  [[nodiscard]] Result<Bytes> open(const Sealed& sealed, const Id& document,
                                   const Id& version) const {
    COFFRE_TRY_ASSIGN(ContentOpener opener,
                      ContentOpener::create(vault_, document, version, sealed.dek.expose(),
                                            sealed.size, fetch_from(sealed)));
    Bytes all;
    COFFRE_TRY(opener.read(
        [&](ByteView bytes) -> Status {
          all.insert(all.end(), bytes.begin(), bytes.end());
          return {};
        },
        {}, 2));
    return all;
  }
  [[nodiscard]] Result<Bytes> open(const Sealed& sealed) const {
    return open(sealed, document_, version_);
  }

  SeededRandom random_{3};
  Hash vault_ = must(Hash::from(sample_bytes(32)));
  Id document_ = must(random_.id());
  Id version_ = must(random_.id());
};

TEST_F(ContentTest, ComesBackHoweverItWasCutWhileSealing) {
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, kExtentPlain - 8, kExtentPlain - 7, 5 * kExtentPlain + 3}) {
    const Bytes content = sample_bytes(size);
    for (const std::size_t at_once : {std::size_t{1}, std::size_t{3}, std::size_t{64}}) {
      EXPECT_EQ(must(open(seal(content, at_once))), content) << size << " " << at_once;
    }
  }
}

TEST_F(ContentTest, ExtentsHaveTheirOneSizeAndAreCountedFromTheSize) {
  const Sealed sealed = seal(sample_bytes(3 * kExtentPlain), 2);
  EXPECT_EQ(sealed.extents.size(), extent_count(content_message_size(3 * kExtentPlain)));
  EXPECT_EQ(sealed.extents[0].size(), kExtentSealed + chunked::kHeaderSize);
  EXPECT_EQ(sealed.extents[1].size(), kExtentSealed);
  std::uint64_t sum = 0;
  for (const Bytes& extent : sealed.extents) {
    sum += extent.size();
  }
  EXPECT_EQ(sum, sealed.size);
}

TEST_F(ContentTest, AnyChangedExtentIsDamage) {
  const Sealed good = seal(sample_bytes(4 * kExtentPlain), 4);
  for (std::size_t which = 0; which < good.extents.size(); ++which) {
    for (const std::size_t at :
         {std::size_t{0}, good.extents[which].size() / 2, good.extents[which].size() - 1}) {
      Sealed bad{good.extents, good.size, must(Secret::copy_of(good.dek.expose()))};
      bad.extents[which][at] = static_cast<Byte>(bad.extents[which][at] ^ 1U);
      EXPECT_TRUE(refused(open(bad), Code::kDamaged)) << which << " " << at;
    }
  }
}

TEST_F(ContentTest, SwappedRepeatedShortenedAndDroppedExtentsAreDamage) {
  const Sealed good = seal(sample_bytes(4 * kExtentPlain), 4);
  const auto copy = [&] {
    return Sealed{good.extents, good.size, must(Secret::copy_of(good.dek.expose()))};
  };
  Sealed bad = copy();
  std::swap(bad.extents[1], bad.extents[2]);
  EXPECT_TRUE(refused(open(bad), Code::kDamaged));
  bad = copy();
  bad.extents[2] = bad.extents[1];
  EXPECT_TRUE(refused(open(bad), Code::kDamaged));
  bad = copy();
  bad.extents.back().resize(bad.extents.back().size() - chunked::kSealedChunkSize);
  EXPECT_TRUE(refused(open(bad), Code::kDamaged));
  bad = copy();
  bad.size -= bad.extents.back().size();
  bad.extents.pop_back();
  EXPECT_TRUE(refused(open(bad), Code::kDamaged));
  bad = copy();
  bad.extents[0].clear();
  EXPECT_TRUE(refused(open(bad), Code::kDamaged));
}

TEST_F(ContentTest, AnotherDocumentVersionOrKeyIsDamage) {
  const Sealed good = seal(sample_bytes(1000), 1);
  const Id other = must(random_.id());
  EXPECT_TRUE(refused(open(good, other, version_), Code::kDamaged));
  EXPECT_TRUE(refused(open(good, document_, other), Code::kDamaged));
  Sealed bad{good.extents, good.size, must(random_.secret(32))};
  EXPECT_TRUE(refused(open(bad), Code::kDamaged));
}

TEST_F(ContentTest, AReadStopsWhenItIsTold) {
  const Sealed sealed = seal(sample_bytes(40 * kExtentPlain), 8);
  ContentOpener opener = must(ContentOpener::create(
      vault_, document_, version_, sealed.dek.expose(), sealed.size, fetch_from(sealed)));
  int asked = 0;
  EXPECT_TRUE(refused(opener.read({}, [&] { return ++asked > 2; }, 1), Code::kLocked));
  EXPECT_EQ(asked, 3);
}

TEST_F(ContentTest,
       AnExtentThatCannotBeFetchedStopsTheReadWithItsErrorAndTheSinkGetsWhatCameBefore) {
  const Bytes content = sample_bytes(40 * kExtentPlain);
  const Sealed sealed = seal(content, 8);
  bool gone = false;
  ContentOpener opener =
      must(ContentOpener::create(vault_, document_, version_, sealed.dek.expose(), sealed.size,
                                 [&](std::uint32_t first, std::span<Bytes> out) -> Status {
                                   if (gone && first >= 16) {
                                     return fail(Code::kFailed, "the medium could not be read");
                                   }
                                   return fetch_from(sealed)(first, out);
                                 }));
  gone = true;
  Bytes got;
  EXPECT_TRUE(refused(opener.read(
                          [&](ByteView bytes) -> Status {
                            got.insert(got.end(), bytes.begin(), bytes.end());
                            return {};
                          },
                          {}, 2),
                      Code::kFailed));
  EXPECT_LT(got.size(), content.size());
  EXPECT_TRUE(std::equal(got.begin(), got.end(), content.begin()));
}

}  // namespace
}  // namespace coffre::test
