// Work on all cores.
#pragma once

#include <cstddef>
#include <functional>

#include "core/base/error.h"

namespace coffre {

// Threads worth starting: the cores this process may run on, at least 1, at most 64.
[[nodiscard]] std::size_t worker_count();

// Calls work(index) for 0 <= index < count on up to `threads` threads (this one included) and
// waits. After a failure no new index starts; the failure with the lowest index is returned.
[[nodiscard]] Status parallel_for(std::size_t count, std::size_t threads,
                                  const std::function<Status(std::size_t)>& work);

}  // namespace coffre
