// coffre_bench_pages FILE WIDTH [PAGES]: what looking at a PDF costs, through the viewer's process.
// One line of JSON, milliseconds: from the content in memory to the first page's pixels (the start
// of the process included), and the median and the slowest of the pages after it, each drawn when
// it is asked for.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/render/viewer.h"
#include "tests/bench/session.h"

namespace coffre {
namespace {

constexpr std::size_t kFileMax = std::size_t{1} << 30;

int measure(const char* path, std::uint32_t width, std::uint32_t pages) {
  using bench::value_or_end;
  const Bytes bytes = value_or_end(read_file(path, kFileMax));
  MemoryFile content = value_or_end(MemoryFile::create("bench"));
  bench::ok_or_end(content.append(bytes));
  bench::ok_or_end(content.seal());
  const bench::Stopwatch first;
  const auto viewer =
      value_or_end(Viewer::open(std::move(content), "application/pdf", ViewerOptions{}));
  static_cast<void>(value_or_end(viewer->draw(0, width, 0)));
  const double first_ms = first.seconds() * 1000;
  std::vector<double> next_ms;
  for (std::uint32_t page = 1; page < std::min(pages, viewer->pages()); ++page) {
    const bench::Stopwatch next;
    static_cast<void>(value_or_end(viewer->draw(page, width, 0)));
    next_ms.push_back(next.seconds() * 1000);
  }
  std::ranges::sort(next_ms);
  std::printf("{\"pages\": %u, \"first_ms\": %.1f, \"next_ms\": %.1f, \"slowest_ms\": %.1f}\n",
              viewer->pages(), first_ms, next_ms.empty() ? 0.0 : next_ms[next_ms.size() / 2],
              next_ms.empty() ? 0.0 : next_ms.back());
  return 0;
}

}  // namespace
}  // namespace coffre

int main(int count, char** given) {
  if (count < 3 || count > 4) {
    std::fputs("usage: coffre_bench_pages FILE WIDTH [PAGES]\n", stderr);
    return 2;
  }
  return coffre::measure(
      given[1], static_cast<std::uint32_t>(std::strtoul(given[2], nullptr, 10)),
      count == 4 ? static_cast<std::uint32_t>(std::strtoul(given[3], nullptr, 10)) : 20);
}
