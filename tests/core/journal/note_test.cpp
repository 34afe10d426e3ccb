#include "core/journal/note.h"

#include <limits>

#include <gtest/gtest.h>

#include "tests/core/journal/sample.h"

namespace coffre {
namespace {

using test::sample_hash;

const std::string kDash = "\xE2\x80\x94 ";

class NoteTest : public testing::Test {
 protected:
  static SigningKey key_of(Byte number) {
    auto key = SigningKey::from_seed(Bytes(32, number));
    EXPECT_TRUE(key);
    return *std::move(key);
  }

  // A right note with one piece of its text put in place of another.
  [[nodiscard]] std::string replaced(std::string_view from, std::string_view to) const {
    std::string text = note_.encode();
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  static void expect_refused(const std::string& text) {
    const auto parsed = Checkpoint::parse(as_bytes(text));
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Code::kDamaged);
  }

  const SigningKey key_ = key_of(1);
  const Hash vault_ = sample_hash(1);
  const Hash key_id_ = sample_hash(2);
  const Checkpoint note_ = Checkpoint::sign(vault_, 120, sample_hash(3), key_id_, key_);
  const std::string root_ = to_base64(sample_hash(3).view());
};

TEST_F(NoteTest, TextIsThatOfTheFormat) {
  const std::string origin = "coffre.vault/" + to_hex(vault_.view()).substr(0, 32);
  const std::string signer = "coffre.vault/" + to_hex(key_id_.view()).substr(0, 16);
  const std::string body = origin + "\n120\n" + root_ + "\n";
  const std::string named = signer + "\n\x01";
  const Hash key_hash = sha256({as_bytes(named), key_.public_key().view()});
  Writer signed_by;
  signed_by.raw(key_hash.view().first(4)).fixed(key_.sign(as_bytes(body)));
  EXPECT_EQ(note_.body(), body);
  EXPECT_EQ(note_.encode(),
            body + "\n" + kDash + signer + " " + to_base64(signed_by.view()) + "\n");
}

TEST_F(NoteTest, ParsesWhatItWrites) {
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{10}, std::uint64_t{1'000'000},
        std::numeric_limits<std::uint64_t>::max()}) {
    const std::string text = Checkpoint::sign(vault_, size, sample_hash(4), key_id_, key_).encode();
    const auto parsed = Checkpoint::parse(as_bytes(text));
    ASSERT_TRUE(parsed) << size;
    EXPECT_EQ(parsed->size, size);
    EXPECT_EQ(parsed->root, sample_hash(4));
    EXPECT_EQ(parsed->origin, Checkpoint::origin_of(vault_));
    EXPECT_EQ(parsed->signer, Checkpoint::signer_of(key_id_));
    EXPECT_EQ(parsed->encode(), text);
    EXPECT_TRUE(parsed->verify(vault_, key_id_, key_.public_key()));
  }
}

TEST_F(NoteTest, NumberThatIsNotCanonicalIsRefused) {
  for (const char* number : {"", "0120", "00", "+120", "-120", " 120", "120 ", "12a", "0x78", "1e2",
                             "18446744073709551616", "99999999999999999999999999", "120\r"}) {
    expect_refused(replaced("\n120\n", "\n" + std::string(number) + "\n"));
  }
}

TEST_F(NoteTest, OtherOriginOrSignerIsRefused) {
  const std::string hex = to_hex(vault_.view()).substr(0, 32);
  for (const std::string& origin :
       {std::string(), hex, "coffre.vault/" + hex.substr(1), "coffre.vault/" + hex + "0",
        "coffre.vaults/" + hex, "coffre.vault/" + std::string(32, 'A'),
        "coffre.vault/" + std::string(32, 'g'), " coffre.vault/" + hex}) {
    expect_refused(replaced(note_.origin + "\n", origin + "\n"));
  }
  for (const std::string& signer :
       {std::string(), std::string("coffre.vault/"), "coffre.vault/" + std::string(15, '0'),
        "coffre.vault/" + std::string(17, '0'), "coffre.vault/" + std::string(16, 'F'),
        note_.signer + " "}) {
    expect_refused(replaced(kDash + note_.signer, kDash + signer));
  }
}

