// What has to be kept: periods by the calendar, documents of minors, holds, and that destroying
// asks for all of them before anything else.
#include "core/vault/retention.h"

#include "core/base/time.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

std::int64_t at(std::string_view time) { return must(parse_time(time)); }

// Filed at noon on the day of its date unless said otherwise.
Document dated(const std::string& date, std::string_view filed = "2020-06-01T12:00:00Z") {
  Document document;
  document.date = date;
  document.filed_ms = at(filed);
  return document;
}

std::string until(const Document& document, std::uint32_t years, std::string_view born,
                  std::string_view today) {
  return kept_until(document, years, born, at(today)).value_or("free");
}

TEST(Retention, WithoutAPeriodNothingIsKept) {
  EXPECT_EQ(until(dated("2026-11-24"), 0, "", "2026-11-24"), "free");
  EXPECT_EQ(until(dated("2026-11-24"), 0, "2020-01-01", "2026-11-24"), "free");
}

TEST(Retention, TheDayBeforeTheEndItIsKeptAndOnTheDayItIsNot) {
  const Document document = dated("2021-05-03");
  EXPECT_EQ(until(document, 20, "", "2021-05-03"), "2041-05-03");
  EXPECT_EQ(until(document, 20, "", "2041-05-02T23:59:59Z"), "2041-05-03");
  EXPECT_EQ(until(document, 20, "", "2041-05-03"), "free");
  EXPECT_EQ(until(document, 20, "", "2060-01-01"), "free");
}

TEST(Retention, WhereThe29thOfFebruaryIsMissingItIsTheDayAfter) {
  const Document document = dated("2024-02-29");
  EXPECT_EQ(until(document, 1, "", "2025-02-28"), "2025-03-01");
  EXPECT_EQ(until(document, 1, "", "2025-03-01"), "free");
  EXPECT_EQ(until(document, 4, "", "2028-02-28"), "2028-02-29");
  EXPECT_EQ(until(document, 4, "", "2028-02-29"), "free");
}

TEST(Retention, ADateThatIsNoneOrInTheFutureGivesWayToTheDayOfFiling) {
  for (const char* date :
       {"2026-11-25", "9999-12-31", "2026-02-30", "0999-01-01", "", "yesterday"}) {
    EXPECT_EQ(until(dated(date, "2026-11-20T10:00:00Z"), 2, "", "2026-11-24"), "2028-11-20")
        << date;
  }
  // Today is no future.
  EXPECT_EQ(until(dated("2026-11-24", "2026-11-20T10:00:00Z"), 2, "", "2026-11-24"), "2028-11-24");
}

TEST(Retention, AMinorsDocumentIsKeptToThe28thBirthday) {
  const Document document = dated("2020-06-01");
  EXPECT_EQ(until(document, 5, "2010-03-04", "2020-06-01"), "2038-03-04");
  EXPECT_EQ(until(document, 5, "2010-03-04", "2038-03-03"), "2038-03-04");
  EXPECT_EQ(until(document, 5, "2010-03-04", "2038-03-04"), "free");
  // The later of the two.
  EXPECT_EQ(until(document, 20, "2003-03-04", "2020-06-01"), "2040-06-01");
  // Of age on the day of the document, and a minor the day before.
  EXPECT_EQ(until(document, 5, "2002-06-01", "2020-06-01"), "2025-06-01");
  EXPECT_EQ(until(document, 5, "2002-06-02", "2020-06-01"), "2030-06-02");
  // Born on a 29th of February: of age on the 1st of March.
  EXPECT_EQ(until(dated("2022-02-28"), 1, "2004-02-29", "2022-03-01"), "2032-02-29");
  EXPECT_EQ(until(dated("2022-03-01"), 1, "2004-02-29", "2022-03-01"), "2023-03-01");
  // Before birth.
  EXPECT_EQ(until(document, 1, "2020-09-01", "2020-10-01"), "2048-09-01");
  EXPECT_EQ(until(document, 5, "no date", "2020-06-01"), "2025-06-01");
}

class RetentionTest : public testing::Test {
 protected:
  RetentionTest() { practice_.clock().step_wall(at("2026-11-24T12:00:00Z") - now()); }

