// Slots: the right password opens, everything else is one refusal, and a changed slot is damage.
#include "core/vault/slot.h"

#include "core/base/file.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

constexpr PasswordCost kCost{kPasswordMemoryMinKib, kPasswordPassesMin, 2};

class SlotTest : public ::testing::Test {
 protected:
  SlotTest() : vault_(must(practice_.open(practice_.path()))) {}
  [[nodiscard]] const Policy& policy() const { return vault_->policy(); }
  [[nodiscard]] Bytes made(const Unlocker& unlocker) {
    return must(make_slot(policy().vault(), user_, id_, secrets_, unlocker, kCost, random_));
  }
  [[nodiscard]] User account() const {
    User user;
    user.id = user_;
    user.key = secrets_.public_key();
    user.key_id = user.key.id();
    return user;
  }

  Practice practice_;
  std::unique_ptr<Vault> vault_;
  SeededRandom random_{7};
  Id user_ = must(random_.id());
  Id id_ = must(random_.id());
  MemberSecrets secrets_ = must(MemberSecrets::generate(random_));
  Unlocker right_ = must(make_unlocker(secret_of(kOwnerPassword), {}));
};

TEST_F(SlotTest, OpensWithItsPasswordOnly) {
  const Slot slot = must(Slot::parse(made(right_)));
  EXPECT_TRUE(ok(slot.verify(policy(), account(), id_.view())));
  EXPECT_EQ(must(slot.open(right_)).public_key(), secrets_.public_key());
  const Unlocker wrong = must(make_unlocker(secret_of(kStaffPassword), {}));
  const auto refusal = slot.open(wrong);
  ASSERT_TRUE(refused(refusal, Code::kCredentials));
  const Error unknown = refuse_in_same_time(wrong, kCost, random_);
  EXPECT_EQ(unknown.code, refusal.error().code);
  EXPECT_STREQ(unknown.what, refusal.error().what);
  EXPECT_STREQ(unknown.hint, refusal.error().hint);
  EXPECT_EQ(unknown.on, refusal.error().on);
}

TEST_F(SlotTest, ComposedAndDecomposedAccentsAreOnePassword) {
  const Slot slot =
      must(Slot::parse(made(must(make_unlocker(secret_of("Caf\xC3\xA9 au lait 12!"), {})))));
  EXPECT_TRUE(ok(slot.open(must(make_unlocker(secret_of("Cafe\xCC\x81 au lait 12!"), {})))));
}

TEST_F(SlotTest, WantsItsKeyFile) {
  const std::string path = practice_.file("key");
  const std::string other = practice_.file("other");
  must(write_durable(path, as_bytes("one")));
  must(write_durable(other, as_bytes("two")));
  const Slot slot = must(Slot::parse(made(must(make_unlocker(secret_of(kOwnerPassword), path)))));
  EXPECT_TRUE(slot.wants_key_file);
  EXPECT_TRUE(ok(slot.open(must(make_unlocker(secret_of(kOwnerPassword), path)))));
  EXPECT_TRUE(refused(slot.open(must(make_unlocker(secret_of(kOwnerPassword), other))),
                      Code::kCredentials));
  EXPECT_TRUE(refused(slot.open(right_), Code::kCredentials));
}

TEST_F(SlotTest, AKeyFileThatIsMissingOrEmptyIsSaid) {
  EXPECT_TRUE(
      refused(make_unlocker(secret_of(kOwnerPassword), practice_.file("none")), Code::kNotFound));
  must(write_durable(practice_.file("empty"), {}));
  EXPECT_TRUE(refused(make_unlocker(secret_of(kOwnerPassword), practice_.file("empty")),
                      Code::kInvalidArgument));
}

TEST_F(SlotTest, AnyChangedByteIsDamageBeforeThePasswordIsStretched) {
  const Bytes body = made(right_);
  for (std::size_t at = 0; at < body.size(); at += 3) {
    Bytes changed = body;
    changed[at] = static_cast<Byte>(changed[at] ^ 0x10U);
    const auto slot = Slot::parse(changed);
    EXPECT_TRUE(!slot || refused(slot->verify(policy(), account(), id_.view()), Code::kDamaged))
        << at;
  }
  for (std::size_t size = 0; size < body.size(); size += 7) {
    EXPECT_FALSE(Slot::parse(ByteView(body).first(size)).has_value()) << size;
  }
}

TEST_F(SlotTest, ACostThatIsNotTheVaultsIsRefused) {
  const PasswordCost other{kCost.memory_kib, kCost.passes + 1, kCost.lanes};
  const Slot slot = must(
      Slot::parse(must(make_slot(policy().vault(), user_, id_, secrets_, right_, other, random_))));
  EXPECT_TRUE(refused(slot.verify(policy(), account(), id_.view()), Code::kDamaged));
}

TEST_F(SlotTest, ASlotOfAnotherPersonOrRowOrKeyIsRefused) {
  const Slot slot = must(Slot::parse(made(right_)));
  User other = account();
  other.id = must(random_.id());
  EXPECT_TRUE(refused(slot.verify(policy(), other, id_.view()), Code::kDamaged));
  EXPECT_TRUE(refused(slot.verify(policy(), account(), user_.view()), Code::kDamaged));
  other = account();
  other.key_id = Hash{};
  EXPECT_TRUE(refused(slot.verify(policy(), other, id_.view()), Code::kDamaged));
}

TEST(PasswordFloor, NamesTheStrengthInBits) {
  const Status weak = check_password_floor(secret_of("motdepasse"));
  ASSERT_TRUE(refused(weak, Code::kFailed));
  EXPECT_EQ(weak.error().on, "47.0 < 79.5");  // 10 x log2(26)
  EXPECT_TRUE(refused(check_password_floor(secret_of("abcdefghijklmnop")), Code::kFailed));
  EXPECT_TRUE(ok(check_password_floor(secret_of("abcdefghijklmnopq"))));  // 17 x log2(26)
}

}  // namespace
}  // namespace coffre::test
