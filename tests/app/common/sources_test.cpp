#include "app/common/sources.h"

#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/os.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void put(const std::string& path, std::string_view text) {
  const auto file = File::open(path, O_WRONLY | O_CREAT | O_APPEND);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write_all(as_bytes(text)));
}

std::vector<std::string> paths_of(const std::vector<SourcePath>& sources) {
  std::vector<std::string> paths;
  for (const SourcePath& source : sources) {
    paths.push_back(source.path);
  }
  return paths;
}

// Why one path cannot go in; empty when it was read to the end.
std::string refusal(const std::string& path) {
  const auto found = find_sources({path});
  EXPECT_TRUE(found);
  EXPECT_EQ(found->size(), 1U);
  if (!found->front().status) {
    return found->front().status.error().what;
  }
  auto source = FileSource::open(path);
  if (!source) {
    return source.error().what;
  }
  Bytes content((*source)->size());
  if (const auto read = (*source)->read(content); !read) {
    return read.error().what;
  }
  const auto finished = (*source)->finish();
  return finished ? "" : finished.error().what;
}

TEST(Sources, FoldersAreReadDeeplyAndSortedByBytes) {
  const test::TempDir folder;
  ASSERT_EQ(mkdir((folder / "a").c_str(), 0700), 0);
  ASSERT_EQ(mkdir((folder / "a/deep").c_str(), 0700), 0);
  for (const char* name : {"b.pdf", "a-1", "a/deep/z", "a/é", "B"}) {
    put(folder / name, "content");
  }
  const auto found = find_sources({folder / "b.pdf", folder.path()});
  ASSERT_TRUE(found);
  EXPECT_THAT(paths_of(*found), ElementsAre(folder / "b.pdf", folder / "B", folder / "a-1",
                                            folder / "a/deep/z", folder / "a/é", folder / "b.pdf"));
}

TEST(Sources, ARegularFileGoesIn) {
  const test::TempDir folder;
  put(folder / "scan.pdf", "%PDF-1.7 rest");
  EXPECT_EQ(refusal(folder / "scan.pdf"), "");
  EXPECT_STREQ((*FileSource::open(folder / "scan.pdf"))->mime(), "application/pdf");
}

TEST(Sources, MissingFile) {
  const test::TempDir folder;
  const auto found = find_sources({folder / "none"});
  ASSERT_TRUE(found);
  ASSERT_FALSE(found->front().status);
  EXPECT_EQ(found->front().status.error().code, Code::kNotFound);
}

TEST(Sources, APathWithAZeroByteIsMissing) {
  const test::TempDir folder;
  put(folder / "x", "x");
  const auto found = find_sources({(folder / "x") + std::string("\0y", 2)});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->front().status);
}

TEST(Sources, UnreadableFileAndFolderAndTheOthersGoIn) {
  const test::TempDir folder;
  put(folder / "a", "content");
  put(folder / "b", "content");
  test::FaultyOs os;
  os.fail("openat", 1, EACCES);
  ASSERT_EQ(mkdir((folder / "c").c_str(), 0700), 0);
  put(folder / "d", "content");
  const test::ScopedOs scope(os);
  const auto found = find_sources({folder.path()});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 4U);
  EXPECT_TRUE((*found)[0].status);
  EXPECT_FALSE((*found)[2].status);  // the folder c
  EXPECT_TRUE((*found)[3].status);
  os.reset();
  os.fail("open", 1, EACCES);
  EXPECT_FALSE(FileSource::open(folder / "a"));
  EXPECT_TRUE(FileSource::open(folder / "b"));
}

TEST(Sources, SymbolicLinksAreNamedAndNotFollowed) {
  const test::TempDir folder;
  put(folder / "target", "content");
  ASSERT_EQ(symlink("target", (folder / "link").c_str()), 0);
  EXPECT_THAT(refusal(folder / "link"), HasSubstr("symbolic link"));
  const auto opened = FileSource::open(folder / "link");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr("symbolic link"));
  const auto found = find_sources({folder.path()});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_FALSE((*found)[0].status);
  EXPECT_TRUE((*found)[1].status);
}

TEST(Sources, ALoopOfLinkedFoldersEnds) {
  const test::TempDir folder;
  ASSERT_EQ(mkdir((folder / "a").c_str(), 0700), 0);
  ASSERT_EQ(symlink("..", (folder / "a/up").c_str()), 0);
  put(folder / "a/z", "content");
  const auto found = find_sources({folder.path()});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_FALSE((*found)[0].status);
  EXPECT_TRUE((*found)[1].status);
}

