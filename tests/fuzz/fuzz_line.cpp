// A line of a batch: its words, quoted, are the same words; a call made of them is understood or
// refused. The parsers of arguments take what was typed.
#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/cli/split_line.h"
#include "app/common/mime.h"
#include "tests/fuzz/fuzz.h"

namespace coffre::cli {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    line += " '";
    for (const char c : word) {
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += '\'';
  }
  return line;
}

void check(std::string_view line) {
  const auto words = split_line(line);
  if (!words) {
    COFFRE_ASSERT(words.error().code == Code::kInvalidArgument);
    return;
  }
  COFFRE_ASSERT(split_line(quoted(*words)).value() == *words);
  for (const std::string& word : *words) {
    const auto id = id_argument(word);
    COFFRE_ASSERT(!id || hex_of(*id) == word);
    const auto key = key_id_argument(word);
    COFFRE_ASSERT(!key || hex_of(*key) == word);
  }
  const auto call = parse_call(*words, CallFrom::kBatch);
  COFFRE_ASSERT(!call || call->command || !call->help.empty());
  COFFRE_ASSERT(call || call.error().code == Code::kInvalidArgument);
}

}  // namespace
}  // namespace coffre::cli

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const coffre::ByteView input(data, size);
  COFFRE_ASSERT(coffre::mime_of(input.first(std::min(size, coffre::kMimeBytes))) != nullptr);
  if (size <= 1024) {
    coffre::cli::check(coffre::as_text(input));
  }
  return 0;
}
