#include "core/base/secret.h"

#include <bit>
#include <cstring>
#include <limits>
#include <mutex>
#include <pthread.h>
#include <sys/mman.h>
#include <utility>

namespace coffre {
namespace {

// The smallest page of the systems that we run on; a chunk's header takes one.
constexpr std::size_t kPageSize = 4096;
constexpr std::size_t kSmallMax = 2048;
constexpr std::size_t kSlotSizeMin = 32;
constexpr std::size_t kClasses = 7;  // slots of 32, 64, ... 2048 bytes
constexpr std::size_t kChunkSizeMin = std::size_t{64} << 10;

struct Pages {
  Byte* data = nullptr;
  bool locked = false;
};

Byte* map_pages(std::size_t size) {
  void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return mapped == MAP_FAILED ? nullptr : static_cast<Byte*>(mapped);
}

// Keeps the pages out of core dumps and, by wiping there, out of children; false when the system
// cannot. Locking them is tried: the limit on locked memory may be small.
bool protect_pages(Byte* data, std::size_t size, bool* locked) {
  if (::madvise(data, size, MADV_DONTDUMP) != 0) return false;
  if (::madvise(data, size, MADV_WIPEONFORK) != 0) return false;
  *locked = ::mlock(data, size) == 0;
  return true;
}

std::size_t whole_pages(std::size_t size) { return (size + kPageSize - 1) / kPageSize * kPageSize; }

}  // namespace

// Secrets of up to kSmallMax bytes, and the list of what else there is. A chunk is aligned to its
// own size, so that a slot's address gives its chunk; the first page of it keeps the books and
// holds nothing secret (nor is it wiped in a child, whose arena so stays whole), the rest are slots
// of one size.
class Arena {
 public:
  Arena();

  Pages take(std::size_t size) {
    const std::size_t kind = class_of(size);
    const std::lock_guard guard(mutex_);
    Chunk* chunk = open_[kind];
    if (chunk == nullptr) {
      chunk = map_chunk(kind);
      if (chunk == nullptr) return {};
      link(kind, chunk);
    }
    std::uint16_t slot = chunk->free_first;
    if (slot != kNone) {
      chunk->free_first = chunk->free_next[slot];
    } else {
      slot = chunk->fresh++;
    }
    if (++chunk->used == slots_of(kind)) unlink(kind, chunk);
    return {.data = slots(chunk) + slot * slot_size(kind), .locked = chunk->locked};
  }

  // `data` was wiped.
  void give_back(Byte* data, std::size_t size) {
    const std::size_t kind = class_of(size);
    // Chunks are aligned to their size: the address of one is in that of each of its slots.
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    auto* chunk = reinterpret_cast<Chunk*>(std::bit_cast<std::uintptr_t>(data) &
                                           ~(std::uintptr_t{chunk_size(kind)} - 1));
    const auto slot =
        static_cast<std::uint16_t>(static_cast<std::size_t>(data - slots(chunk)) / slot_size(kind));
    const std::lock_guard guard(mutex_);
    if (chunk->used == slots_of(kind)) link(kind, chunk);
    chunk->free_next[slot] = chunk->free_first;
    chunk->free_first = slot;
    // One empty chunk is kept for each size, so that a lone secret that comes and goes is cheap.
    if (--chunk->used == 0 && (chunk->previous != nullptr || chunk->next != nullptr)) {
      unlink(kind, chunk);
      if (chunk->later != nullptr) chunk->later->earlier = chunk->earlier;
      (chunk->earlier != nullptr ? chunk->earlier->later : first_) = chunk->later;
      ::munmap(chunk, chunk_size(kind));
    }
  }

  std::mutex& mutex() { return mutex_; }

  void enter(WipedAtEnd* entry) {
    const std::lock_guard guard(mutex_);
    entry->later_ = entries_;
    if (entries_ != nullptr) entries_->earlier_ = entry;
    entries_ = entry;
  }
  void leave(WipedAtEnd* entry) {
    const std::lock_guard guard(mutex_);
    if (entry->later_ != nullptr) entry->later_->earlier_ = entry->earlier_;
    (entry->earlier_ != nullptr ? entry->earlier_->later_ : entries_) = entry->later_;
  }

  void wipe() {
    const std::lock_guard guard(mutex_);
    for (WipedAtEnd* entry = entries_; entry != nullptr; entry = entry->later_) {
      entry->wipe_(entry->object_);
    }
    for (Chunk* chunk = first_; chunk != nullptr; chunk = chunk->later) {
      wipe_bytes({slots(chunk), chunk_size(chunk->kind) - kPageSize});
    }
  }

 private:
  static constexpr std::uint16_t kNone = std::numeric_limits<std::uint16_t>::max();
  static constexpr std::size_t kSlotsMax = (kChunkSizeMin - kPageSize) / kSlotSizeMin;
  struct Chunk {
    Chunk* previous;  // in the list of chunks with a free slot
    Chunk* next;
    Chunk* earlier;  // in the list of all
    Chunk* later;
    std::size_t kind;
    std::uint16_t used;
    std::uint16_t fresh;       // slots from here on were never given out
    std::uint16_t free_first;  // slots that came back
    bool locked;
    std::uint16_t free_next[kSlotsMax];
  };
  static_assert(sizeof(Chunk) <= kPageSize);

