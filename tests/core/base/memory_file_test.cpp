#include "core/base/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace coffre {
namespace {

MemoryFile sealed(ByteView bytes) {
  MemoryFile file = MemoryFile::create("test").value();
  EXPECT_TRUE(file.append(bytes));
  EXPECT_TRUE(file.seal());
  return file;
}

TEST(MemoryFile, HoldsWhatWasAppended) {
  MemoryFile file = MemoryFile::create("test").value();
  Bytes wanted;
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{3'000'000}}) {
    const Bytes part(size, static_cast<Byte>('a' + size % 7));
    ASSERT_TRUE(file.append(part));
    wanted.insert(wanted.end(), part.begin(), part.end());
  }
  ASSERT_TRUE(file.seal());
  EXPECT_EQ(file.size(), wanted.size());
  EXPECT_TRUE(std::ranges::equal(file.view(), wanted));
  const auto other = map_to_read(file.fd(), MemoryFile::kSizeMax);
  ASSERT_TRUE(other);
  EXPECT_TRUE(std::ranges::equal(*other, wanted)) << "not a byte more, whatever was reserved";
}

TEST(MemoryFile, WhoGetsTheDescriptorCannotChangeIt) {
  const MemoryFile file = sealed(as_bytes("content"));
  EXPECT_EQ(::write(file.fd(), "x", 1), -1);
  EXPECT_EQ(::pwrite(file.fd(), "x", 1, 0), -1);
  EXPECT_EQ(::ftruncate(file.fd(), 0), -1);
  EXPECT_EQ(::ftruncate(file.fd(), 100), -1);
  EXPECT_EQ(::mmap(nullptr, 7, PROT_WRITE, MAP_SHARED, file.fd(), 0), MAP_FAILED);
  EXPECT_EQ(::fcntl(file.fd(), F_ADD_SEALS, F_SEAL_WRITE), -1);
  EXPECT_FALSE(map_to_write(file.fd(), MemoryFile::kSizeMax));
}

TEST(MemoryFile, IsOverwrittenBeforeItGoes) {
  MemoryFile file = sealed(as_bytes("content"));
  const auto other = map_to_read(file.fd(), MemoryFile::kSizeMax);
  ASSERT_TRUE(other);
  ASSERT_EQ(as_text(*other), "content") << "the control";
  file = MemoryFile();
  EXPECT_EQ(file.fd(), -1);
  EXPECT_EQ(as_text(*other), std::string_view("\0\0\0\0\0\0\0", 7));
}

TEST(MemoryFile, IsClosedOnExec) {
  const MemoryFile file = sealed(as_bytes("content"));
  EXPECT_EQ(::fcntl(file.fd(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
}

TEST(MemoryFile, MovesWithItsContent) {
  MemoryFile first = sealed(as_bytes("content"));
  const MemoryFile second = std::move(first);
  EXPECT_EQ(as_text(second.view()), "content");
  EXPECT_TRUE(second.is_sealed());
}

TEST(MemoryFile, HasALimit) {
  MemoryFile file = MemoryFile::create("test").value();
  ASSERT_TRUE(file.append(as_bytes("x")));
  // No such memory is touched: the length alone is too much.
  const Byte byte = 0;
  const ByteView huge(&byte, MemoryFile::kSizeMax);
  const auto refused = file.append(huge);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kLimit);
}

TEST(SharedMemory, KeepsItsSizeWhateverTheOtherSideDoes) {
  const SharedMemory memory = SharedMemory::create("test", 100'000).value();
  EXPECT_EQ(::ftruncate(memory.fd(), 10), -1);
  EXPECT_EQ(::ftruncate(memory.fd(), 1'000'000), -1);
  EXPECT_EQ(memory.bytes().size(), 100'000U);
}

TEST(SharedMemory, IsSeenByBothSidesAndOverwritten) {
  const SharedMemory memory = SharedMemory::create("test", 100'000).value();
  const auto other = map_to_write(memory.fd(), 100'000);
  ASSERT_TRUE(other);
  (*other)[5] = 1;
  (*other)[90'000] = 2;
  EXPECT_EQ(memory.bytes()[5], 1);
  memory.wipe(10);
  EXPECT_EQ((*other)[5], 0);
  EXPECT_EQ((*other)[90'000], 2);
  memory.wipe_all();
  EXPECT_EQ((*other)[90'000], 0);
}

TEST(MapTo, RefusesWhatIsNothingOrTooLarge) {
  const SharedMemory memory = SharedMemory::create("test", 100'000).value();
  EXPECT_FALSE(map_to_read(memory.fd(), 99'999));
  EXPECT_FALSE(map_to_read(-1, 100));
  const MemoryFile empty = sealed({});
  EXPECT_FALSE(map_to_read(empty.fd(), 100));
}

}  // namespace
}  // namespace coffre
