// make_seeds DIRECTORY: a few small inputs for each fuzz target, made by the real encoders, always
// the same ones. tests/fuzz/corpus is what it writes.
#include <cstdio>

#include "core/base/file.h"
#include "core/base/viewer_protocol.h"
#include "core/journal/entry.h"
#include "core/journal/head.h"
#include "core/journal/note.h"
#include "core/vault/envelope.h"
#include "core/vault/export_ledger.h"
#include "core/vault/payload.h"
#include "core/vault/rows.h"
#include "core/vault/slot.h"
#include "tests/support/documents.h"

namespace coffre {
namespace {

class Seeds {
 public:
  explicit Seeds(std::string directory) : directory_(std::move(directory)) {}

  Status put(const std::string& target, const std::string& name, ByteView bytes) {
    const std::string folder = directory_ + "/" + target;
    COFFRE_TRY(make_directories(folder));
    return write_durable(folder + "/" + name, bytes);
  }
  Status put(const std::string& target, const std::string& name, std::string_view text) {
    return put(target, name, as_bytes(text));
  }

 private:
  std::string directory_;
};

template <typename Fixed>
Fixed filled(Byte with) {
  Fixed made;
  made.bytes.fill(with);
  return made;
}

Status put_texts(Seeds& seeds) {
  COFFRE_TRY(seeds.put("bytes", "hex", "00ff10"));
  COFFRE_TRY(seeds.put("bytes", "base64", "AP8Q/w=="));
  COFFRE_TRY(seeds.put("text", "name", "Zoé Lefèvre"));
  COFFRE_TRY(seeds.put("text", "decomposed", "e\xcc\x81\xe2\x80\xaeœ"));
  COFFRE_TRY(seeds.put("time", "date", "2026-11-24"));
  COFFRE_TRY(seeds.put("time", "time", "2026-11-24T03:02:41.123+01:00"));
  COFFRE_TRY(seeds.put("time", "leap", "2016-12-31T23:59:60Z"));
  COFFRE_TRY(seeds.put("line", "list", "document list --patient 00112233445566778899aabbccddeeff"));
  COFFRE_TRY(seeds.put("line", "quoted", "patient add 'Le Goff' \"Y\\\"ann\" 1957-03-28 # new"));
  COFFRE_TRY(seeds.put("line", "journal", "journal --since 2026-11-24 --json"));
  COFFRE_TRY(seeds.put("file_uri", "escaped", "file:///home/zo%C3%A9/Compte%20rendu.pdf"));
  COFFRE_TRY(seeds.put("file_uri", "host", "file://localhost/a//b/"));
  COFFRE_TRY(seeds.put("file_uri", "dots", "file:///home/%2e%2e/etc/shadow"));
  return seeds.put("line", "pdf", "%PDF-1.7");
}

// Without the sum at their end: see fuzz_ledger.cpp.
Status put_ledger(Seeds& seeds) {
  ExportEntry entry;
  entry.id = filled<Id>(1);
  entry.vault = filled<Hash>(2);
  entry.document = filled<Id>(3);
  entry.user = filled<Id>(4);
  entry.path = "/home/anne/document-2026-11-29.pdf";
  entry.staging = ".coffre-0011223344556677.part";
  entry.state = CopyState::kKept;
  entry.identity = {.device = 5, .inode = 6};
  entry.born_ns = 7;
  entry.size = 8;
  entry.created_ms = 9;
  entry.deadline_ms = 10;
  const auto cut = [](const Bytes& bytes) {
    return Bytes(bytes.begin(), bytes.end() - Hash::kSize);
  };
  COFFRE_TRY(seeds.put("ledger", "kept", cut(entry.encode())));
  entry.born_ns.reset();
  entry.tried = CopyOutcome{Verdict::kFailed, {Reason::kNotFound, Reason::kInUse}, 11};
  COFFRE_TRY(seeds.put("ledger", "tried", cut(entry.encode())));
  entry.kind = CopyKind::kOpenedInMemory;
  entry.staging = "coffre-opened-0123456789abcdef";
  entry.path = "/run/user/1000/coffre-opened-0123456789abcdef/document-2026-11-29.pdf";
  COFFRE_TRY(seeds.put("ledger", "opened", cut(entry.encode())));
  const ExportOutcome outcome{entry.id, entry.vault, entry.document, *entry.tried};
  COFFRE_TRY(seeds.put("ledger", "outcome", cut(outcome.encode())));
  return seeds.put("mounts", "two",
                   "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,data=journal\n"
                   "36 22 0:33 / /a\\040b rw master:2 shared:3 - fuse.gocryptfs x rw\n");
}

// The first byte chooses what is read: see fuzz_viewer.cpp.
Status put_viewer(Seeds& seeds) {
  enum Choice : Byte { kMessages, kWords, kExif, kJpeg, kPng, kTiff, kWebp };
  constexpr int kSide = 8;
  const auto put = [&](const std::string& name, Choice choice, ByteView content) {
    return seeds.put("viewer", name, Writer().u8(choice).raw(content).view());
  };
  using namespace test;  // NOLINT(google-build-using-namespace): makers of pictures
  COFFRE_TRY(put("jpeg", kJpeg, jpeg_picture(kSide, kSide, Inks::kThree, 6)));
  COFFRE_TRY(put("jpeg_inks", kJpeg, jpeg_picture(kSide, kSide, Inks::kFour, 0)));
  COFFRE_TRY(put("png", kPng, png_picture(kSide, kSide, PngKind::kPlain)));
  COFFRE_TRY(put("png_interlaced", kPng, png_picture(kSide, kSide, PngKind::kInterlaced)));
  COFFRE_TRY(put("tiff", kTiff, tiff_pictures(kSide, kSide, 2, 5, 3)));
  COFFRE_TRY(put("tiff_fax", kTiff, tiff_fax(kSide * 8, kSide, 4)));
  COFFRE_TRY(put("webp", kWebp, webp_picture(kSide, kSide)));
  const viewer::Request request{
      .number = 7, .kind = viewer::RequestKind::kDraw, .quarter_turns = 1, .page = 2, .width = 600};
  const viewer::Reply reply{.number = 7, .status = viewer::ReplyStatus::kNoPage};
  const Bytes asked = viewer::encode(request);
  const Bytes answered = viewer::encode(reply);
  COFFRE_TRY(put("messages", kMessages, Writer().raw(asked).raw(answered).view()));
  return put("words", kWords, viewer::encode_words({{0.1F, 0.2F, 0.3F, 0.4F, "Bonjour"}}));
}

Status put_choices(Seeds& seeds) {
  COFFRE_TRY(seeds.put("chunked", "two_chunks", Writer().u32(20'000).u32(70).u8(1).u8(1).view()));
  COFFRE_TRY(seeds.put("chunked", "cut", Writer().u32(16'384).u32(16'400).u8(2).u8(1).view()));
  COFFRE_TRY(seeds.put("content", "same", Writer().u8(2).view()));
  COFFRE_TRY(seeds.put("content", "byte", Writer().u8(2).u8(1).u32(99).u8(1).u8(7).view()));
  COFFRE_TRY(seeds.put("content", "swap", Writer().u8(2).u8(0).u32(1).u8(3).view()));
  COFFRE_TRY(seeds.put("sqlite", "same", ByteView{}));
  COFFRE_TRY(seeds.put("sqlite", "page_type", Writer().u8(1).u32(16'384).u8(5).view()));
  return seeds.put("sqlite", "cut", Writer().u8(0).u32(40'000).view());
}

Status put_journal(Seeds& seeds, Random& random) {
  EntryHeader genesis;
  genesis.kind = EntryKind::kPolicy;
  COFFRE_TRY(seeds.put("entry", "genesis", genesis.encode()));
  EntryHeader entry;
  entry.sequence = 3;
  entry.policy_sequence = 0;
  entry.changes.push_back({4, filled<Id>(1), filled<Id>(2), Hash{}, filled<Hash>(3)});
  entry.state_root = filled<Hash>(4);
  COFFRE_TRY(seeds.put("entry", "change", entry.encode()));
  Head head;
  head.vault = filled<Hash>(1);
  head.frontier.append(filled<Hash>(2));
  const Bytes encoded = head.encode();
  COFFRE_TRY(seeds.put("head", "whole", encoded));
  COFFRE_TRY(
      seeds.put("head", "without_sum", ByteView(encoded).first(encoded.size() - Hash::kSize)));
  COFFRE_TRY_ASSIGN(const SigningKey key, SigningKey::generate(random));
  return seeds.put("note", "signed",
                   Checkpoint::sign(Hash{}, 42, filled<Hash>(5), filled<Hash>(6), key).encode());
}

GenesisOp genesis_op(const MemberKey& key) {
  GenesisOp op;
  op.practice = "Cabinet";
  op.user = filled<Id>(1);
  op.user_name = "Zoé";
  op.key = key;
  Byte next = 2;
  for (const Purpose purpose : {Purpose::kOrdinary, Purpose::kAdministrative, Purpose::kJournal}) {
    op.compartments.push_back({filled<Id>(next), purpose, "part " + std::to_string(next),
                               ExchangePublicKey(filled<ExchangePublicKey>(next))});
    ++next;
  }
  RoleOp role{filled<Id>(9), "médecin", vault_right::kAll, {}};
  for (const GenesisCompartment& compartment : op.compartments) {
    role.rights.push_back({compartment.id, right::kAll});
  }
  op.roles.push_back(role);
  op.user_roles.push_back(role.id);
  return op;
}

Status put_policy(Seeds& seeds, const MemberKey& key) {
  const Bytes genesis = encode_op(genesis_op(key));
  const Bytes role = encode_op(RoleOp{filled<Id>(10), "secrétaire", 0, {}});
  const Bytes setting = encode_op(SettingOp{Setting::kLockAfterSeconds, 60});
  COFFRE_TRY(seeds.put("policy", "genesis", genesis));
  COFFRE_TRY(seeds.put("policy", "user", encode_op(UserOp{filled<Id>(11), "Yann", key})));
  COFFRE_TRY(seeds.put("policy", "user_key", encode_op(UserKeyOp{filled<Id>(1), key, {}, {{}}})));
  COFFRE_TRY(seeds.put("policy", "epoch", encode_op(EpochOp{filled<Id>(2), 2, {}, {}})));
  COFFRE_TRY(seeds.put("policy", "grant", encode_op(GrantOp{})));
  const Bytes hold =
      encode_op(HoldOp{filled<Id>(12), HoldKind::kDocument, {filled<Id>(13), filled<Id>(14)}});
  const Bytes lifted = encode_op(HoldLiftedOp{filled<Id>(12)});
  const Bytes kept = encode_op(RetentionOp{filled<Id>(2), 20});
  COFFRE_TRY(seeds.put("policy", "hold", hold));
  COFFRE_TRY(seeds.put("policy", "kept",
                       Writer().sized(genesis).sized(hold).sized(lifted).sized(kept).view()));
  return seeds.put("policy", "three", Writer().sized(genesis).sized(role).sized(setting).view());
}

Status put_rows(Seeds& seeds, Random& random, const MemberSecrets& member) {
  COFFRE_TRY_ASSIGN(AeadKey key, AeadKey::create(Bytes(kAeadKeySize, Byte{7})));
  COFFRE_TRY_ASSIGN(const MadeEnvelope envelope,
                    make_envelope(Hash{}, filled<Id>(2), 1, {}, &key, member, random));
  COFFRE_TRY(seeds.put("envelope", "reader", envelope.body));
  COFFRE_TRY_ASSIGN(const Bytes adoption,
                    make_adoption(Hash{}, envelope.id, envelope.key.expose(), key, member, random));
  COFFRE_TRY(seeds.put("envelope", "adoption", adoption));
  RecordRow record;
  COFFRE_TRY_ASSIGN(const Bytes record_body,
                    seal_record(key, random, Hash{}, filled<Id>(3), record, as_bytes("payload")));
  COFFRE_TRY(seeds.put("rows", "record", record_body));
  VersionRow version;
  version.extents = 1;
  COFFRE_TRY_ASSIGN(const Bytes version_body,
                    seal_version(key, random, Hash{}, filled<Id>(3), version, Bytes(32, Byte{1})));
  COFFRE_TRY(seeds.put("rows", "version", version_body));
  PasswordCost cost;
  cost.memory_kib = kPasswordMemoryMinKib;
  Unlocker unlocker;
  COFFRE_TRY_ASSIGN(unlocker.password, Secret::copy_of(as_bytes("a password of a seed")));
  COFFRE_TRY_ASSIGN(unlocker.key_file, Secret::copy_of(Bytes(32, Byte{1})));
  COFFRE_TRY_ASSIGN(const Bytes slot, make_slot(Hash{}, filled<Id>(1), filled<Id>(2), member,
                                                unlocker, cost, random));
  return seeds.put("slot", "key_file", slot);
}

Status put_payloads(Seeds& seeds) {
  COFFRE_TRY_ASSIGN(const Secret patient,
                    encode_patient({filled<Id>(1), "Le Goff", "Yann", "1957-03-28"}));
  COFFRE_TRY(seeds.put("payload", "patient", patient.expose()));
  COFFRE_TRY_ASSIGN(const Secret padded_patient, padded(patient.expose()));
  COFFRE_TRY(seeds.put("payload", "padded", padded_patient.expose()));
  Document document;
  document.patient = filled<Id>(1);
  document.title = "Compte rendu";
  COFFRE_TRY_ASSIGN(const Secret encoded, encode_document(document));
  COFFRE_TRY(seeds.put("payload", "document", encoded.expose()));
  document.earlier.push_back({filled<Id>(3), "text/plain", 4, filled<Hash>(5), 6, filled<Id>(7)});
  document.changed_ms = 8;
  COFFRE_TRY_ASSIGN(const Secret versions, encode_document(document));
  COFFRE_TRY(seeds.put("payload", "versions", versions.expose()));
  Event event;
  event.reason = "appel";
  event.object = filled<Id>(2);
  COFFRE_TRY_ASSIGN(const Secret encoded_event, encode_event(event));
  return seeds.put("payload", "event", encoded_event.expose());
}

Status put_all(Seeds seeds) {
  SeededRandom random(1);
  COFFRE_TRY_ASSIGN(const MemberSecrets member, MemberSecrets::generate(random));
  COFFRE_TRY(put_texts(seeds));
  COFFRE_TRY(put_choices(seeds));
  COFFRE_TRY(put_journal(seeds, random));
  COFFRE_TRY(put_policy(seeds, member.public_key()));
  COFFRE_TRY(put_rows(seeds, random, member));
  COFFRE_TRY(put_viewer(seeds));
  COFFRE_TRY(put_ledger(seeds));
  return put_payloads(seeds);
}

}  // namespace
}  // namespace coffre

int main(int count, char** words) {
  if (count != 2) {
    std::fputs("usage: make_seeds DIRECTORY\n", stderr);
    return 2;
  }
  const coffre::Status done = coffre::put_all(coffre::Seeds(words[1]));
  if (!done) {
    std::fprintf(stderr, "make_seeds: %s %s\n", done.error().what, done.error().on.c_str());
    return 1;
  }
  return 0;
}
