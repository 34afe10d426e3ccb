// Whatever decode_op accepts is exactly what encode_op writes; a policy that refuses an entry stays
// as it was. The input is a list of sized bodies, applied one after the other by one of their keys.
#include "core/vault/policy.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

constexpr std::size_t kOpsMax = 16;

struct Shape {
  std::size_t users;
  std::size_t roles;
  std::size_t compartments;
  std::size_t workstations;
  std::size_t holds;
  std::string practice;
  bool operator==(const Shape&) const = default;
};

Shape shape_of(const Policy& policy) {
  return {policy.users().size(),        policy.roles().size(), policy.compartments().size(),
          policy.workstations().size(), policy.holds().size(), policy.practice()};
}

void apply(Policy& policy, Hash& actor, const PolicyOp& op) {
  const Hash vault{};
  if (const auto* genesis = std::get_if<GenesisOp>(&op)) {
    actor = genesis->key.id();
  }
  const Shape before = shape_of(policy);
  if (!policy.apply(vault, actor, op)) {
    COFFRE_ASSERT(shape_of(policy) == before);
  }
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  const ByteView input(data, size);
  if (const auto op = decode_op(input)) {
    expect_same(encode_op(*op), input);
  }
  Policy policy;
  Hash actor;
  Reader in(input);
  for (std::size_t index = 0; index < kOpsMax; ++index) {
    const auto body = in.sized(kPolicyBodyMax);
    if (!body) {
      break;
    }
    if (const auto op = decode_op(*body)) {
      expect_same(encode_op(*op), *body);
      apply(policy, actor, *op);
    }
  }
  return 0;
}
