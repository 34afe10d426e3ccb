// coffre_bench_erase DIRECTORY: erases all files in it in one call; 1 when one of them failed.
#include "core/erase/erase.h"

#include <cstdio>
#include <fcntl.h>

#include "core/base/file.h"

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::string path = argv[1];
  const auto directory = coffre::File::open(path, O_RDONLY | O_DIRECTORY);
  std::vector<coffre::DirectoryEntry> entries;
  if (!directory || coffre::os().list(directory->fd(), &entries) < 0) return 2;
  std::vector<coffre::EraseRequest> requests;
  for (const coffre::DirectoryEntry& entry : entries) {
    requests.push_back({.path = path + "/" + entry.name, .expected = {}, .expected_size = {}});
  }
  int failed = 0;
  for (const coffre::EraseReport& report : coffre::erase_files(requests)) {
    if (report.verdict == coffre::Verdict::kFailed) {
      std::fprintf(stderr, "%s: %s\n", report.path.c_str(),
                   std::string(coffre::reason_word(report.reasons.front())).c_str());
      failed = 1;
    }
  }
  return failed;
}
