// coffre_samples DIR [COUNT] [--marker TEXT]: writes COUNT sample scans (24 unless told) into DIR,
// which is made when it is missing. Prints nothing; exit 0, 1 on failure, 2 on wrong words.
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/samples/sample.h"

namespace {

constexpr std::size_t kCountMax = 1'000'000;

struct Call {
  std::string directory;
  std::size_t count = 24;
  std::string marker;
};

std::optional<Call> parse(const std::vector<std::string>& words) {
  Call call;
  std::size_t positional = 0;
  for (std::size_t index = 0; index < words.size(); ++index) {
    const std::string& word = words[index];
    if (word == "--marker" && index + 1 < words.size()) {
      call.marker = words[++index];
    } else if (word.starts_with("--") || positional > 1) {
      return std::nullopt;
    } else if (positional == 0) {
      call.directory = word;
      ++positional;
    } else {
      const char* end = word.data() + word.size();
      const auto [stopped, error] = std::from_chars(word.data(), end, call.count);
      if (error != std::errc{} || stopped != end || call.count > kCountMax) {
        return std::nullopt;
      }
      ++positional;
    }
  }
  return positional == 0 ? std::nullopt : std::optional(call);
}

bool write_file(const std::filesystem::path& path, coffre::ByteView bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file.good();
}

int run(const Call& call) {
  std::error_code error;
  std::filesystem::create_directories(call.directory, error);
  for (std::size_t index = 0; index < call.count; ++index) {
    const auto sample = coffre::samples::make_sample(index, call.marker);
    if (!sample) {
      std::fprintf(stderr, "coffre_samples: %s %s\n", sample.error().what,
                   sample.error().on.c_str());
      return 1;
    }
    if (!write_file(std::filesystem::path(call.directory) / sample->name, sample->bytes)) {
      std::fprintf(stderr, "coffre_samples: cannot write %s\n", sample->name.c_str());
      return 1;
    }
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Call> call = parse(std::vector<std::string>(argv + 1, argv + argc));
  if (!call) {
    std::fputs("usage: coffre_samples DIR [COUNT] [--marker TEXT]\n", stderr);
    return 2;
  }
  const int status = run(*call);
  coffre::samples::release_fonts();
  return status;
}
