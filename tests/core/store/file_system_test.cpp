// Network file systems and read-only media are refused, each with its reason.
#include "core/store/file_system.h"

#include <fcntl.h>
#include <sys/sysmacros.h>

#include "core/base/os.h"
#include "store_fixture.h"

namespace coffre {
namespace {

class FakeOs final : public Os {
 public:
  int fstatfs(int fd, struct statfs* out) override {
    const int result = Os::fstatfs(fd, out);
    if (type != 0) out->f_type = type;
    return result;
  }
  int open(const char* path, int flags, mode_t mode) override {
    if (std::string_view(path) == "/proc/self/mountinfo" && !mountinfo.empty()) {
      return Os::open(mountinfo.c_str(), flags, mode);
    }
    if ((flags & O_ACCMODE) == O_RDWR && refuse_writing != 0) return -refuse_writing;
    return Os::open(path, flags, mode);
  }
  __fsword_t type = 0;
  int refuse_writing = 0;
  std::string mountinfo;
};

class FileSystemTest : public StoreTest {
 protected:
  FileSystemTest() : before_(set_os(&fake_)) {}
  ~FileSystemTest() override { (void)set_os(before_); }

  void mount_as(const std::string& type) {
    struct stat found{};
    ASSERT_EQ(::stat(path_.c_str(), &found), 0);
    fake_.mountinfo = directory_ + "/mountinfo";
    write(fake_.mountinfo, "21 1 0:1 / /proc rw - proc proc rw\n36 35 " +
                               std::to_string(major(found.st_dev)) + ":" +
                               std::to_string(minor(found.st_dev)) +
                               " / /mnt\\040x rw shared:1 - " + type + " me@host: rw\n");
    fake_.type = 0x65735546;
  }

  FakeOs fake_;
  Os* before_;
};

TEST_F(FileSystemTest, NetworkFileSystemsAreRefused) {
  (void)create();
  for (const __fsword_t type : {0x6969L, 0x517BL, 0xFF534D42L, 0xFE534D42L, 0x5346414FL,
                                0x6B414653L, 0x00c36400L, 0x73757245L, 0x564cL, 0x01021997L}) {
    fake_.type = type;
    const Error error = refusal();
    EXPECT_EQ(error.code, Code::kUnsupported) << type;
    EXPECT_EQ(error.on, path_);
  }
}

TEST_F(FileSystemTest, AVaultIsNotMadeOnANetworkFileSystem) {
  fake_.type = 0x6969;
  EXPECT_CODE(Code::kUnsupported, create_sqlite_store(path_));
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(FileSystemTest, LocalFileSystemsAreNot) {
  (void)create();
  for (const __fsword_t type : {0xEF53L, 0x58465342L, 0x9123683EL, 0x01021994L, 0x794c7630L}) {
    fake_.type = type;
    EXPECT_NE(open(), nullptr) << type;
  }
}

TEST_F(FileSystemTest, FuseIsRefusedByItsKind) {
  (void)create();
  for (const std::string type : {"fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "fuse.s3fs"}) {
    mount_as(type);
    EXPECT_EQ(refusal().code, Code::kUnsupported) << type;
  }
  for (const std::string type : {"fuse.gocryptfs", "fuseblk", "fuse"}) {
    mount_as(type);
    EXPECT_NE(open(), nullptr) << type;
  }
}

TEST_F(FileSystemTest, TheTestsMayAllowIt) {
  (void)create();
  fake_.type = 0x6969;
  EXPECT_NE(open({.allow_network_file_system = true}), nullptr);
}

TEST_F(FileSystemTest, AReadOnlyMediumIsNamed) {
  (void)create();
  fake_.refuse_writing = EROFS;
  EXPECT_EQ(refusal().code, Code::kReadOnly);
}

TEST_F(FileSystemTest, AFileWithoutTheRightToWriteIsNamed) {
  (void)create();
  fake_.refuse_writing = EACCES;
  EXPECT_EQ(refusal().code, Code::kReadOnly);
}

TEST(MountedType, FindsTheLineOfTheDevice) {
  constexpr std::string_view kText =
      "36 35 98:0 /m1 /m2 rw,noatime master:1 - ext3 /dev/root rw\n"
      "37 35 98:1 / / rw - fuse.sshfs host: rw\n"
      "38 35 98:11 / / rw shared:3 propagate_from:2 - btrfs /dev/x rw";
  EXPECT_EQ(mounted_type(kText, 98, 0), "ext3");
  EXPECT_EQ(mounted_type(kText, 98, 1), "fuse.sshfs");
  EXPECT_EQ(mounted_type(kText, 98, 11), "btrfs");
  EXPECT_EQ(mounted_type(kText, 98, 2), "");
  EXPECT_EQ(mounted_type("", 98, 2), "");
  EXPECT_EQ(mounted_type("37 35 98:1 / / rw", 98, 1), "");
}

}  // namespace
}  // namespace coffre
