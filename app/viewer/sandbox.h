// The walls around the process that reads documents.
//
// Guarantees, once enter_sandbox() returned a value, for the rest of the process's life: no new
// privileges; no dump, no other process may look into it (from the same account); no new process,
// program or socket; no file can be opened but read-only, and of these only the system's fonts,
// their configuration and Poppler's tables of characters; at most kMemoryMax of address space,
// kCpuSeconds of processor time, nothing written to files; no page of memory becomes code.
// Without Landlock (a kernel before 5.13, or where it is switched off) nothing at all can be
// opened: text whose font the document does not bring along is then missing, and reported so.
// Not covered: exploits of the kernel through the calls that are left; covert channels by time.
// Threads: to be called while the process has one.
//
//   Landlock   what it adds here
//   0          not there: nothing may be opened
//   1 to 3     files by their place (2: linking, 3: cutting, which seccomp refuses by itself)
//   4          TCP, which seccomp refuses by itself
//   5          ioctl of devices
//   6, 7       signals and abstract sockets of other processes
#pragma once

#include <cstdint>

#include "core/base/error.h"

namespace coffre::viewer {

inline constexpr int kLandlockNewest = 7;
inline constexpr std::uint64_t kMemoryMax = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kCpuSeconds = 300;

// Uses at most the Landlock of version `landlock_max`: a lower one than the kernel's is for tests
// of older kernels. `before_the_last_door` runs when only opening files read-only is still
// possible, and matters where that ends with it (no Landlock). Returns the version of Landlock in
// use. kUnsupported: a wall could not be put up; the process must not go on.
[[nodiscard]] Result<int> enter_sandbox(int landlock_max, void (*before_the_last_door)());

}  // namespace coffre::viewer