// A folder that a bind mount puts inside itself looks like this: the same device and inode again.
class LoopingOs final : public test::FaultyOs {
 public:
  explicit LoopingOs(std::string root) : root_(std::move(root)) {}
  int openat(int, const char*, int flags, mode_t mode) override {
    return FaultyOs::open(root_.c_str(), flags, mode);
  }

 private:
  std::string root_;
};

TEST(Sources, AFolderThatContainsItselfIsReadOnce) {
  const test::TempDir folder;
  ASSERT_EQ(mkdir((folder / "self").c_str(), 0700), 0);
  put(folder / "z", "content");
  LoopingOs os(folder.path());
  const test::ScopedOs scope(os);
  const auto found = find_sources({folder.path()});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  EXPECT_FALSE((*found)[0].status);
  EXPECT_THAT((*found)[0].status.error().what, HasSubstr("already read"));
  EXPECT_TRUE((*found)[1].status);
}

TEST(Sources, AFifoDoesNotBlock) {
  const test::TempDir folder;
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder / "fifo"), HasSubstr("not a regular file"));
  const auto opened = FileSource::open(folder / "fifo");  // swapped in after it was found
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().what, HasSubstr("not a regular file"));
}

TEST(Sources, ADeviceAndASocketAreRefused) {
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("not a regular file"));
  EXPECT_FALSE(FileSource::open("/dev/zero"));
  const test::TempDir folder;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = folder / "s";
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const File socket_file(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(bind(socket_file.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
            0);
  EXPECT_THAT(refusal(path), HasSubstr("not a regular file"));
  EXPECT_FALSE(FileSource::open(path));
}

TEST(Sources, AnEmptyFileIsRefused) {
  const test::TempDir folder;
  put(folder / "empty", "");
  EXPECT_EQ(refusal(folder / "empty"), "the file is empty");
}

TEST(Sources, AFileThatShrinksWhileItIsReadIsRefused) {
  const test::TempDir folder;
  put(folder / "f", "0123456789");
  auto source = FileSource::open(folder / "f");
  ASSERT_TRUE(source);
  ASSERT_EQ(truncate((folder / "f").c_str(), 4), 0);
  Bytes content(10);
  const auto read = (*source)->read(content);
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().what, HasSubstr("changed while it was read"));
}

TEST(Sources, AFileThatGrowsWhileItIsReadIsRefused) {
  const test::TempDir folder;
  put(folder / "f", "0123456789");
  auto source = FileSource::open(folder / "f");
  ASSERT_TRUE(source);
  put(folder / "f", "more");
  Bytes content(10);
  ASSERT_TRUE((*source)->read(content));
  EXPECT_FALSE((*source)->finish());
}

TEST(Sources, AFileThatIsOverwrittenWhileItIsReadIsRefused) {
  const test::TempDir folder;
  put(folder / "f", "0123456789");
  const timespec old[2] = {{1, 0}, {1, 0}};
  ASSERT_EQ(utimensat(AT_FDCWD, (folder / "f").c_str(), old, 0), 0);
  auto source = FileSource::open(folder / "f");
  ASSERT_TRUE(source);
  const auto file = File::open(folder / "f", O_WRONLY);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file->write_all(as_bytes("XX")));
  Bytes content(10);
  ASSERT_TRUE((*source)->read(content));
  EXPECT_FALSE((*source)->finish());
}

TEST(Sources, NamesWithLineBreaksAndInvalidUtf8AreFiles) {
  const test::TempDir folder;
  put(folder / "line\nbreak.pdf", "content");
  put(folder / "latin\xe9.pdf", "content");
  const auto found = find_sources({folder.path()});
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2U);
  for (const SourcePath& source : *found) {
    EXPECT_TRUE(source.status);
    EXPECT_TRUE(FileSource::open(source.path));
    const std::string title = title_of(source.path);
    EXPECT_EQ(title.find('\n'), std::string::npos);
    EXPECT_EQ(title.find('\xe9'), std::string::npos);
  }
}

TEST(Title, IsTheNameWithoutItsExtension) {
  EXPECT_EQ(title_of("/scans/Courrier du 3 mai.pdf"), "Courrier du 3 mai");
  EXPECT_EQ(title_of("archive.tar.gz"), "archive.tar");
  EXPECT_EQ(title_of(".hidden"), ".hidden");
  EXPECT_EQ(title_of("no extension"), "no extension");
  EXPECT_EQ(title_of(""), "document");
}

TEST(Title, IsCutBetweenCharacters) {
  std::string name;
  for (int i = 0; i < 120; ++i) {
    name += "é";
  }
  const std::string title = title_of("x" + name);
  EXPECT_LE(title.size(), 200U);
  EXPECT_TRUE(title.ends_with("é"));
}

}  // namespace
}  // namespace coffre
