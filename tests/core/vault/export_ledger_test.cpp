// The export ledger's files: whole or not there, bounded, and what an enemy could write into them.
#include "core/vault/export_ledger.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/crypto/summed.h"
#include "tests/core/vault/exports.h"

namespace coffre::test {
namespace {

ExportEntry sample_entry() {
  ExportEntry entry;
  entry.id = must(system_random().id());
  entry.vault = sha256(as_bytes("a vault"));
  entry.document = must(system_random().id());
  entry.user = must(system_random().id());
  entry.path = "/home/a\n\xff/document.pdf";
  entry.staging = ".coffre-00.part";
  entry.state = CopyState::kKept;
  entry.identity = {.device = 7, .inode = 8};
  entry.born_ns = 9;
  entry.modified_ns = 10;
  entry.size = 11;
  entry.created_ms = 12;
  entry.deadline_ms = 13;
  entry.erasing = CopyErasing::kOverwritten;
  entry.tried = CopyOutcome{Verdict::kFailed, {Reason::kNotFound, Reason::kInUse}, 14};
  return entry;
}

TEST(ExportEntry, ComesBackAsItWasWritten) {
  const ExportEntry entry = sample_entry();
  const ExportEntry back = must(ExportEntry::decode(entry.encode()));
  EXPECT_EQ(back.encode(), entry.encode());
  EXPECT_EQ(back.path, entry.path);
  EXPECT_EQ(back.born_ns, entry.born_ns);
  ASSERT_TRUE(back.tried);
  EXPECT_EQ(back.tried->reasons, entry.tried->reasons);
}

TEST(ExportEntry, EveryChangedByteAndEveryCutIsDamage) {
  const Bytes whole = sample_entry().encode();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 1;
    EXPECT_TRUE(refused(ExportEntry::decode(changed), Code::kDamaged)) << at;
    EXPECT_TRUE(refused(ExportEntry::decode(ByteView(whole).first(at)), Code::kDamaged)) << at;
  }
}

// An enemy computes the sum anew.
TEST(ExportEntry, WhatTheSweepReliesOnIsCheckedWhoeverWroteIt) {
  const auto is_refused = [](const std::function<void(ExportEntry&)>& change) {
    ExportEntry entry = sample_entry();
    change(entry);
    return refused(ExportEntry::decode(entry.encode()), Code::kDamaged);
  };
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.path = "document.pdf"; }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.path = "/home/"; }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.path = ""; }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.path = std::string("/a\0b", 4); }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.path = "/" + std::string(4096, 'a'); }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.staging = "../victim"; }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.staging = ".."; }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.staging = ""; }));
  EXPECT_TRUE(is_refused([](ExportEntry& entry) { entry.state = static_cast<CopyState>(4); }));
  EXPECT_TRUE(ok(ExportEntry::decode(sample_entry().encode())));
}

TEST(ExportLedger, HoldsEntriesUntilTheyAreRemoved) {
  const ExportPlace place;
  ExportEntry first = sample_entry();
  ExportEntry second = sample_entry();
  second.created_ms = first.created_ms - 1;
  must(place.ledger().put(first));
  must(place.ledger().put(second));
  const ExportList list = must(place.ledger().list());
  ASSERT_EQ(list.entries.size(), 2U);
  EXPECT_EQ(list.entries[0].id, second.id);
  must(place.ledger().remove(second.id));
  must(place.ledger().remove(second.id));  // is fine twice
  EXPECT_EQ(place.known(), 1U);
}

TEST(ExportLedger, AnEntryThatCannotBeReadIsReportedAndTheOthersAreNot) {
  const ExportPlace place;
  const ExportEntry good = sample_entry();
  const ExportEntry bad = sample_entry();
  const ExportEntry moved = sample_entry();
  must(place.ledger().put(good));
  must(write_durable(place.state("exports/copies/") + to_hex(bad.id.view()), as_bytes("x")));
  // Under another id than its own.
  must(write_durable(place.state("exports/copies/") + to_hex(must(system_random().id()).view()),
                     moved.encode()));
  must(write_durable(place.state("exports/copies/.coffre-1.tmp"), as_bytes("x")));
  const ExportList list = must(place.ledger().list());
  EXPECT_EQ(list.entries.size(), 1U);
  EXPECT_EQ(list.damaged.size(), 2U);
}

