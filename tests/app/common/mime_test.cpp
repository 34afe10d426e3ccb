#include "app/common/mime.h"

#include <gtest/gtest.h>

namespace coffre {
namespace {

using std::string_view_literals::operator""sv;

std::string mime(std::string_view start) { return mime_of(as_bytes(start)); }

TEST(Mime, KnowsWhatAPracticeScans) {
  EXPECT_EQ(mime("%PDF-1.7\n"sv), "application/pdf");
  EXPECT_EQ(mime("\xff\xd8\xff\xe0"sv), "image/jpeg");
  EXPECT_EQ(mime("\x89PNG\r\n\x1a\nrest"sv), "image/png");
  EXPECT_EQ(mime("II*\0rest"sv), "image/tiff");
  EXPECT_EQ(mime("MM\0*rest"sv), "image/tiff");
  EXPECT_EQ(mime("RIFF\x10\0\0\0WEBPVP8 "sv), "image/webp");
}

TEST(Mime, ACutOffSignatureIsNotTheType) {
  EXPECT_EQ(mime("RIFF\x10\0\0\0WEB"sv), "application/octet-stream");
  EXPECT_EQ(mime("\x89PNG\r\n"sv), "application/octet-stream");
  EXPECT_EQ(mime("%PD"sv), "text/plain");
}

TEST(Mime, TextIsUtf8WithoutControlCharacters) {
  EXPECT_EQ(mime("Cher confrère,\r\n\tmerci.\n"sv), "text/plain");
  EXPECT_EQ(mime("zero\0byte"sv), "application/octet-stream");
  EXPECT_EQ(mime("escape \x1b[2J"sv), "application/octet-stream");
  EXPECT_EQ(mime("latin \xe9t\xe9"sv), "application/octet-stream");
  EXPECT_EQ(mime(""sv), "application/octet-stream");
}

TEST(Mime, ACharacterCutByTheLookIsStillText) {
  std::string text(kMimeBytes - 1, 'a');
  text += "é";
  EXPECT_EQ(mime(std::string_view(text).substr(0, kMimeBytes)), "text/plain");
  EXPECT_EQ(mime("short\xc3"sv), "application/octet-stream");
}

}  // namespace
}  // namespace coffre
