#include "core/base/answers.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <fcntl.h>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <thread>

#include "core/base/file.h"
#include "core/base/mounts.h"

namespace coffre {
namespace {

// Whatever else there is waits for somebody: another machine, or a program.
constexpr auto kOfThisMachine = std::to_array<std::string_view>(
    {"ext2",    "ext3",  "ext4",    "xfs",   "btrfs",    "tmpfs",    "ramfs", "overlay",  "vfat",
     "msdos",   "exfat", "ntfs3",   "f2fs",  "zfs",      "bcachefs", "jfs",   "reiserfs", "nilfs2",
     "iso9660", "udf",   "hfsplus", "erofs", "squashfs", "devtmpfs", "rootfs"});

struct Question {
  std::mutex mutex;
  std::condition_variable wake;
  bool answered = false;
  std::chrono::steady_clock::time_point asked = std::chrono::steady_clock::now();
};

// Those that wait for an answer, by mount.
struct Waiting {
  std::mutex mutex;
  std::map<std::uint64_t, std::shared_ptr<Question>> questions;
};

// Never destroyed: a thread may come back at any time.
Waiting& waiting() {
  static Waiting& all = *new Waiting;
  return all;
}

void ask(const std::shared_ptr<Question>& question, const std::string& directory) {
  // What it says does not matter.
  static_cast<void>(File::open(directory, O_RDONLY | O_DIRECTORY | O_NONBLOCK));
  const std::lock_guard guard(question->mutex);
  question->answered = true;
  question->wake.notify_all();
}

// The one that waits already, or a new one; nullptr: the system gives no thread.
std::shared_ptr<Question> start(std::uint64_t mount, const std::string& directory) {
  Waiting& all = waiting();
  const std::lock_guard guard(all.mutex);
  std::shared_ptr<Question>& place = all.questions[mount];
  if (place) {
    const std::lock_guard inner(place->mutex);
    if (!place->answered) return place;
  }
  auto question = std::make_shared<Question>();
  try {
    std::thread([question, directory] { ask(question, directory); }).detach();
  } catch (const std::system_error&) {
    return nullptr;
  }
  place = question;
  return question;
}

}  // namespace

bool answers(const std::string& directory, std::chrono::milliseconds wait) {
  const auto mounts = read_mounts();
  const Mount* mount = mounts ? mount_at(*mounts, directory) : nullptr;
  if (mount == nullptr || std::ranges::find(kOfThisMachine, mount->type) != kOfThisMachine.end()) {
    return true;
  }
  const std::shared_ptr<Question> question = start(mount->id, directory);
  if (!question) return false;
  std::unique_lock lock(question->mutex);
  return question->wake.wait_until(lock, question->asked + wait,
                                   [&] { return question->answered; });
}

}  // namespace coffre
