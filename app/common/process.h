// How both programs begin, and end when nothing else is left. To begin: before anything secret is
// in memory and before any other thread.
//
// Guarantees after true: descriptors 0 to 2 are open, the process cannot be dumped or traced by the
// same user, files that it makes are for their owner alone, freed memory stays with the process.
// Threads: none may run yet.
#pragma once

namespace coffre {

// False: the system refused; the program must end.
[[nodiscard]] bool start_process();

// No thread of this process writes to a file of a disk any more, in calls that begin from now on
// (EFBIG); pipes and terminals take text all the same.
void forbid_file_writes();

// For VaultEnvironment::stuck_lock: overwrites the keys, and ends the process at once. What is on
// disk is as after a crash: safe, for nothing is written there any more; a thread that goes on in
// that moment would seal and sign with what was a key. A standard error that is a file gets no
// words. The exit status is that of a lock, 8. Not covered: what the
// hanging call gave to the system, and decrypted text in ordinary memory (titles, names); both go
// when the call comes back.
[[noreturn]] void end_stuck_process();

}  // namespace coffre
