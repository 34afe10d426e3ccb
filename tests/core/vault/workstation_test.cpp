// What a workstation keeps for itself: one key, and a count of failed unlocks for each vault.
#include "core/vault/workstation.h"

#include "core/base/file.h"
#include "tests/core/vault/expect.h"
#include "tests/core/vault/practice.h"

namespace coffre::test {
namespace {

TEST(WorkstationKey, IsMadeOnceAndStays) {
  const TempDir dir;
  const std::string state = dir / "state";
  const SigningKey first = must(load_workstation_key(state, system_random()));
  const SigningKey again = must(load_workstation_key(state, system_random()));
  EXPECT_EQ(first.public_key(), again.public_key());
  const SigningKey other = must(load_workstation_key(dir / "other", system_random()));
  EXPECT_NE(first.public_key(), other.public_key());
}

TEST(WorkstationKey, OfAnotherSizeIsDamage) {
  const TempDir dir;
  for (const std::size_t size : {std::size_t{0}, std::size_t{31}, std::size_t{33}}) {
    must(write_durable(dir / "workstation", sample_bytes(size)));
    const auto loaded = load_workstation_key(dir.path(), system_random());
    EXPECT_FALSE(loaded.has_value()) << size;
  }
}

TEST(FailedUnlocks, AreCountedForEachVaultAndCleared) {
  const TempDir dir;
  const Hash vault = must(Hash::from(sample_bytes(32, 1)));
  const Hash other = must(Hash::from(sample_bytes(32, 2)));
  EXPECT_EQ(must(failed_unlocks(dir.path(), vault)), 0U);
  must(clear_failed_unlocks(dir.path(), vault));
  must(count_failed_unlock(dir.path(), vault));
  must(count_failed_unlock(dir.path(), vault));
  must(count_failed_unlock(dir.path(), other));
  EXPECT_EQ(must(failed_unlocks(dir.path(), vault)), 2U);
  EXPECT_EQ(must(failed_unlocks(dir.path(), other)), 1U);
  must(clear_failed_unlocks(dir.path(), vault));
  EXPECT_EQ(must(failed_unlocks(dir.path(), vault)), 0U);
  EXPECT_EQ(must(failed_unlocks(dir.path(), other)), 1U);
}

}  // namespace
}  // namespace coffre::test
