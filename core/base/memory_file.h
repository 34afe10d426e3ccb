// Memory with a descriptor, to be given to a process that is not trusted: a MemoryFile holds a
// document in the clear that the other side may read, SharedMemory holds what it answers.
//
// Guarantees: nothing is on a disk; descriptors are closed on exec; left out of core dumps. A
// sealed MemoryFile can be changed by nobody but its owner, who overwrites it before it goes.
// SharedMemory keeps its size whatever the other side does, so that reading it cannot fault.
// Not covered: swap (locking a document would take the locked memory that keys need); what another
// process copied. The content of SharedMemory may change at any time while the other side lives:
// copy before you look. Threads: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/base/bytes.h"

namespace coffre {

class [[nodiscard]] MemoryFile {
 public:
  static constexpr std::uint64_t kSizeMax = std::uint64_t{512} << 20;

  MemoryFile() = default;  // empty: fd() is -1
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) noexcept;
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  // `name` is seen in the process's list of descriptors: nothing about the content. kOutOfMemory.
  [[nodiscard]] static Result<MemoryFile> create(const char* name);
  // kLimit when it would grow beyond kSizeMax; kOutOfMemory. Never after seal().
  [[nodiscard]] Status append(ByteView bytes);
  // From now on the descriptor cannot be written, resized or mapped for writing.
  [[nodiscard]] Status seal();
  [[nodiscard]] bool is_sealed() const { return sealed_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] ByteView view() const { return {data_, size_}; }

 private:
  [[nodiscard]] Status grow(std::size_t capacity);
  void wipe();

  int fd_ = -1;
  Byte* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  bool sealed_ = false;
};

class [[nodiscard]] SharedMemory {
 public:
  SharedMemory() = default;
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  ~SharedMemory();  // frees it; wiping what was used is the owner's work: see wipe()

  // `size` zero bytes; pages take memory once they are touched. kOutOfMemory.
  [[nodiscard]] static Result<SharedMemory> create(const char* name, std::size_t size);
  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] MutableByteView bytes() const { return {data_, size_}; }
  // Overwrites the first `used` bytes.
  void wipe(std::size_t used) const;
  // Overwrites whatever was ever touched, by either side: when it is not known what holds
  // something.
  void wipe_all() const;

 private:
  int fd_ = -1;
  Byte* data_ = nullptr;
  std::size_t size_ = 0;
};

// For the process that was given a descriptor: its content, mapped. The view stays until the
// process ends. kFailed when it is empty, larger than `size_max`, or cannot be mapped.
[[nodiscard]] Result<ByteView> map_to_read(int fd, std::uint64_t size_max);
[[nodiscard]] Result<MutableByteView> map_to_write(int fd, std::uint64_t size_max);

}  // namespace coffre
