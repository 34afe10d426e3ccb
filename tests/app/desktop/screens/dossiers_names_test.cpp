// Days as they are typed, ages, and the index of patients.
#include "app/desktop/screens/dossiers_names.h"

#include <gtest/gtest.h>

#include "app/desktop/screens/dossiers_patients.h"

namespace coffre::ui {
namespace {

std::string why(const Result<std::string>& result) { return result ? "" : result.error().what; }

TEST(Days, AreTakenAsPeopleWriteThem) {
  for (const char* typed : {"17/09/1991", "17.9.1991", "17091991", "1991-09-17", " 17/09/1991 "}) {
    EXPECT_EQ(parse_day(typed).value_or("none"), "1991-09-17") << typed;
  }
}

TEST(Days, ThatAreWrongSayHow) {
  EXPECT_EQ(why(parse_day("31/02/1991")), "there is no such day");
  EXPECT_EQ(why(parse_day("yesterday")), "write the day like 17/09/1991");
  EXPECT_EQ(why(parse_day("")), "write the day like 17/09/1991");
  EXPECT_EQ(why(parse_birth_day("01/01/2027", "2026-11-25")), "this day is still to come");
  EXPECT_EQ(why(parse_birth_day("01/01/1870", "2026-11-25")),
            "this is more than 130 years ago: check the year");
}

TEST(Days, AgeGrowsOnTheBirthday) {
  EXPECT_EQ(age_at("1991-09-17", "2026-09-16"), 34);
  EXPECT_EQ(age_at("1991-09-17", "2026-09-17"), 35);
  EXPECT_EQ(age_at("2024-02-29", "2025-02-28"), 0);
  EXPECT_EQ(age_at("no day", "2025-02-28"), -1);
}

TEST(Days, ADocumentsDayIsTypedBackTheSame) {
  EXPECT_EQ(parse_day(typed_day("2026-11-02")).value_or("none"), "2026-11-02");
}

TEST(Compartments, OfAPracticesOwnKeepTheirNames) {
  EXPECT_EQ(compartment_label("Radiologie"), "Radiologie");
  EXPECT_EQ(compartment_label("medical"), "Medical");
}

Patient patient(unsigned char number, const char* last, const char* first, const char* born) {
  Patient made{{}, last, first, born};
  made.id.bytes[0] = number;
  return made;
}

TEST(PatientIndex, FindsTheBeginOfEveryWord) {
  const PatientIndex index({patient(1, "Bernard-Martin", "Lucie", "1958-03-12"),
                            patient(2, "Œillet", "Françoise", "1946-11-30"),
                            patient(3, "d'Arc", "Noé", "2019-01-08")});
  const auto found = [&](const char* words) { return index.search(words, 10); };
  EXPECT_EQ(found("oeil fran"), std::vector<std::uint32_t>{1});
  EXPECT_EQ(found("MARTIN, luc"), std::vector<std::uint32_t>{0});
  EXPECT_EQ(found("arc"), std::vector<std::uint32_t>{2});
  EXPECT_EQ(found("30/11"), std::vector<std::uint32_t>{1});
  EXPECT_TRUE(found("ernard").empty());
  EXPECT_EQ(found("").size(), 3U);
  EXPECT_EQ(index.search("", 2).size(), 2U);
  EXPECT_EQ(index.place_of(patient(2, "", "", "").id), std::optional<std::size_t>(1));
  EXPECT_EQ(index.find(patient(9, "", "", "").id), nullptr);
}

}  // namespace
}  // namespace coffre::ui