TEST_F(NoteTest, RootOrSignatureOfAnotherLengthOrAlphabetIsRefused) {
  for (const std::string& root :
       {std::string(), to_base64(Bytes(31)), to_base64(Bytes(33)), root_.substr(0, 43), root_ + "=",
        std::string(43, '_') + "=", root_ + " "}) {
    expect_refused(replaced(root_, root));
  }
  // The last character before the padding has bits that no byte uses.
  expect_refused(replaced(root_, std::string(42, 'A') + "B="));
  Writer signed_by;
  signed_by.raw(ByteView(note_.key_hash)).fixed(note_.signature);
  const std::string right = to_base64(signed_by.view());
  for (const std::size_t size : {0U, 4U, 64U, 67U, 69U, 136U}) {
    expect_refused(replaced(right, to_base64(Bytes(size))));
  }
}

TEST_F(NoteTest, OtherLinesAreRefused) {
  const std::string text = note_.encode();
  const std::string line = text.substr(text.find(kDash));
  expect_refused(text + line);  // a second signature
  expect_refused(text + "\n");  // an empty line more
  expect_refused(text.substr(0, text.size() - 1));
  expect_refused("\n" + text);
  expect_refused(replaced("\n\n", "\n"));
  expect_refused(replaced("\n\n", "\n\n\n"));
  expect_refused(replaced("\n\n", "\nextension\n\n"));
  expect_refused(replaced("\n", "\r\n"));
  expect_refused(replaced(kDash, "- "));
  expect_refused(replaced(kDash, "\xE2\x80\x94"));
  expect_refused(replaced(line, ""));
  expect_refused(text + std::string(100'000, 'a'));
  expect_refused(text + std::string(1, '\0'));
  expect_refused("");
}

TEST_F(NoteTest, EveryTruncationIsRefused) {
  const std::string text = note_.encode();
  for (std::size_t size = 0; size < text.size(); ++size) expect_refused(text.substr(0, size));
}

TEST_F(NoteTest, EveryFlippedBitIsRefused) {
  const std::string right = note_.encode();
  for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
    std::string text = right;
    text[bit / 8] = static_cast<char>(static_cast<unsigned char>(text[bit / 8]) ^ (1U << bit % 8));
    const auto parsed = Checkpoint::parse(as_bytes(text));
    if (!parsed) continue;
    EXPECT_EQ(parsed->encode(), text) << bit;
    const Status status = parsed->verify(vault_, key_id_, key_.public_key());
    ASSERT_FALSE(status) << bit;
    EXPECT_EQ(status.error().code, Code::kDamaged);
  }
}

TEST_F(NoteTest, NoteOfAnotherVaultOrKeyIsRefused) {
  const SigningKey other = key_of(2);
  EXPECT_TRUE(note_.verify(vault_, key_id_, key_.public_key()));
  for (const Status& status : {note_.verify(sample_hash(9), key_id_, key_.public_key()),
                               note_.verify(vault_, sample_hash(9), key_.public_key()),
                               note_.verify(vault_, key_id_, other.public_key())}) {
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, Code::kDamaged);
  }
}

TEST_F(NoteTest, SignatureOfAnotherSizeRootOrKeyIsRefused) {
  Checkpoint changed = note_;
  changed.size = 121;
  EXPECT_FALSE(changed.verify(vault_, key_id_, key_.public_key()));
  changed = note_;
  changed.root = sample_hash(9);
  EXPECT_FALSE(changed.verify(vault_, key_id_, key_.public_key()));
  changed = Checkpoint::sign(vault_, 120, sample_hash(3), key_id_, key_of(2));
  changed.key_hash = note_.key_hash;
  EXPECT_FALSE(changed.verify(vault_, key_id_, key_.public_key()));
}

}  // namespace
}  // namespace coffre
