// coffre_erase_driver PATH...: erases the files and prints a line each: path, verdict, reasons,
// left, file system, medium, bytes; for the tests on images and for the benchmark. A path may be a
// directory with --in DIRECTORY: all files in it. --forecast DIRECTORY: what is said of a new file
// there, as "path verdict reasons".
#include <cstdio>
#include <fcntl.h>
#include <string>

#include "core/base/file.h"
#include "core/erase/erase.h"

namespace coffre {
namespace {

std::string joined(const std::vector<Reason>& reasons) {
  std::string words;
  for (const Reason reason : reasons) {
    words += (words.empty() ? "" : ",") + std::string(reason_word(reason));
  }
  return words;
}

int forecast(const std::string& directory) {
  const Result<EraseForecast> made = forecast_erase(directory);
  if (!made) return 2;
  std::printf("%s\t%s\t%s\n", directory.c_str(), std::string(verdict_word(made->verdict)).c_str(),
              joined(made->reasons).c_str());
  return 0;
}

}  // namespace
}  // namespace coffre

int main(int argc, char** argv) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): a small program
  if (argc == 3 && std::string(argv[1]) == "--forecast") return forecast(argv[2]);
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
    std::printf("%s\t%s\t%s\t%s\t%s\t%s\t%llu\n", report.path.c_str(),
                std::string(verdict_word(report.verdict)).c_str(), joined(report.reasons).c_str(),
                std::string(left_word(report.left)).c_str(), report.file_system.c_str(),
                std::string(medium_name(report.medium)).c_str(),
                static_cast<unsigned long long>(report.bytes));
    if (report.verdict == Verdict::kFailed) status = 1;
  }
  return status;
}
