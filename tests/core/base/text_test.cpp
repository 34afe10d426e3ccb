#include "core/base/text.h"

#include <gtest/gtest.h>

namespace coffre {
namespace {

using std::string_view_literals::operator""sv;

TEST(Utf8, AcceptsValidTextOnly) {
  for (const auto good : {""sv, "abc"sv, "h\xc3\xa9"sv, "\xf0\x9f\x98\x80"sv, "\xef\xbf\xbd"sv}) {
    EXPECT_TRUE(is_utf8(good));
  }
  // A lone continuation, overlong forms, a surrogate, above U+10FFFF, cut short.
  for (const auto bad : {"\x80"sv, "\xc0\xaf"sv, "\xe0\x80\xaf"sv, "\xed\xa0\x80"sv,
                         "\xf4\x90\x80\x80"sv, "\xc3"sv, "\xf0\x9f\x98"sv, "a\xff"sv}) {
    EXPECT_FALSE(is_utf8(bad)) << printable(bad);
  }
}

TEST(Nfc, ComposesAndIsStable) {
  EXPECT_EQ(to_nfc("e\u0301").value(), "é");
  EXPECT_EQ(to_nfc("é").value(), "é");
  EXPECT_EQ(to_nfc("\u212b").value(), "Å");
  EXPECT_EQ(to_nfc("").value(), "");
  EXPECT_EQ(to_nfc("ﬁ").value(), "ﬁ");  // compatibility forms stay
  EXPECT_EQ(to_nfc("q\u0307\u0323").value(), "q\u0323\u0307");
}

TEST(Nfc, RefusesInvalidTextAndNul) {
  EXPECT_EQ(to_nfc("\xff").error().code, Code::kInvalidArgument);
  EXPECT_EQ(to_nfc("é\xff").error().code, Code::kInvalidArgument);
  EXPECT_EQ(to_nfc("a\0b"sv).error().code, Code::kInvalidArgument);
}

TEST(PasswordNfc, GivesTheSameBytesForBothFormsOfAnAccent) {
  const Secret composed = password_nfc(as_bytes("caf\u00e9 de l'été")).value();
  const Secret apart = password_nfc(as_bytes("cafe\u0301 de l'e\u0301te\u0301")).value();
  EXPECT_TRUE(equal_constant_time(composed.expose(), apart.expose()));
  EXPECT_EQ(as_text(composed.expose()), "café de l'été");
}

TEST(PasswordNfc, RefusesInvalidAndTooLong) {
  EXPECT_EQ(password_nfc(as_bytes("a\xff")).error().code, Code::kInvalidArgument);
  EXPECT_EQ(password_nfc(as_bytes("a\0b"sv)).error().code, Code::kInvalidArgument);
  const std::string longest(4096, 'x');
  EXPECT_EQ(password_nfc(as_bytes(longest)).value().size(), 4096u);
  EXPECT_EQ(password_nfc(as_bytes(longest + "x")).error().code, Code::kInvalidArgument);
  EXPECT_TRUE(password_nfc({}).value().empty());
}

TEST(PasswordNfc, SurvivesTheLargestExpansion) {
  std::string text;
  while (text.size() + 3 <= 4096) text += "\u1f82";  // three marks and a letter, decomposed
  EXPECT_EQ(as_text(password_nfc(as_bytes(text)).value().expose()), text);
  std::string growing;
  while (growing.size() + 4 <= 4096) growing += "\U0001d160";  // NFC is three times as long
  EXPECT_EQ(as_text(password_nfc(as_bytes(growing)).value().expose()), to_nfc(growing).value());
}

TEST(Fold, MakesNamesComparable) {
  EXPECT_EQ(fold("Éloïse LEFÈVRE"), "eloise lefevre");
  EXPECT_EQ(fold("e\u0301"), fold("É"));
  EXPECT_EQ(fold("Cœur, ŒDÈME, Lætitia"), "coeur, oedeme, laetitia");
  EXPECT_EQ(fold("Straße"), fold("STRASSE"));
  EXPECT_EQ(fold("STRA\u1e9eE"), "strasse");
  EXPECT_EQ(fold("François Ñ ğ"), "francois n g");
  EXPECT_EQ(fold("Søren Łukasz Đặng"), "soren lukasz dang");
  EXPECT_EQ(fold("ﬁ①Ａ"), "fi1a");
  EXPECT_EQ(fold("ΣΊΣΥΦΟΣ"), fold("σίσυφος"));
  EXPECT_EQ(fold(""), "");
  EXPECT_EQ(fold("so\u00adin"), "soin");
}

TEST(Fold, IsIdempotentAndNeverFails) {
  for (const auto text : {"Ǽ ǿ ŒŸ"sv, "İstanbul"sv,
                          "a\xff"
                          "b"sv,
                          "\xf0\x9f\x98\x80"sv, "a\0b"sv}) {
    const std::string once = fold(text);
    EXPECT_EQ(fold(once), once);
    EXPECT_TRUE(is_utf8(once));
  }
  EXPECT_EQ(fold("A\xff"), "a\ufffd");
}

TEST(CheckedName, AcceptsNamesOfPeople) {
  EXPECT_EQ(checked_name("De\u0301sire\u0301e d'Île-de-France").value(), "Désirée d'Île-de-France");
  EXPECT_TRUE(checked_name("a"));
  EXPECT_TRUE(checked_name(std::string(64, 'x')));
  std::string accents;
  for (int i = 0; i < 64; ++i) accents += "e\u0301";
  EXPECT_TRUE(checked_name(accents));  // 64 characters after NFC
}

TEST(CheckedName, RefusesWhatCouldDeceive) {
  for (const auto bad : {""sv, " a"sv, "a "sv, "a\u00a0"sv, "\u2003a"sv, "a\nb"sv, "a\tb"sv,
                         "a\x7f"sv, "a\0b"sv, "a\u202eb"sv, "a\u200bb"sv, "a\u00adb"sv,
                         "\ufeff"
                         "a"sv,
                         "a\u2028"
                         "b"sv,
                         "a\u0085"sv, "\xff"sv}) {
    EXPECT_EQ(checked_name(bad).error().code, Code::kInvalidArgument) << printable(bad);
  }
  EXPECT_FALSE(checked_name(std::string(65, 'x')));
  EXPECT_FALSE(checked_name(std::string(100'000, 'x')));
}

TEST(CheckedLine, TakesOneLineWithinItsSize) {
  EXPECT_EQ(checked_line("Compte rendu, 12 mars", 21).value(), "Compte rendu, 12 mars");
  EXPECT_EQ(checked_line("", 0).value(), "");
  EXPECT_EQ(checked_line("abc", 2).error().code, Code::kInvalidArgument);
  for (const auto bad : {"a\nb"sv, "a\r"sv, "\x1b[0m"sv, "a\u2029"sv, "a\0"sv, "\xff"sv}) {
    EXPECT_EQ(checked_line(bad, 100).error().code, Code::kInvalidArgument) << printable(bad);
  }
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("Élodie 😀 \\ ok"), "Élodie 😀 \\ ok");
  EXPECT_EQ(printable("a\x1b[31m\n\r\t\0\x7f"sv), "a\\x1b[31m\\x0a\\x0d\\x09\\x00\\x7f");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");
  EXPECT_EQ(printable("\u202e\u2066\u200f\u061c"), "\\u{202e}\\u{2066}\\u{200f}\\u{061c}");
  EXPECT_EQ(printable("\u2028\u2029\u0085"), "\\u{2028}\\u{2029}\\u{0085}");
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");
}

}  // namespace
}  // namespace coffre
