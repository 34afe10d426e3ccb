// The files of copies for other programs, kept in sight by the process that made them.
//
// A program may move the file away or give it a second name elsewhere. Whoever looks into the
// private directory sees that it is not there, and never where it is: a descriptor tells whether it
// has a name still. Guarantees: the descriptors (O_PATH) read and write nothing and are in nobody's
// way. Not covered: other processes, and a move to another file system, which is a copy and a
// removal. A file that was removed keeps its room until it is forgotten. Threads: any.
#pragma once

#include <optional>

#include "core/base/file.h"

namespace coffre {

// The oldest goes when there are more.
inline constexpr std::size_t kWatchedMax = 256;

void watch_copy(const Id& copy, File file);
// How the file is now: st_nlink is how many names it has, anywhere. nullopt: it is not watched.
[[nodiscard]] std::optional<struct stat> watched_copy(const Id& copy);
void forget_copy(const Id& copy);

}  // namespace coffre
