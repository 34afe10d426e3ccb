#include "core/base/random.h"

#include <algorithm>
#include <cstring>
#include <mutex>
#include <pthread.h>

#include "core/base/os.h"

namespace coffre {
namespace {

constexpr std::size_t kBlockSize = 4096;

Status fill_from_kernel(MutableByteView out) {
  while (!out.empty()) {
    const ssize_t got = os().getrandom(out.data(), out.size());
    if (got <= 0 || static_cast<std::size_t>(got) > out.size()) {
      return fail(Code::kFailed, N_("the system gave no random bytes"));
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

// One block of which the first 8 bytes count the random bytes left at its end. The count lies in
// the secret memory because that is zero in a child after fork: the child finds an empty buffer.
class SystemRandom final : public Random {
 public:
  SystemRandom();

  Status fill(MutableByteView out) override {
    // A request of this size gains nothing from the buffer.
    if (out.size() >= kBlockSize / 2) return fill_from_kernel(out);
    const std::lock_guard guard(mutex_);
    if (block_.empty()) {
      COFFRE_TRY_ASSIGN(block_, Secret::create(kBlockSize));
    }
    while (!out.empty()) {
      if (left() == 0) COFFRE_TRY(refill());
      const std::size_t before = left();
      const std::size_t size = std::min(out.size(), before);
      const MutableByteView part = block_.expose().last(before).first(size);
      std::copy(part.begin(), part.end(), out.begin());
      wipe_bytes(part);
      set_left(before - size);
      out = out.subspan(size);
    }
    return {};
  }

  std::mutex& mutex() { return mutex_; }

 private:
  using Count = std::uint64_t;

  [[nodiscard]] std::size_t left() const {
    Count count = 0;
    std::memcpy(&count, block_.expose().data(), sizeof count);
    return count;
  }
  void set_left(Count count) { std::memcpy(block_.expose().data(), &count, sizeof count); }
  Status refill() {
    const MutableByteView fresh = block_.expose().subspan(sizeof(Count));
    COFFRE_TRY(fill_from_kernel(fresh));
    set_left(fresh.size());
    return {};
  }

  std::mutex mutex_;
  Secret block_;
};

SystemRandom& system_random_object() {
  // Never destroyed: other objects may need it while the process ends. The kernel clears its pages.
  static auto* random = new SystemRandom;
  return *random;
}

// Taken around fork, so that no child is born with the mutex held by a thread that it has not;
// before that of the secrets, which are made while this one is held: what registers last is taken
// first.
SystemRandom::SystemRandom() {
  static_cast<void>(Secret::create(1));
  ::pthread_atfork([] { system_random_object().mutex().lock(); },
                   [] { system_random_object().mutex().unlock(); },
                   [] { system_random_object().mutex().unlock(); });
}

}  // namespace

Result<Id> Random::id() {
  Id made;
  COFFRE_TRY(fill(made.bytes));
  return made;
}

Result<Secret> Random::secret(std::size_t size) {
  COFFRE_TRY_ASSIGN(Secret made, Secret::create(size));
  COFFRE_TRY(fill(made.expose()));
  return made;
}

Random& system_random() { return system_random_object(); }

// splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
Status SeededRandom::fill(MutableByteView out) {
  while (!out.empty()) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t word = state_;
    word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9U;
    word = (word ^ (word >> 27)) * 0x94d049bb133111ebU;
    word ^= word >> 31;
    const std::size_t size = std::min(out.size(), sizeof word);
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<Byte>((word >> (8 * i)) & 0xff);
    out = out.subspan(size);
  }
  return {};
}

}  // namespace coffre
