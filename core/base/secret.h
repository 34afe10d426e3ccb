// A Secret owns sensitive bytes (keys, passwords, plaintext) while it lives.
//
// Guarantees: one block of own pages that is never resized, so no stale copy is left; wiped before
// it is freed; locked out of swap where the system allows it; left out of core dumps and of
// children; compared in constant time only. Small secrets share locked pages from one arena.
// Not covered: copies made through expose(), registers, hibernation images.
// Threads: const methods may run concurrently; all else needs outside locking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.h"

namespace coffre {

class [[nodiscard]] Secret {
 public:
  static constexpr std::size_t kSizeMax = std::size_t{64} << 20;

  Secret() = default;  // empty: size() is 0
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  bool operator==(const Secret&) const = delete;
  ~Secret();

  // Returns `size` zero bytes; kInvalidArgument unless 0 < size <= kSizeMax; kOutOfMemory.
  // A refused page lock is not an error: see is_locked().
  static Result<Secret> create(std::size_t size);
  // A Secret holding a copy of `bytes`; wiping the source is the caller's work.
  static Result<Secret> copy_of(ByteView bytes);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] bool is_locked() const { return locked_; }
  // The one way to the bytes: grep for expose to see every place that touches a secret.
  [[nodiscard]] ByteView expose() const { return {data_, size_}; }
  [[nodiscard]] MutableByteView expose() { return {data_, size_}; }
  // Wipes and frees now; the Secret is empty after it.
  void wipe();

 private:
  Secret(Byte* data, std::size_t size, bool locked)
      : data_(data), size_(static_cast<std::uint32_t>(size)), locked_(locked) {}
  Byte* data_ = nullptr;
  std::uint32_t size_ = 0;
  bool locked_ = false;
};

// Overwrites with zeros in a way that the compiler does not remove.
void wipe_bytes(MutableByteView bytes);

// Compares in time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b);

// std::allocator's interface over memory that is wiped before it is freed: for containers that hold
// decrypted text. Not locked, not excluded from dumps (the process has dumps switched off).
template <typename T>
struct WipingAllocator {
  using value_type = T;
  WipingAllocator() = default;
  template <typename U>
  explicit(false) WipingAllocator(const WipingAllocator<U>&) {}
  T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
  void deallocate(T* data, std::size_t count) {
    wipe_bytes({reinterpret_cast<Byte*>(data), count * sizeof(T)});
    std::allocator<T>{}.deallocate(data, count);
  }
  template <typename U>
  bool operator==(const WipingAllocator<U>&) const {
    return true;
  }
};
using WipedBytes = std::vector<Byte, WipingAllocator<Byte>>;
// Note: a std::string keeps up to 15 bytes inside itself, which no allocator sees; decrypted text
// that must not stay is kept in WipedBytes or a Secret.

// What a library keeps of a secret in memory of its own, such as a key's schedule: wipe_secrets()
// calls `wipe` with the object, from any thread and while others may use it, so it overwrites and
// frees nothing. To be the last member of what it speaks for: it begins last and ends first.
class WipedAtEnd {
 public:
  using Wipe = void (*)(void* object);
  WipedAtEnd(void* object, Wipe wipe);
  WipedAtEnd(const WipedAtEnd&) = delete;
  WipedAtEnd& operator=(const WipedAtEnd&) = delete;
  ~WipedAtEnd();

 private:
  friend class Arena;
  void* object_;
  Wipe wipe_;
  WipedAtEnd* earlier_ = nullptr;
  WipedAtEnd* later_ = nullptr;
};

// Overwrites all secrets of the whole process, whoever uses them, and what is WipedAtEnd: for the
// end of a process that cannot wait for its threads. Nothing may rely on a secret any more.
// Not covered: registers, stacks, and what WipingAllocator gave out.
void wipe_secrets();

}  // namespace coffre
