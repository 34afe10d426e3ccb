#include "core/base/memory_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "core/base/secret.h"

// Newer than the headers that we build with.
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // NOLINT(readability-identifier-naming): the kernel's name
#endif

namespace coffre {
namespace {

constexpr std::size_t kFirstCapacity = std::size_t{1} << 20;

std::unexpected<Error> no_memory() {
  return fail(Code::kOutOfMemory, N_("there is no memory for the document"), {},
              N_("close other programs and try again"));
}

int make_descriptor(const char* name) {
  const int fd = ::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);
  if (fd >= 0 || errno != EINVAL) return fd;
  // A kernel before 6.3 has no word for "never to be executed".
  return ::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

Byte* map_whole(int fd, std::size_t size, int protection) {
  void* const mapped = ::mmap(nullptr, size, protection, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED) return nullptr;
  (void)::madvise(mapped, size, MADV_DONTDUMP);
  return static_cast<Byte*>(mapped);
}

// The size of what is behind a descriptor that was given to us; 0 when it is none to map.
std::size_t size_behind(int fd, std::uint64_t size_max) {
  struct stat found{};
  if (::fstat(fd, &found) != 0 || found.st_size <= 0) return 0;
  const auto size = static_cast<std::uint64_t>(found.st_size);
  return size <= size_max ? size : 0;
}

std::unexpected<Error> not_mapped() {
  return fail(Code::kFailed, N_("the memory of the document cannot be reached"));
}

}  // namespace

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      capacity_(std::exchange(other.capacity_, 0)),
      size_(std::exchange(other.size_, 0)),
      sealed_(std::exchange(other.sealed_, false)) {}

MemoryFile& MemoryFile::operator=(MemoryFile&& other) noexcept {
  if (this != &other) {
    wipe();
    fd_ = std::exchange(other.fd_, -1);
    data_ = std::exchange(other.data_, nullptr);
    capacity_ = std::exchange(other.capacity_, 0);
    size_ = std::exchange(other.size_, 0);
    sealed_ = std::exchange(other.sealed_, false);
  }
  return *this;
}

MemoryFile::~MemoryFile() { wipe(); }

// Our own mapping was made before the seal and is the one that may still write.
void MemoryFile::wipe() {
  if (data_ != nullptr) {
    wipe_bytes({data_, size_});
    ::munmap(data_, capacity_);
    data_ = nullptr;
  }
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
  capacity_ = 0;
  size_ = 0;
  sealed_ = false;
}

Result<MemoryFile> MemoryFile::create(const char* name) {
  MemoryFile made;
  made.fd_ = make_descriptor(name);
  if (made.fd_ < 0) return no_memory();
  return made;
}

Status MemoryFile::grow(std::size_t capacity) {
  if (::ftruncate(fd_, static_cast<off_t>(capacity)) != 0) return no_memory();
  if (data_ == nullptr) {
    data_ = map_whole(fd_, capacity, PROT_READ | PROT_WRITE);
    if (data_ == nullptr) return no_memory();
  } else {
    void* const moved = ::mremap(data_, capacity_, capacity, MREMAP_MAYMOVE);
    if (moved == MAP_FAILED) return no_memory();
    data_ = static_cast<Byte*>(moved);
  }
  capacity_ = capacity;
  return {};
}

Status MemoryFile::append(ByteView bytes) {
  COFFRE_ASSERT(fd_ >= 0 && !sealed_);
  if (bytes.size() > kSizeMax - size_) {
    return fail(Code::kLimit, N_("the document is too large to be shown"), {},
                N_("export it to look at it in another program"));
  }
  const std::size_t wanted = size_ + bytes.size();
  if (wanted > capacity_) {
    const std::size_t doubled = std::max(kFirstCapacity, capacity_ * 2);
    COFFRE_TRY(grow(std::max(wanted, std::min<std::size_t>(doubled, kSizeMax))));
  }
  if (!bytes.empty()) std::memcpy(data_ + size_, bytes.data(), bytes.size());
  size_ = wanted;
  return {};
}

Status MemoryFile::seal() {
  COFFRE_ASSERT(fd_ >= 0 && !sealed_);
  // F_SEAL_FUTURE_WRITE, not F_SEAL_WRITE: with the latter the owner could not wipe it.
  constexpr int kSeals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
  if (::ftruncate(fd_, static_cast<off_t>(size_)) != 0 || ::fcntl(fd_, F_ADD_SEALS, kSeals) != 0) {
    return fail(Code::kFailed, N_("the memory of a document cannot be sealed"));
  }
  sealed_ = true;
  return {};
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
  if (fd_ >= 0) ::close(fd_);
}

Result<SharedMemory> SharedMemory::create(const char* name, std::size_t size) {
  COFFRE_ASSERT(size > 0);
  SharedMemory made;
  made.fd_ = make_descriptor(name);
  if (made.fd_ < 0 || ::ftruncate(made.fd_, static_cast<off_t>(size)) != 0) return no_memory();
  if (::fcntl(made.fd_, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) != 0) {
    return fail(Code::kFailed, N_("the memory of a document cannot be sealed"));
  }
  made.data_ = map_whole(made.fd_, size, PROT_READ | PROT_WRITE);
  if (made.data_ == nullptr) return no_memory();
  made.size_ = size;
  return made;
}

void SharedMemory::wipe(std::size_t used) const {
  COFFRE_ASSERT(used <= size_);
  wipe_bytes({data_, used});
}

void SharedMemory::wipe_all() const {
  off_t end = 0;
  while (data_ != nullptr) {
    const off_t begin = ::lseek(fd_, end, SEEK_DATA);
    if (begin < 0) return;  // no more pages that were touched
    end = ::lseek(fd_, begin, SEEK_HOLE);
    if (end <= begin) return;
    wipe_bytes({data_ + begin, static_cast<std::size_t>(end - begin)});
  }
}

Result<ByteView> map_to_read(int fd, std::uint64_t size_max) {
  const std::size_t size = size_behind(fd, size_max);
  const Byte* const data = size == 0 ? nullptr : map_whole(fd, size, PROT_READ);
  if (data == nullptr) return not_mapped();
  return ByteView{data, size};
}

Result<MutableByteView> map_to_write(int fd, std::uint64_t size_max) {
  const std::size_t size = size_behind(fd, size_max);
  Byte* const data = size == 0 ? nullptr : map_whole(fd, size, PROT_READ | PROT_WRITE);
  if (data == nullptr) return not_mapped();
  return MutableByteView{data, size};
}

}  // namespace coffre