  static std::size_t class_of(std::size_t size) {
    const std::size_t rounded = std::bit_ceil(std::max(size, kSlotSizeMin));
    return static_cast<std::size_t>(std::countr_zero(rounded) - std::countr_zero(kSlotSizeMin));
  }
  static std::size_t slot_size(std::size_t kind) { return kSlotSizeMin << kind; }
  // At least some hundred slots a chunk: a process may have 65,530 mappings only.
  static std::size_t chunk_size(std::size_t kind) {
    return std::max(kChunkSizeMin, slot_size(kind) * 128);
  }
  static std::size_t slots_of(std::size_t kind) {
    return (chunk_size(kind) - kPageSize) / slot_size(kind);
  }
  static Byte* slots(Chunk* chunk) { return reinterpret_cast<Byte*>(chunk) + kPageSize; }

  Chunk* map_chunk(std::size_t kind) {
    const std::size_t size = chunk_size(kind);
    Byte* mapped = map_pages(size * 2);
    if (mapped == nullptr) return nullptr;
    const std::size_t before = (size - std::bit_cast<std::uintptr_t>(mapped) % size) % size;
    if (before != 0) ::munmap(mapped, before);
    Byte* start = mapped + before;
    ::munmap(start + size, size - before);
    auto* chunk = new (start) Chunk{};
    chunk->free_first = kNone;
    if (!protect_pages(slots(chunk), size - kPageSize, &chunk->locked)) {
      ::munmap(start, size);
      return nullptr;
    }
    chunk->kind = kind;
    chunk->later = first_;
    if (first_ != nullptr) first_->earlier = chunk;
    first_ = chunk;
    return chunk;
  }

  void link(std::size_t kind, Chunk* chunk) {
    chunk->previous = nullptr;
    chunk->next = open_[kind];
    if (chunk->next != nullptr) chunk->next->previous = chunk;
    open_[kind] = chunk;
  }
  void unlink(std::size_t kind, Chunk* chunk) {
    if (chunk->next != nullptr) chunk->next->previous = chunk->previous;
    (chunk->previous != nullptr ? chunk->previous->next : open_[kind]) = chunk->next;
    chunk->previous = nullptr;
    chunk->next = nullptr;
  }

  std::mutex mutex_;
  std::array<Chunk*, kClasses> open_{};
  Chunk* first_ = nullptr;
  WipedAtEnd* entries_ = nullptr;
};

namespace {

Arena& arena() {
  // Never destroyed: secrets may live in objects that go later.
  static auto* object = new Arena;
  return *object;
}

// The page before the bytes of a larger secret. Like a chunk's first it is not wiped in a child.
struct Large {
  explicit Large(std::size_t bytes) : size(bytes) {}
  Byte* data() { return reinterpret_cast<Byte*>(this) + kPageSize; }
  static void overwrite(void* object) {
    auto* self = static_cast<Large*>(object);
    wipe_bytes({self->data(), self->size});
  }

  std::size_t size;  // whole pages
  WipedAtEnd entry{this, overwrite};
};
static_assert(sizeof(Large) <= kPageSize);

Pages take_large(std::size_t size) {
  const std::size_t whole = whole_pages(size);
  Pages pages;
  Byte* mapped = map_pages(kPageSize + whole);
  if (mapped == nullptr) return pages;
  if (!protect_pages(mapped + kPageSize, whole, &pages.locked)) {
    ::munmap(mapped, kPageSize + whole);
    return pages;
  }
  pages.data = (new (mapped) Large(whole))->data();
  return pages;
}

// `data` was wiped.
void give_back_large(Byte* data) {
  auto* large = reinterpret_cast<Large*>(data - kPageSize);
  const std::size_t size = kPageSize + large->size;
  large->~Large();
  ::munmap(large, size);
}

}  // namespace

// Taken around fork, so that no child is born with the mutex held by a thread that it has not.
Arena::Arena() {
  ::pthread_atfork([] { arena().mutex().lock(); }, [] { arena().mutex().unlock(); },
                   [] { arena().mutex().unlock(); });
}

WipedAtEnd::WipedAtEnd(void* object, Wipe wipe) : object_(object), wipe_(wipe) {
  arena().enter(this);
}

WipedAtEnd::~WipedAtEnd() { arena().leave(this); }

void wipe_secrets() { arena().wipe(); }

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      locked_(std::exchange(other.locked_, false)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    locked_ = std::exchange(other.locked_, false);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

Result<Secret> Secret::create(std::size_t size) {
  if (size == 0 || size > kSizeMax) {
    return fail(Code::kInvalidArgument, N_("a secret has an impossible size"));
  }
  Pages pages;
  if (size <= kSmallMax) {
    pages = arena().take(size);
  } else {
    pages = take_large(size);
  }
  if (pages.data == nullptr) {
    return fail(Code::kOutOfMemory, N_("there is no memory for a secret"), {},
                N_("close other programs and try again"));
  }
  return Secret(pages.data, size, pages.locked);
}

Result<Secret> Secret::copy_of(ByteView bytes) {
  COFFRE_TRY_ASSIGN(Secret made, create(bytes.size()));
  std::memcpy(made.data_, bytes.data(), bytes.size());
  return made;
}

void Secret::wipe() {
  if (data_ == nullptr) return;
  wipe_bytes({data_, size_});
  if (size_ <= kSmallMax) {
    arena().give_back(data_, size_);
  } else {
    give_back_large(data_);
  }
  data_ = nullptr;
  size_ = 0;
  locked_ = false;
}

void wipe_bytes(MutableByteView bytes) {
  if (!bytes.empty()) ::explicit_bzero(bytes.data(), bytes.size());
}

bool equal_constant_time(ByteView a, ByteView b) {
  if (a.size() != b.size()) return false;
  // volatile: the compiler must not end the loop at the first difference.
  volatile Byte difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference = static_cast<Byte>(difference | (a[i] ^ b[i]));
  }
  return difference == 0;
}

}  // namespace coffre
