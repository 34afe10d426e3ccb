// The journal: every access is in it, in clear words for who may read it, and it cannot be cut.
#include "core/vault/export_sweep.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"
#include "tests/support/fake_os.h"

namespace coffre::test {
namespace {

std::vector<JournalLine> lines_of(Vault& officer, const Id& object) {
  return must(officer.journal({}, object));
}

TEST(Journal, NamesWhoDidWhatToWhatAndWhy) {
  Practice practice;
  Id id;
  {
    const auto practitioner = must(practice.unlock("prac", "cabinet 2"));
    id = must(file_document(*practitioner, "medical", practice.patient(), sample_bytes(100)));
    must(practitioner->document(id));
    must(practitioner->edit_document(id, {{}, "autre", {}, {}}));
    must(practitioner->export_document(id, "demande du patient", "Mme Dupont", {}));
  }
  const auto officer = must(practice.unlock("priv"));
  const auto lines = lines_of(*officer, id);
  ASSERT_EQ(lines.size(), 5U);  // and this reading of the journal
  const std::vector<Action> expected = {Action::kImport, Action::kView, Action::kEdit,
                                        Action::kExport, Action::kJournal};
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const JournalLine& line = lines[index];
    const bool own = line.action == Action::kJournal;
    EXPECT_EQ(line.action, expected[index]);
    EXPECT_EQ(line.actor, own ? "priv" : "prac");
    EXPECT_EQ(line.outcome, "success");
    EXPECT_EQ(line.object, id);
    EXPECT_EQ(line.patient, own ? std::nullopt : std::optional(practice.patient()));
    EXPECT_EQ(line.workstation, own ? "first" : "cabinet 2");
  }
  EXPECT_EQ(lines[3].reason, "demande du patient");
}

TEST(Journal, HoldsUnlocksListsAndAccounts) {
  Practice practice;
  std::size_t before = 0;
  {
    const auto officer = must(practice.unlock("priv"));
    before = must(officer->journal({}, {})).size();
  }
  {
    const auto owner = must(practice.unlock("marie"));
    static_cast<void>(titles(*owner));
    must(owner->patients({}));
    must(owner->set_user_enabled("sec", false));
    must(owner->verify(false));
  }
  const auto officer = must(practice.unlock("priv"));
  const auto lines = must(officer->journal({}, {}));
  std::vector<std::pair<std::string, Action>> seen;
  for (std::size_t index = before; index < lines.size(); ++index) {
    seen.emplace_back(lines[index].actor, lines[index].action.value());
  }
  EXPECT_EQ(seen, (std::vector<std::pair<std::string, Action>>{{"marie", Action::kUnlock},
                                                               {"marie", Action::kView},
                                                               {"marie", Action::kView},
                                                               {"marie", Action::kAccount},
                                                               {"marie", Action::kVerify},
                                                               {"priv", Action::kUnlock},
                                                               {"priv", Action::kJournal}}));
}

// By members with programs of their own: only the session that began it says how it ended, once.
TEST(Journal, NoLaterEntryChangesALineThatWasShown) {
  Practice practice;
  const auto say = [](Vault& session, const Event& event) {
    must(session.impl().commit([&](Commit& commit) { return commit.add_event(event); }));
  };
  const auto events_of = [&](const Id& id) {
    auto lines = lines_of(*must(practice.unlock("priv")), id);
    std::erase_if(lines, [](const JournalLine& line) { return line.action != Action::kExport; });
    return lines;
  };
  const auto practitioner = must(practice.unlock("prac"));
  const Id id = must(file_document(*practitioner, "medical", practice.patient(), sample_bytes(9)));
  Event begun = practitioner->impl().event(Action::kExport);
  begun.object = id;
  begun.reason = "avis";
  begun.outcome = Outcome::kStarted;
  say(*practitioner, begun);
  std::vector<JournalLine> lines = events_of(id);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].outcome, "unknown");

  Event end = begun;
  end.intent = lines[0].sequence + 1;
  end.outcome = Outcome::kFailure;
  end.reason = "rien n'est sorti";
  {
    // Somebody who learned the session's id has not its key; the same person's next session has
    // another id.
    const auto secretary = must(practice.unlock("sec"));
    say(*secretary, end);
    const auto again = must(practice.unlock("prac", "cabinet 2"));
    Event other = again->impl().event(Action::kExport);
    other.object = id;
    other.intent = end.intent;
    other.outcome = Outcome::kStarted;
    say(*again, other);
  }
  lines = events_of(id);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[0].outcome, "unknown");
  EXPECT_EQ(lines[0].verdict, "");
  EXPECT_EQ(lines[1].actor, "sec");
  EXPECT_EQ(lines[2].outcome, "unknown");

  Event elsewhere = end;
  elsewhere.object = practice.patient();
  say(*practitioner, elsewhere);
  Event otherwise = end;
  otherwise.action = Action::kErase;
  say(*practitioner, otherwise);
  EXPECT_EQ(events_of(id)[0].outcome, "unknown");
  end.outcome = Outcome::kSuccess;
  end.reason = "avis";
  say(*practitioner, end);
  end.outcome = Outcome::kFailure;
  say(*practitioner, end);
  lines = events_of(id);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].outcome, "success");
  EXPECT_EQ(lines[3].outcome, "failure");
}

