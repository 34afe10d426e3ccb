// coffre_erase_driver PATH...: erases the files and prints a line each: path, verdict, reasons,
// left, file system, medium, bytes; for the tests on images and for the benchmark. A path may be a
// directory with --in DIRECTORY: all files in it.
#include <cstdio>
#include <fcntl.h>
#include <string>

#include "core/base/file.h"
#include "core/erase/erase.h"

int main(int argc, char** argv) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): a program of one function
  std::vector<EraseRequest> requests;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word != "--in") {
      requests.push_back({.path = word, .expected = {}, .expected_size = {}});
    } else if (++i < argc) {
      const auto directory = File::open(argv[i], O_RDONLY | O_DIRECTORY);
      std::vector<DirectoryEntry> entries;
      if (!directory || os().list(directory->fd(), &entries) < 0) return 2;
      for (const DirectoryEntry& entry : entries) {
        requests.push_back(
            {.path = argv[i] + ("/" + entry.name), .expected = {}, .expected_size = {}});
      }
    }
  }
  int status = 0;
  for (const EraseReport& report : erase_files(requests)) {
    std::string reasons;
    for (const Reason reason : report.reasons) {
      reasons += (reasons.empty() ? "" : ",") + std::string(reason_word(reason));
    }
    std::printf("%s\t%s\t%s\t%s\t%s\t%s\t%llu\n", report.path.c_str(),
                std::string(verdict_word(report.verdict)).c_str(), reasons.c_str(),
                std::string(left_word(report.left)).c_str(), report.file_system.c_str(),
                std::string(medium_name(report.medium)).c_str(),
                static_cast<unsigned long long>(report.bytes));
    if (report.verdict == Verdict::kFailed) status = 1;
  }
  return status;
}