  std::int64_t now() { return practice_.clock().wall_ms(); }
  void travel(std::string_view time) { practice_.clock().step_wall(at(time) - now()); }
  // Of 2026-11-24, unless edited.
  Id file(Vault& vault, const std::string& compartment = "medical") {
    return must(file_document(vault, compartment, practice_.patient(), sample_bytes(600)));
  }
  void expect_kept(Vault& vault, const Id& document, const std::string& day) {
    const auto destroyed = vault.destroy_document(document, "why");
    ASSERT_TRUE(refused(destroyed, Code::kFailed));
    EXPECT_EQ(destroyed.error().on, day);
    EXPECT_STRNE(destroyed.error().hint, "");
    EXPECT_EQ(must(content_of(vault, document)), sample_bytes(600));
  }
  // What the journal says of a document or patient: "destroy success: reason".
  std::vector<std::string> journal(const Id& object, Action action) {
    const auto officer = must(practice_.unlock("priv", "journal"));
    std::vector<std::string> lines;
    for (const JournalLine& line : must(officer->journal({}, object))) {
      if (line.action == action) {
        lines.push_back(line.actor + " " + line.outcome + ": " + line.reason);
      }
    }
    return lines;
  }

  Practice practice_;
};

TEST_F(RetentionTest, APeriodKeepsADocumentToItsDay) {
  const auto owner = must(practice_.unlock("marie"));
  const Id document = file(*owner);
  const Id elsewhere = file(*owner, "management");
  must(owner->set_retention("medical", 20));
  expect_kept(*owner, document, "2046-11-24");
  EXPECT_TRUE(journal(document, Action::kDestroy).empty());
  EXPECT_TRUE(ok(owner->destroy_document(elsewhere, "why")));
  travel("2046-11-23T23:59:59Z");
  expect_kept(*owner, document, "2046-11-24");
  travel("2046-11-24T00:00:00Z");
  EXPECT_TRUE(ok(owner->destroy_document(document, "why")));
}

TEST_F(RetentionTest, WhoMayNotDestroyLearnsNoPeriod) {
  const auto owner = must(practice_.unlock("marie"));
  must(owner->set_retention("medical", 20));
  const Id document = file(*owner);
  for (const char* user : {"prac", "sec"}) {
    const auto other = must(practice_.unlock(user, user));
    EXPECT_TRUE(refused(other->destroy_document(document, "why"), Code::kDenied));
    EXPECT_TRUE(refused(other->set_retention("medical", 0), Code::kDenied));
    EXPECT_TRUE(refused(other->add_hold(document, "why"), Code::kDenied));
    EXPECT_TRUE(refused(other->lift_hold(document, "why"), Code::kDenied));
  }
  EXPECT_TRUE(refused(owner->set_retention("nowhere", 1), Code::kDenied));
}

TEST_F(RetentionTest, AMinorsDocumentIsKeptLongerByWhoReadsTheBirthday) {
  const auto owner = must(practice_.unlock("marie"));
  const Id child = must(owner->add_patient({{}, "Petit", "Léa", "2020-02-29"}));
  const Id document = must(file_document(*owner, "medical", child, sample_bytes(600)));
  must(owner->set_retention("medical", 1));
  travel("2030-01-01");
  expect_kept(*owner, document, "2048-02-29");
}

TEST_F(RetentionTest, WithoutTheBirthdayThePeriodAloneCounts) {
  const auto owner = must(practice_.unlock("marie"));
  const Id child = must(owner->add_patient({{}, "Petit", "Léa", "2020-02-29"}));
  const Id document = must(file_document(*owner, "management", child, sample_bytes(600)));
  must(owner->set_retention("management", 1));
  must(owner->define_role("shredder", 0, {{"management", right::kRead | right::kDestroy}}));
  must(must(practice_.unlock("priv", "priv"))
           ->change_password(secret_of("Cc3-other-other-other"), {}));
  must(owner->assign_role("priv", "shredder", false));
  const auto officer =
      must(practice_.unlock_at(practice_.path(), "priv", "Cc3-other-other-other", "priv"));
  for (const WaitingGrant& waiting : must(owner->waiting_grants())) {
    if (waiting.user == "priv") {
      must(owner->approve_grant(waiting.user, waiting.compartment, {}));
    }
  }
  travel("2027-11-23");
  const auto early = officer->destroy_document(document, "why");
  ASSERT_TRUE(refused(early, Code::kFailed));
  EXPECT_EQ(early.error().on, "2027-11-24");
  travel("2027-11-24");
  EXPECT_TRUE(refused(owner->destroy_document(document, "why"), Code::kFailed));
  EXPECT_TRUE(ok(officer->destroy_document(document, "why")));
}

