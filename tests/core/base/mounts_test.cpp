#include "core/base/mounts.h"

#include <cerrno>
#include <fcntl.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

constexpr std::string_view kMountText =
    "22 28 0:20 / /proc rw,nosuid - proc proc rw\n"
    "28 1 253:0 / / rw,relatime shared:1 master:2 - ext4 /dev/root rw,data=journal\n"
    "x 1 253:0 / /broken rw - ext4 /dev/root rw\n"
    "31 28 7:3 /a\\040b /mnt/c\\040d ro,noatime - fuse.gocryptfs /c\\040d rw,user_id=0\n"
    "32 28 7:4 / /cut rw\n";

TEST(Mounts, FieldsAreReadWhateverStandsBetween) {
  const std::vector<Mount> mounts = parse_mounts(kMountText);
  ASSERT_EQ(mounts.size(), 3u);
  EXPECT_EQ(mounts[1].id, 28u);
  EXPECT_EQ(mounts[1].device_major, 253u);
  EXPECT_EQ(mounts[1].type, "ext4");
  EXPECT_EQ(mounts[1].super_options, "rw,data=journal");
  EXPECT_EQ(mounts[2].type, "fuse.gocryptfs");
  EXPECT_EQ(mounts[2].device_minor, 3u);
  EXPECT_EQ(mounts[2].options, "ro,noatime");
}

TEST(Mounts, APathLeadsToTheDeepestOfThem) {
  const std::vector<Mount> mounts =
      parse_mounts(std::string(kMountText) + "40 28 7:5 / /mnt/c\\040d rw - nfs host:/ rw\n");
  EXPECT_EQ(mounts[2].point, "/mnt/c d");
  EXPECT_EQ(mount_at(mounts, "/home/a")->point, "/");
  EXPECT_EQ(mount_at(mounts, "/proc")->type, "proc");
  EXPECT_EQ(mount_at(mounts, "/process")->point, "/");
  EXPECT_EQ(mount_at(mounts, "/mnt/c d/x")->type, "nfs");  // it was mounted over the other
  EXPECT_EQ(mount_at(mounts, "/mnt/c\\040d/x")->point, "/");
  EXPECT_EQ(mount_at({}, "/"), nullptr);
}

TEST(Mounts, AnEscapeThatIsNoneStands) {
  for (const char* point : {"/a\\", "/a\\04", "/a\\999", "/a\\777"}) {
    const std::string line = std::string("1 1 7:5 / ") + point + " rw - nfs host:/ rw\n";
    EXPECT_EQ(parse_mounts(line).at(0).point, point);
  }
}

TEST(Mounts, AnOptionIsFoundWholeOnly) {
  EXPECT_TRUE(has_option("rw,data=journal", "data=journal"));
  EXPECT_TRUE(has_option("rw", "rw"));
  EXPECT_FALSE(has_option("rw,nodata=journal", "data=journal"));
  EXPECT_FALSE(has_option("rw,data=journalx", "data=journal"));
  EXPECT_FALSE(has_option("", "rw"));
}

TEST(Mounts, AFileLiesOnOneOfThem) {
  const test::TempDir dir;
  const File file = File::open(dir.path(), O_RDONLY | O_DIRECTORY).value();
  const auto id = mount_id_of(file.fd(), dir.path());
  ASSERT_TRUE(id);
  const auto mounts = read_mounts();
  ASSERT_TRUE(mounts);
  EXPECT_TRUE(std::ranges::any_of(*mounts, [&](const Mount& mount) { return mount.id == *id; }));
}

TEST(Mounts, AnOlderKernelIsAskedInAnotherWay) {
  const test::TempDir dir;
  const File file = File::open(dir.path(), O_RDONLY | O_DIRECTORY).value();
  const auto id = mount_id_of(file.fd(), dir.path());
  ASSERT_TRUE(id);
  test::FaultyOs faulty;
  const test::ScopedOs scope(faulty);
  faulty.fail("mount_id", 1, ENOSYS, true);
  EXPECT_EQ(mount_id_of(file.fd(), dir.path()).value_or(0), *id);
  faulty.fail("mount_id", 1, EIO, true);
  EXPECT_FALSE(mount_id_of(file.fd(), dir.path()));
}

}  // namespace
}  // namespace coffre
