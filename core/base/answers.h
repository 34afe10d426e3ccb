// Whether a file system answers: a network that is down, or a FUSE program that stands still, holds
// whoever asks it for as long as it likes, and nobody can take the call back.
//
// Guarantees: a file system of this machine is not asked; any other is asked in a thread of its
// own, which is left alone when no answer comes, and while it waits nobody asks there again: who
// wants to know waits with it, until its time is over.
// Not covered: one that stops between this answer and the caller's next call.
// Threads: any.
#pragma once

#include <chrono>
#include <string>

namespace coffre {

// `directory`: absolute, without links on the way. Waits at most so long. True when it answered,
// with an error too, or when nobody knows what is mounted there.
[[nodiscard]] bool answers(const std::string& directory, std::chrono::milliseconds wait);

}  // namespace coffre