TEST(Journal, IsReadByThePrivacyOfficerAndNotByOthers) {
  Practice practice;
  for (const char* user : {"prac", "sec", "bill", "adm"}) {
    EXPECT_TRUE(refused(must(practice.unlock(user))->journal({}, {}), Code::kDenied)) << user;
  }
  EXPECT_TRUE(ok(must(practice.unlock("priv"))->journal({}, {})));
  EXPECT_TRUE(ok(must(practice.unlock("marie"))->journal({}, {})));
}

TEST(Journal, AnExportThatFailsIsWrittenAsAFailure) {
  Practice practice;
  Id id;
  {
    const auto practitioner = must(practice.unlock("prac"));
    id = must(file_document(*practitioner, "medical", practice.patient(), sample_bytes(100)));
    const auto full = [](ByteView) -> Status { return fail(Code::kNoSpace, "no space"); };
    const auto full_after = [](std::uint64_t) -> Status {
      return fail(Code::kNoSpace, "no space");
    };
    EXPECT_TRUE(refused(practitioner->export_document(id, "copie", "", full), Code::kNoSpace));
    CopyOrder cancelled{practice.file("copie.pdf"), "copie", {}, kKeepDefaultMs, full_after};
    EXPECT_TRUE(refused(practitioner->export_copy(id, cancelled), Code::kNoSpace));
  }
  const auto lines = lines_of(*must(practice.unlock("priv")), id);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[1].outcome, "failure");
  EXPECT_EQ(lines[2].outcome, "failure");
}

TEST(Journal, AnIntentIsDurableBeforeTheFirstByteAndUnknownWithoutItsOutcome) {
  Practice practice;
  Id id;
  const std::string copy = practice.file("crash.coffre");
  {
    const auto practitioner = must(practice.unlock("prac"));
    id = must(file_document(*practitioner, "medical", practice.patient(), sample_bytes(100)));
    // What a power cut in the middle of the export leaves is the file as it is now.
    const auto cut = [&](ByteView) -> Status {
      practice.copy_to(copy);
      return {};
    };
    must(practitioner->export_document(id, "copie", "", cut));
  }
  const auto officer = must(practice.unlock_at(copy, "priv", kStaffPassword, "second"));
  const auto lines = lines_of(*officer, id);
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1].action, Action::kExport);
  EXPECT_EQ(lines[1].reason, "copie");
  EXPECT_EQ(lines[1].outcome, "unknown");
}

TEST(Journal, GivesOnlyWhatWasSinceATime) {
  Practice practice;
  const auto officer = must(practice.unlock("priv"));
  practice.clock().step_wall(86'400'000);
  const std::int64_t since = practice.clock().wall_ms();
  must(officer->me());
  const auto lines = must(officer->journal(since, {}));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines.front().action, Action::kJournal);
  EXPECT_EQ(lines.front().time_ms, since);
}

TEST(Journal, IsVerifiedWithoutAnUnlockAgainstAKeptCheckpoint) {
  Practice practice;
  std::string anchor;
  {
    const auto owner = must(practice.unlock("marie"));
    anchor = must(owner->checkpoint_note());
    must(owner->add_patient({{}, "Petit", "Anne", "1980-03-04"}));
  }
  const auto vault = must(practice.open(practice.path(), "stranger"));
  const LogSummary plain = must(vault->verify_log({}));
  EXPECT_EQ(plain.anchored, 0U);
  const LogSummary summary = must(vault->verify_log(as_bytes(anchor)));
  EXPECT_EQ(summary.anchored + 1, summary.size);
  EXPECT_EQ(summary.vault, vault->policy().vault());
  EXPECT_EQ(vault->state(), SessionState::kLocked);
  EXPECT_TRUE(refused(vault->verify_log(as_bytes("not a checkpoint")), Code::kDamaged));
}

TEST(Journal, AKeptCheckpointShowsAnOlderFileAndAnotherHistory) {
  Practice practice;
  const std::string older = practice.file("older.coffre");
  std::string anchor;
  practice.copy_to(older);
  {
    const auto owner = must(practice.unlock("marie"));
    anchor = must(owner->checkpoint_note());
  }
  const auto stranger = must(practice.open(older, "stranger"));
  EXPECT_TRUE(refused(stranger->verify_log(as_bytes(anchor)), Code::kRolledBack));
  for (int turn = 0; turn < 3; ++turn) {  // the fork grows longer
    must(practice.unlock_at(older, "prac", kStaffPassword, "other"));
  }
  EXPECT_TRUE(refused(stranger->verify_log(as_bytes(anchor)), Code::kForked));
}

