// UnlockThrottle: after failures an unlock has to wait, longer after each.
//
// Guarantees: from the third failure on 2, 4, 8 ... at most 60 seconds, counted on the steady
// clock. It makes guessing at this screen slow; who has the file guesses elsewhere, and only the
// password's strength counts there. Threads: one.
#pragma once

#include <algorithm>
#include <cstdint>

namespace coffre::ui {

class UnlockThrottle {
 public:
  static constexpr std::int64_t kWaitMsMax = 60'000;
  static constexpr unsigned kFreeFailures = 2;

  void failed(std::int64_t now_ms) {
    ++failures_;
    if (failures_ > kFreeFailures) {
      const unsigned doublings = std::min(failures_ - kFreeFailures, 6U);
      until_ms_ = now_ms + std::min(kWaitMsMax, std::int64_t{1000} << doublings);
    }
  }
  void succeeded() { *this = UnlockThrottle(); }
  [[nodiscard]] std::int64_t wait_ms(std::int64_t now_ms) const {
    return std::max<std::int64_t>(0, until_ms_ - now_ms);
  }

 private:
  unsigned failures_ = 0;
  std::int64_t until_ms_ = 0;
};

}  // namespace coffre::ui
