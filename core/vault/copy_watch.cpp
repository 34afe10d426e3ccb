#include "core/vault/copy_watch.h"

#include <algorithm>
#include <mutex>
#include <vector>

namespace coffre {
namespace {

struct Watched {
  Id copy;
  File file;
};

std::mutex watch_mutex;
std::vector<Watched>& watched() {
  static std::vector<Watched> list;
  return list;
}

}  // namespace

void watch_copy(const Id& copy, File file) {
  const std::lock_guard guard(watch_mutex);
  std::vector<Watched>& list = watched();
  std::erase_if(list, [&](const Watched& each) { return each.copy == copy; });
  if (list.size() == kWatchedMax) list.erase(list.begin());
  list.push_back({copy, std::move(file)});
}

std::optional<struct stat> watched_copy(const Id& copy) {
  const std::lock_guard guard(watch_mutex);
  const auto found = std::ranges::find(watched(), copy, &Watched::copy);
  struct stat now{};
  if (found == watched().end() || os().fstat(found->file.fd(), &now) < 0) return std::nullopt;
  return now;
}

void forget_copy(const Id& copy) {
  const std::lock_guard guard(watch_mutex);
  std::erase_if(watched(), [&](const Watched& each) { return each.copy == copy; });
}

}  // namespace coffre
