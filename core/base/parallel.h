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

// Asks the system to back a large block, soon to be written from end to end by several threads,
// with large pages: fewer of the faults that a first touch costs. Says nothing and changes nothing
// else.
void prefer_large_pages(void* data, std::size_t size);

}  // namespace coffre
