// How the seam calls the kernel. For os*.cpp only.
#pragma once

#include <cerrno>

namespace coffre {

// Calls until it is not interrupted; -errno on failure.
template <typename Call>
auto retried(Call call) -> decltype(call()) {
  while (true) {
    const auto result = call();
    if (result >= 0) return result;
    const int error = errno;
    if (error != EINTR) return -error;
  }
}

}  // namespace coffre
