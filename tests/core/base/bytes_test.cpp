#include "core/base/bytes.h"

#include <limits>

#include <gtest/gtest.h>

namespace coffre {
namespace {

TEST(Hex, RoundTripsAndRefusesWhatItWouldNotWrite) {
  const Bytes bytes{0x00, 0x7f, 0x80, 0xff};
  EXPECT_EQ(to_hex(bytes), "007f80ff");
  EXPECT_EQ(from_hex("007f80ff").value(), bytes);
  EXPECT_TRUE(from_hex("").value().empty());
  for (const char* bad : {"0", "0g", "FF", "0x", " 1", "1 "}) {
    EXPECT_EQ(from_hex(bad).error().code, Code::kInvalidArgument) << bad;
  }
  EXPECT_EQ(fixed_from_hex<Id>("00").error().code, Code::kInvalidArgument);
  EXPECT_TRUE(fixed_from_hex<Id>(std::string(32, '0')).value().is_zero());
}

// https://www.rfc-editor.org/rfc/rfc4648#section-10
TEST(Base64, GivesTheVectorsOfRfc4648) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [text, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(text)), encoded);
    EXPECT_EQ(as_text(from_base64(encoded).value()), text);
  }
}

TEST(Base64, UsesTheWholeAlphabet) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<Byte>(i));
  EXPECT_EQ(from_base64(to_base64(all)).value(), all);
  EXPECT_EQ(to_base64(Bytes{0xfb, 0xff, 0xfe}), "+//+");
}

TEST(Base64, RefusesEverythingThatItWouldNotWrite) {
  for (const char* bad : {"Zg", "Zg=", "Zg==\n", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Z=g=",
                          "Zm-v", "Zm_v", "Zm9v=", " Zm9"}) {
    EXPECT_EQ(from_base64(bad).error().code, Code::kInvalidArgument) << bad;
  }
}

TEST(ReaderWriter, RoundTripEveryField) {
  Writer writer;
  Id id;
  id.bytes[3] = 9;
  writer.u8(1).u16(0x0203).u32(0x04050607).u64(0x08090a0b0c0d0e0fU).i64(-2);
  writer.sized("h\xc3\xa9").fixed(id).raw("end");
  EXPECT_EQ(to_hex(writer.view().first(15)), "0102030405060708090a0b0c0d0e0f");

  Reader reader(writer.view());
  EXPECT_EQ(reader.u8().value(), 1);
  EXPECT_EQ(reader.u16().value(), 0x0203);
  EXPECT_EQ(reader.u32().value(), 0x04050607u);
  EXPECT_EQ(reader.u64().value(), 0x08090a0b0c0d0e0fU);
  EXPECT_EQ(reader.i64().value(), -2);
  EXPECT_EQ(reader.text(3).value(), "h\xc3\xa9");
  EXPECT_EQ(reader.fixed<Id>().value(), id);
  EXPECT_EQ(reader.finish().error().code, Code::kDamaged);
  EXPECT_TRUE(reader.expect(as_bytes("end")));
  EXPECT_TRUE(reader.finish());
}

TEST(Reader, TooShortIsDamagedAndTakesNothing) {
  const Bytes bytes{0, 0, 0};
  Reader reader(bytes);
  EXPECT_EQ(reader.u32().error().code, Code::kDamaged);
  EXPECT_EQ(reader.u64().error().code, Code::kDamaged);
  EXPECT_EQ(reader.sized(10).error().code, Code::kDamaged);
  EXPECT_EQ(reader.fixed<Hash>().error().code, Code::kDamaged);
  EXPECT_EQ(reader.take(std::numeric_limits<std::size_t>::max()).error().code, Code::kDamaged);
  EXPECT_EQ(reader.left(), 3u);
}

TEST(Reader, LengthAboveItsLimitOrAboveTheRestTakesNothing) {
  Writer writer;
  writer.sized("abcd");
  Reader reader(writer.view());
  EXPECT_EQ(reader.sized(3).error().code, Code::kDamaged);
  EXPECT_EQ(reader.left(), 8u);
  EXPECT_EQ(as_text(reader.sized(4).value()), "abcd");

  const Bytes lying{0xff, 0xff, 0xff, 0xff, 1};
  Reader liar(lying);
  EXPECT_EQ(liar.sized(std::numeric_limits<std::size_t>::max()).error().code, Code::kDamaged);
  EXPECT_EQ(liar.left(), 5u);
}

TEST(Reader, TextThatIsNotUtf8OrHasNulIsDamagedAndTakesNothing) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view bad : {"\xff"sv, "a\0b"sv, "\xc0\xaf"sv, "\xed\xa0\x80"sv}) {
    Writer writer;
    writer.sized(bad);
    Reader reader(writer.view());
    EXPECT_EQ(reader.text(10).error().code, Code::kDamaged);
    EXPECT_EQ(reader.left(), writer.size());
  }
}

TEST(Reader, ExpectOfOtherBytesTakesNothing) {
  Reader reader(as_bytes("abc"));
  EXPECT_EQ(reader.expect(as_bytes("abd")).error().code, Code::kDamaged);
  EXPECT_EQ(reader.expect(as_bytes("abcd")).error().code, Code::kDamaged);
  EXPECT_EQ(reader.left(), 3u);
}

TEST(FixedBytes, HasAnOrderAndAnExactLength) {
  const Bytes sixteen(16, 1);
  const Bytes seventeen(17, 1);
  EXPECT_TRUE(Id::from(sixteen));
  EXPECT_EQ(Id::from(seventeen).error().code, Code::kInvalidArgument);
  EXPECT_LT(Id{}, Id::from(sixteen).value());
}

}  // namespace
}  // namespace coffre