TEST(ExportLedger, SaysNothingAboutThePatientOrTheContent) {
  ExportPlace place;
  place.copy("document.pdf", "Madame Lefevre");
  const ExportEntry entry = must(place.ledger().list()).entries.front();
  const Bytes bytes = entry.encode();
  EXPECT_EQ(std::string(as_text(bytes)).find("Lefevre"), std::string::npos);
  EXPECT_EQ(std::ranges::search(bytes, sha256(as_bytes("Madame Lefevre")).view()).size(), 0U);
}

TEST(ExportLedger, AFolderThatOthersCanWriteToIsRefused) {
  const TempDir dir;
  const std::string state = dir / "state";
  ASSERT_TRUE(ok(ExportLedger::open(state)));
  for (const char* name : {"/exports", "/exports/copies", "/exports/outcomes"}) {
    ASSERT_EQ(::chmod((state + name).c_str(), 0770), 0);
    EXPECT_TRUE(refused(ExportLedger::open(state), Code::kFailed)) << name;
    ASSERT_EQ(::chmod((state + name).c_str(), 0700), 0);
  }
  // A link to a folder of somebody's choice.
  const std::string other = dir / "other";
  ASSERT_TRUE(ok(ExportLedger::open(other)));
  ASSERT_EQ(::rename((state + "/exports").c_str(), (dir / "away").c_str()), 0);
  ASSERT_EQ(::symlink((other + "/exports").c_str(), (state + "/exports").c_str()), 0);
  EXPECT_TRUE(refused(ExportLedger::open(state), Code::kFailed));
}

TEST(ExportLedger, OutcomesAreKeptForTheirVaultOnly) {
  const ExportPlace place;
  ExportOutcome outcome{must(system_random().id()),
                        place.vault(),
                        must(system_random().id()),
                        {Verdict::kNotGuaranteed, {Reason::kCopyOnWrite}, kNow}};
  must(place.ledger().put_outcome(outcome));
  EXPECT_EQ(must(place.ledger().outcomes(sha256(as_bytes("another")), kExportsMax)).size(), 0U);
  const auto found = place.outcomes();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].encode(), outcome.encode());
  EXPECT_TRUE(must(place.ledger().outcomes(place.vault(), 0)).empty());
  EXPECT_EQ(place.ledger().outcome(outcome.id)->encode(), outcome.encode());
  must(place.ledger().remove_outcome(outcome.id));
  EXPECT_TRUE(place.outcomes().empty());
}

TEST(ExportLedger, WritersAreTogetherAndKeepTheSweepFromTheirFiles) {
  const ExportPlace place;
  {
    const File one = must(place.ledger().writing([] { return true; }));
    const File two = must(place.ledger().writing([] { return true; }));
    EXPECT_FALSE(must(place.ledger().nobody_writes()).has_value());
  }
  EXPECT_TRUE(must(place.ledger().nobody_writes()).has_value());
}

// Another program's lock keeps no keys in memory for longer than the caller says.
TEST(ExportLedger, WhoWritesWaitsForNobodyWithoutEnd) {
  const ExportPlace place;
  auto reading = must(place.ledger().nobody_writes());
  int asked = 0;
  EXPECT_TRUE(refused(place.ledger().writing([&] { return ++asked == 3; }), Code::kBusy));
  EXPECT_EQ(asked, 3);
  asked = 0;
  const auto let_go = [&] {
    reading.reset();
    return ++asked == 3;
  };
  EXPECT_TRUE(ok(place.ledger().writing(let_go)));
  EXPECT_EQ(asked, 1);
}

}  // namespace
}  // namespace coffre::test