TEST_F(RetentionTest, AHoldKeepsADocumentUntilItIsLifted) {
  const auto owner = must(practice_.unlock("marie"));
  const Id document = file(*owner);
  const Id other = file(*owner);
  {
    // Who sets it does not read there.
    const auto administrator = must(practice_.unlock("adm", "second"));
    must(administrator->add_hold(document, "réclamation"));
    EXPECT_TRUE(refused(administrator->add_hold(document, "again"), Code::kInvalidArgument));
  }
  expect_kept(*owner, document, "");
  EXPECT_TRUE(journal(document, Action::kDestroy).empty());
  EXPECT_TRUE(ok(owner->destroy_document(other, "why")));
  must(owner->lift_hold(document, "classée"));
  EXPECT_TRUE(refused(owner->lift_hold(document, "again"), Code::kInvalidArgument));
  EXPECT_TRUE(ok(owner->destroy_document(document, "why")));
  EXPECT_EQ(journal(document, Action::kSetting),
            (std::vector<std::string>{"adm success: ", "adm success: réclamation",
                                      "marie success: ", "marie success: classée"}));
}

TEST_F(RetentionTest, AHoldOfAPatientKeepsAllDocumentsAndTheyStayTogether) {
  const auto owner = must(practice_.unlock("marie"));
  const Id patient = must(owner->add_patient({{}, "Roy", "Max", "1970-01-01"}));
  const Id medical = must(file_document(*owner, "medical", patient, sample_bytes(600)));
  const Id letter = must(file_document(*owner, "administrative", patient, sample_bytes(600)));
  const Id unheld = file(*owner);
  must(owner->add_hold(patient, "expertise"));
  expect_kept(*owner, medical, "");
  expect_kept(*owner, letter, "");
  DocumentEdit move;
  move.patient = practice_.patient();
  EXPECT_TRUE(refused(owner->edit_document(medical, move), Code::kFailed));
  DocumentEdit stays;
  stays.patient = patient;
  stays.title = "Radio";
  EXPECT_TRUE(ok(owner->edit_document(medical, stays)));
  EXPECT_TRUE(ok(owner->destroy_document(unheld, "why")));
  must(owner->lift_hold(patient, "rendue"));
  EXPECT_TRUE(ok(owner->edit_document(medical, move)));
  EXPECT_TRUE(ok(owner->destroy_document(letter, "why")));
  EXPECT_EQ(journal(patient, Action::kSetting).size(), 4U);
}

TEST_F(RetentionTest, AHoldNeedsAReasonAndAnObjectThatIsThere) {
  const auto owner = must(practice_.unlock("marie"));
  const Id document = file(*owner);
  EXPECT_TRUE(refused(owner->add_hold(document, ""), Code::kInvalidArgument));
  EXPECT_TRUE(refused(owner->add_hold(document, "a\nb"), Code::kInvalidArgument));
  EXPECT_TRUE(refused(owner->add_hold(must(system_random().id()), "why"), Code::kDenied));
  must(must(practice_.unlock("sec", "second"))->ask_reader(document, RequestKind::kMove, "x"));
  const Id request = must(owner->requests()).at(0).id;
  EXPECT_TRUE(refused(owner->add_hold(request, "why"), Code::kDenied));
  must(owner->add_hold(document, "why"));
  EXPECT_TRUE(refused(owner->lift_hold(document, ""), Code::kInvalidArgument));
  EXPECT_TRUE(owner->policy().is_held(document));
}

// Another session set it meanwhile: the newest rules count.
TEST_F(RetentionTest, WhatOthersSetMeanwhileCounts) {
  const auto owner = must(practice_.unlock("marie"));
  const Id document = file(*owner);
  must(must(practice_.unlock("adm", "second"))->set_retention("medical", 3));
  expect_kept(*owner, document, "2029-11-24");
  must(must(practice_.unlock("adm", "second"))->set_retention("medical", 0));
  EXPECT_TRUE(ok(owner->destroy_document(document, "why")));
}

}  // namespace
}  // namespace coffre::test
