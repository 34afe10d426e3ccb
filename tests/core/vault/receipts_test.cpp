// What a depositor keeps, what she asks, what a reader sees on the screen, and drafts.
#include <atomic>

#include <gtest/gtest.h>

#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

TEST(Receipts, TheSecretarySeesWhatSheFiledAndNobodyElseDoes) {
  Practice practice;
  const std::int64_t morning = practice.clock().wall_ms();
  {
    auto secretary = must(practice.unlock("sec"));
    must(file_document(*secretary, "medical", practice.patient(), sample_bytes(9'000), "IRM"));
    practice.clock().advance(60'000);
    must(file_document(*secretary, "medical", practice.patient(), sample_bytes(9'000), "Bilan"));
    // What she reads herself needs no receipt.
    must(file_document(*secretary, "administrative", practice.patient(), sample_bytes(9'000)));
    const auto receipts = must(secretary->receipts(morning));
    ASSERT_EQ(receipts.size(), 2U);
    EXPECT_EQ(receipts[0].title, "Bilan");
    EXPECT_EQ(receipts[1].title, "IRM");
    EXPECT_EQ(receipts[1].patient, practice.patient());
    EXPECT_EQ(receipts[1].compartment, compartment_of(*secretary, "medical"));
    EXPECT_EQ(receipts[1].time_ms, morning);
    EXPECT_EQ(must(secretary->receipts(morning + 1)).size(), 1U);
  }
  {
    auto again = must(practice.unlock("sec", "second"));
    EXPECT_EQ(must(again->receipts(morning)).size(), 2U) << "another workstation, a later session";
  }
  auto owner = must(practice.unlock("marie"));
  EXPECT_TRUE(must(owner->receipts(0)).empty());
  const auto lines = must(owner->journal(std::nullopt, std::nullopt));
  EXPECT_TRUE(std::ranges::any_of(
      lines, [](const JournalLine& line) { return line.action == Action::kImport; }));
}

TEST(Receipts, ARequestReachesTheReadersAndIsClosedByOneWhoMayChange) {
  Practice practice;
  Id filed;
  {
    auto secretary = must(practice.unlock("sec"));
    filed =
        must(file_document(*secretary, "medical", practice.patient(), sample_bytes(900), "IRM"));
    ASSERT_TRUE(secretary->ask_reader(filed, RequestKind::kMove, "patient voisin").has_value());
    EXPECT_TRUE(must(secretary->requests()).empty()) << "she reads nothing in medical";
    EXPECT_EQ(secretary->ask_reader(practice.patient(), RequestKind::kMove, "x").error().code,
              Code::kDenied)
        << "a patient is not a document";
  }
  {
    auto billing = must(practice.unlock("bill"));
    EXPECT_TRUE(must(billing->requests()).empty());
    EXPECT_EQ(billing->ask_reader(filed, RequestKind::kWithdraw, "x").error().code, Code::kDenied);
  }
  Id request;
  {
    auto practitioner = must(practice.unlock("prac"));
    const auto open = must(practitioner->requests());
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].document, filed);
    EXPECT_EQ(open[0].from, "sec");
    EXPECT_EQ(open[0].kind, RequestKind::kMove);
    EXPECT_EQ(open[0].words, "patient voisin");
    EXPECT_EQ(titles(*practitioner), std::vector<std::string>{"IRM"}) << "a request is no document";
    request = open[0].id;
  }
  {
    auto billing = must(practice.unlock("bill"));
    EXPECT_EQ(billing->close_request(request).error().code, Code::kDenied);
  }
  auto practitioner = must(practice.unlock("prac"));
  ASSERT_TRUE(practitioner->close_request(request).has_value());
  EXPECT_TRUE(must(practitioner->requests()).empty());
  EXPECT_TRUE(must(practitioner->verify(true)).damaged.empty());
  auto owner = must(practice.unlock("marie", "second"));
  EXPECT_TRUE(must(owner->requests()).empty()) << "closed for all, on another workstation too";
}

TEST(View, GivesTheContentToAReaderAndIsJournaledBeforeAndAfter) {
  Practice practice;
  const Bytes content = sample_bytes(40'000);
  auto practitioner = must(practice.unlock("prac"));
  const Id id = must(file_document(*practitioner, "medical", practice.patient(), content));
  Bytes seen;
  const Document document = must(practitioner->view_document(id, "suivi", [&](ByteView bytes) {
    seen.insert(seen.end(), bytes.begin(), bytes.end());
    return Status{};
  }));
  EXPECT_TRUE(seen == content);
  EXPECT_EQ(document.author, must(practitioner->me()).id);
  const auto failing = practitioner->view_document(
      id, "suivi", [](ByteView) { return Status(fail(Code::kFailed, "no room")); });
  EXPECT_EQ(failing.error().code, Code::kFailed);
  practitioner.reset();

  auto secretary = must(practice.unlock("sec"));
  bool called = false;
  const auto refused = secretary->view_document(id, "curiosité", [&](ByteView) {
    called = true;
    return Status{};
  });
  EXPECT_EQ(refused.error().code, Code::kDenied);
  EXPECT_FALSE(called);
  secretary.reset();

  auto owner = must(practice.unlock("marie"));
  std::vector<std::string> outcomes;
  for (const JournalLine& line : must(owner->journal(std::nullopt, id))) {
    if (line.action == Action::kView && line.reason == "suivi") {
      outcomes.push_back(line.outcome);
    }
  }
  EXPECT_EQ(outcomes, (std::vector<std::string>{"success", "failure"}));
}

TEST(Draft, IsSealedAfterTheLockAndOpensForItsOwnerOnly) {
  Practice practice;
  auto vault = must(practice.open(practice.path()));
  EXPECT_EQ(vault->seal_draft(as_bytes("titre")).error().code, Code::kLocked);
  const auto unlock = [&](const std::string& user) {
    return vault->unlock({user, must(Secret::copy_of(as_bytes(Practice::password_of(user)))), {}});
  };
  ASSERT_TRUE(unlock("sec").has_value());
  vault->lock();
  const Bytes sealed = must(vault->seal_draft(as_bytes("Courrier du cardiologue")));
  EXPECT_EQ(as_text(sealed).find("cardiologue"), std::string_view::npos);
  EXPECT_EQ(vault->open_draft(sealed).error().code, Code::kLocked);
  ASSERT_TRUE(unlock("bill").has_value());
  EXPECT_EQ(vault->open_draft(sealed).error().code, Code::kDenied);
  vault->lock();
  ASSERT_TRUE(unlock("sec").has_value());
  EXPECT_EQ(as_text(must(vault->open_draft(sealed)).expose()), "Courrier du cardiologue");
}

TEST(Draft, FollowsTheKeyThatThePersonReplacedInTheSession) {
  Practice practice;
  {
    auto administrator = must(practice.unlock("adm"));
    must(administrator->add_user("new", {"secretary"},
                                 must(Secret::copy_of(as_bytes("Provisoire-Doux-2026!")))));
  }
  auto vault = must(practice.open(practice.path()));
  const auto secret = [](std::string_view text) { return must(Secret::copy_of(as_bytes(text))); };
  ASSERT_TRUE(vault->unlock({"new", secret("Provisoire-Doux-2026!"), {}}).has_value());
  const Bytes before = must(vault->seal_draft(as_bytes("avant")));
  ASSERT_TRUE(vault->change_password(secret("Bien-A-Moi-2026!!"), {}).has_value());
  vault->lock();
  const Bytes sealed = must(vault->seal_draft(as_bytes("Courrier du cardiologue")));
  ASSERT_TRUE(vault->unlock({"new", secret("Bien-A-Moi-2026!!"), {}}).has_value());
  EXPECT_EQ(as_text(must(vault->open_draft(sealed)).expose()), "Courrier du cardiologue");
  EXPECT_EQ(vault->open_draft(before).error().code, Code::kDenied) << "somebody else made that key";
}

TEST(Draft, IsNotOpenedByAKeyThatSomebodyElseSetMeanwhile) {
  Practice practice;
  auto vault = must(practice.open(practice.path()));
  const auto secret = [](std::string_view text) { return must(Secret::copy_of(as_bytes(text))); };
  ASSERT_TRUE(vault->unlock({"sec", secret(Practice::password_of("sec")), {}}).has_value());
  {
    auto administrator = must(practice.unlock("adm", "second"));
    ASSERT_TRUE(administrator->reset_password("sec", secret("Provisoire-Doux-2026!")).has_value());
  }
  EXPECT_FALSE(vault->me().has_value()) << "the session sees that its key was replaced";
  EXPECT_EQ(vault->state(), SessionState::kLocked);
  const Bytes sealed = must(vault->seal_draft(as_bytes("Courrier du cardiologue")));
  ASSERT_TRUE(vault->unlock({"sec", secret("Provisoire-Doux-2026!"), {}}).has_value());
  EXPECT_EQ(vault->open_draft(sealed).error().code, Code::kDenied);
}

TEST(LockListener, RunsAtTheDeadlineOnceTheKeysAreWiped) {
  Practice practice;
  auto vault = must(practice.open(practice.path()));
  std::atomic<int> calls{0};
  vault->on_locked([&] { ++calls; });
  ASSERT_TRUE(
      vault->unlock({"sec", must(Secret::copy_of(as_bytes(Practice::password_of("sec")))), {}})
          .has_value());
  EXPECT_EQ(vault->remaining_ms(), 300'000);
  practice.clock().advance(299'000);
  EXPECT_EQ(vault->remaining_ms(), 1'000);
  EXPECT_EQ(calls, 0);
  practice.clock().advance(1'000);
  while (vault->state() != SessionState::kLocked) {
    std::this_thread::yield();
  }
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(vault->remaining_ms(), 0);
}

}  // namespace
}  // namespace coffre::test
