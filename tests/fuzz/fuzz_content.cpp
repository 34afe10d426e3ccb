// The content opener, when rows were exchanged, cut, changed or their sizes forged: it opens
// nothing but what was sealed.
#include "core/vault/content.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

class Content final : public ContentSource {
 public:
  explicit Content(Bytes bytes) : bytes_(std::move(bytes)) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  Status read(MutableByteView out) override {
    COFFRE_ASSERT(out.size() <= bytes_.size() - at_);
    std::ranges::copy(ByteView(bytes_).subspan(at_, out.size()), out.begin());
    at_ += out.size();
    return {};
  }
  Status finish() override { return {}; }

 private:
  Bytes bytes_;
  std::size_t at_ = 0;
};

struct Sealed {
  Bytes content;
  std::vector<Bytes> extents;
  std::uint64_t size = 0;
  Bytes dek;
};

Sealed seal_content(std::size_t size) {
  Sealed made;
  made.content.resize(size, Byte{0x61});
  Content source(made.content);
  SeededRandom random(size + 1);
  ContentSealer sealer = ContentSealer::create(Hash{}, Id{}, Id{}, source, random, 1).value();
  made.size = sealer.ciphertext_size();
  const ByteView dek = sealer.dek().expose();
  made.dek.assign(dek.begin(), dek.end());
  for (std::uint32_t number = 0; number < sealer.extents(); ++number) {
    Bytes extent;
    std::vector<std::size_t> sizes;
    COFFRE_ASSERT(sealer.next(1, extent, sizes).has_value());
    made.extents.push_back(std::move(extent));
  }
  return made;
}

// Of no extent's padding, of one extent, and of three.
const Sealed& one_of(std::uint8_t choice) {
  static const std::array<Sealed, 3> kMade = {seal_content(0), seal_content(20'000),
                                              seal_content(600'000)};
  return kMade[choice % kMade.size()];
}

void change(std::vector<Bytes>& extents, std::uint64_t& size, Choices& choices) {
  Bytes& extent = extents[choices.u8() % extents.size()];
  const std::uint32_t place = choices.u32();
  switch (choices.u8() % 5) {
    case 0:
      size += static_cast<std::uint64_t>(static_cast<std::int32_t>(place));
      break;
    case 1:
      if (!extent.empty()) {
        extent[place % extent.size()] ^= choices.u8();
      }
      break;
    case 2:
      extent.resize(place % (extent.size() + 1));
      break;
    case 3:
      std::swap(extent, extents[place % extents.size()]);
      break;
    default: {
      const ByteView more = choices.bytes(place % 64);
      extent.insert(extent.end(), more.begin(), more.end());
    }
  }
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  Choices choices({data, size});
  const Sealed& made = one_of(choices.u8());
  std::vector<Bytes> extents = made.extents;
  std::uint64_t ciphertext_size = made.size;
  for (int count = 0; count < 8 && !choices.ended(); ++count) {
    change(extents, ciphertext_size, choices);
  }
  const bool same = extents == made.extents && ciphertext_size == made.size;
  const auto fetch = [&](std::uint32_t first, std::span<Bytes> out) -> Status {
    for (std::size_t index = 0; index < out.size(); ++index) {
      if (first + index >= extents.size()) {
        return fail(Code::kDamaged, "no such extent");
      }
      out[index] = extents[first + index];
    }
    return {};
  };
  auto opener = ContentOpener::create(Hash{}, Id{}, Id{}, made.dek, ciphertext_size, fetch);
  COFFRE_ASSERT(opener || !same);
  if (!opener) {
    return 0;
  }
  Bytes content;
  const auto sink = [&](ByteView bytes) -> Status {
    content.insert(content.end(), bytes.begin(), bytes.end());
    return {};
  };
  const Status done = opener->read(sink, {}, 1);
  COFFRE_ASSERT(done.has_value() == same);
  COFFRE_ASSERT(!done || content == made.content);
  return 0;
}