TEST(Journal, ACheckpointOfAnotherVaultIsRefused) {
  Practice practice;
  const std::string path = practice.file("other.coffre");
  const PasswordCost cost{kPasswordMemoryMinKib, kPasswordPassesMin, 2};
  must(Vault::create(path, {"paul", "Autre cabinet", cost, {}},
                     {"paul", secret_of(kOwnerPassword), {}}, practice.workstation("other")));
  const auto other = must(practice.open(path, "other"));
  const auto vault = must(practice.open(practice.path()));
  EXPECT_TRUE(refused(vault->verify_log(as_bytes(must(other->checkpoint_note()))), Code::kForked));
}

// The sweep ended between the outcome and the entry's removal; the unlock tells the outcome first.
TEST(Journal, ACopyThatWasErasedBeforeACrashIsToldOnceAndNeverCalledLost) {
  Practice practice;
  Id id;
  {
    const auto owner = must(practice.unlock("marie"));
    id = must(file_document(*owner, "medical", practice.patient(), sample_bytes(100)));
    must(owner->export_copy(id, {practice.file("copie.pdf"), "copie", {}, kKeepDefaultMs, {}}));
  }
  const ExportLedger ledger = must(ExportLedger::open(practice.workstation().state_directory));
  SweepRequest request;
  request.now_ms = practice.clock().wall_ms() + kKeepDefaultMs;
  {
    FaultyOs faulty;
    const ScopedOs scope(faulty);
    faulty.fail("unlink", 1, EIO);
    EXPECT_TRUE(refused(sweep_exports(ledger, request), Code::kFailed));
    ASSERT_TRUE(faulty.failed());
  }
  ASSERT_EQ(must(ledger.list()).entries.size(), 1U);
  must(practice.unlock("marie"));
  EXPECT_TRUE(must(sweep_exports(ledger, request)).copies.empty());
  EXPECT_TRUE(must(ledger.list()).entries.empty());
  std::vector<std::string> erasures;
  for (const JournalLine& line : lines_of(*must(practice.unlock("priv")), id)) {
    if (line.action == Action::kErase) {
      erasures.push_back(line.outcome);
    }
  }
  EXPECT_EQ(erasures, std::vector<std::string>{"success"});
}

// Another sweep writes a newer outcome while the journal takes the one before.
class NewerOutcome final : public SqliteHook {
 public:
  NewerOutcome(const ExportLedger& ledger, ExportOutcome newer)
      : ledger_(ledger), newer_(std::move(newer)), before_(set_sqlite_hook(this)) {}
  NewerOutcome(const NewerOutcome&) = delete;
  NewerOutcome& operator=(const NewerOutcome&) = delete;
  ~NewerOutcome() override { set_sqlite_hook(before_); }
  int before_sync(std::string_view) override {
    must(ledger_.put_outcome(newer_));
    return SQLITE_OK;
  }

 private:
  const ExportLedger& ledger_;
  ExportOutcome newer_;
  SqliteHook* before_;
};

TEST(Journal, AnOutcomeThatIsNewerThanTheOneToldIsNotForgotten) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  const ExportLedger ledger = must(ExportLedger::open(practice.workstation().state_directory));
  ExportOutcome outcome{must(system_random().id()),
                        owner->policy().vault(),
                        must(system_random().id()),
                        {Verdict::kFailed, {Reason::kInUse}, 1'000}};
  must(ledger.put_outcome(outcome));
  ExportOutcome newer = outcome;
  newer.outcome = {Verdict::kOverwrittenLogically, {}, 2'000};
  {
    const NewerOutcome hook(ledger, newer);
    must(owner->journal_outcomes());
  }
  ASSERT_TRUE(ledger.outcome(outcome.id).has_value());
  EXPECT_EQ(ledger.outcome(outcome.id)->encode(), newer.encode());
  must(owner->journal_outcomes());
  EXPECT_FALSE(ledger.outcome(outcome.id).has_value());
  std::vector<std::string> erasures;
  for (const JournalLine& line :
       lines_of(*must(practice.unlock("priv", "second")), outcome.document)) {
    if (line.action == Action::kErase) erasures.push_back(line.outcome);
  }
  EXPECT_EQ(erasures, (std::vector<std::string>{"failure", "success"}));
}

// While a sweep runs, what it may be about to change stays.
TEST(Journal, OutcomesStayWhileASweepRuns) {
  Practice practice;
  const auto owner = must(practice.unlock("marie"));
  const ExportLedger ledger = must(ExportLedger::open(practice.workstation().state_directory));
  const ExportOutcome outcome{must(system_random().id()),
                              owner->policy().vault(),
                              must(system_random().id()),
                              {Verdict::kFailed, {Reason::kInUse}, 1}};
  must(ledger.put_outcome(outcome));
  {
    const auto sweeping = must(ledger.sweeping(true));
    must(owner->journal_outcomes());
    EXPECT_TRUE(ledger.outcome(outcome.id).has_value());
  }
  must(owner->journal_outcomes());
  EXPECT_FALSE(ledger.outcome(outcome.id).has_value());
}

}  // namespace
}  // namespace coffre::test
