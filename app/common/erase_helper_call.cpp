#include "app/common/erase_helper_call.h"

#include <array>
#include <fcntl.h>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/common/erase_record.h"
#include "core/base/clock.h"
#include "core/base/process.h"

namespace coffre {
namespace {

constexpr const char* kPkexec = "/usr/bin/pkexec";
constexpr std::int64_t kPatienceMs = 300'000;  // somebody has to find a password
constexpr std::size_t kAnswerMax = 4096;

// Not a path that another account could fill: that of the build counts for programs of it only.
std::string find_helper() {
  constexpr std::string_view kName = "/coffre-erase-helper";
  const std::string here = program_directory();
  if (here.starts_with(COFFRE_BUILD_DIR "/")) {
    std::string built = std::string(COFFRE_ERASE_HELPER_DIR) + std::string(kName);
    if (is_executable(built)) {
      return built;
    }
  }
  return parent_directory(here) + "/" COFFRE_LIBEXEC_DIR + std::string(kName);
}

// The directory of a file that was erased, if it still is on the file system that the file was on.
std::optional<File> directory_of(const EraseReport& report) {
  auto opened = File::open(parent_directory(report.path), O_RDONLY | O_DIRECTORY);
  struct stat found{};
  if (!opened || os().fstat(opened->fd(), &found) < 0 || found.st_dev != report.identity->device) {
    return std::nullopt;
  }
  return std::move(*opened);
}

// All that the helper said, once it has ended.
std::string read_all(const File& output) {
  std::string text(kAnswerMax, '\0');
  const auto got =
      output.read_full({reinterpret_cast<Byte*>(text.data()), text.size()}).value_or(0);
  text.resize(got);
  return text;
}

HelperResult run_helper(const File& directory, std::uint64_t device, bool discard) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return {};
  }
  const File output(ends[0]);
  File input(ends[1]);
  // What the program left behind might keep it open: nobody waits for an end.
  if (::fcntl(output.fd(), F_SETFL, O_NONBLOCK) != 0) {
    return {};
  }
  SpawnOptions options;
  options.standard_input = directory.fd();
  options.standard_output = input.fd();
  options.program = find_helper();
  if (os().effective_user() != 0) {
    // No questions on the terminal: the helper is in a process group of its own.
    options.arguments = {"--disable-internal-agent", options.program};
    options.program = kPkexec;
  }
  if (discard) {
    options.arguments.emplace_back("--discard");
  }
  auto process = Process::spawn(options);
  if (!process) {
    const bool no_pkexec = options.program == kPkexec && process.error().code == Code::kNotFound;
    return {.care = no_pkexec ? JournalCare::kNotAllowed : JournalCare::kFailed,
            .discarded = std::nullopt};
  }
  input = File();
  const auto end = process->wait(system_clock(), system_clock().steady_ms() + kPatienceMs);
  if (!end) {
    return {};
  }
  // Those of pkexec, when the question was put aside or not answered.
  constexpr int kDismissed = 126;
  constexpr int kNotAuthorized = 127;
  if (!end->by_signal && (end->status == kDismissed || end->status == kNotAuthorized)) {
    return {.care = JournalCare::kNotAllowed, .discarded = std::nullopt};
  }
  return read_answer(read_all(output), device);
}

bool was_removed(const EraseReport& report) {
  return report.verdict != Verdict::kFailed && report.left == Left::kNothing && report.identity;
}

}  // namespace

HelperResult read_answer(std::string_view answer, std::uint64_t device) {
  HelperResult result;
  const auto json = nlohmann::json::parse(answer, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return result;
  }
  const auto text = [&](const char* key) {
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const std::string error = text("error");
  if (error == "no-rights") {
    result.care = JournalCare::kNotAllowed;
  } else if (error == "unsupported" || error == "not-ext4") {
    result.care = JournalCare::kUnsupported;
  } else if (!json.contains("error") && text("journal") == "zeroed" &&
             text("device") == device_text(device)) {
    result.care = JournalCare::kZeroed;
    const auto discarded = json.find("discarded");
    if (discarded != json.end() && discarded->is_number_unsigned()) {
      result.discarded = discarded->get<std::uint64_t>();
    }
  }
  return result;
}

std::vector<std::optional<JournalCare>> care_for_journals(std::span<EraseReport> reports,
                                                          bool discard,
                                                          std::vector<CaredFor>& done) {
  std::map<std::uint64_t, HelperResult> by_device;
  std::vector<std::optional<JournalCare>> cares(reports.size());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    EraseReport& report = reports[i];
    if (!was_removed(report)) {
      continue;
    }
    const std::uint64_t device = report.identity->device;
    auto known = by_device.find(device);
    if (known == by_device.end()) {
      const auto directory = directory_of(report);
      known =
          by_device
              .emplace(device, directory ? run_helper(*directory, device, discard) : HelperResult{})
              .first;
      done.push_back({report.path, known->second});
    }
    cares[i] = known->second.care;
    if (cares[i] == JournalCare::kZeroed) {
      journal_was_zeroed(report);
    }
  }
  return cares;
}

std::string_view care_word(JournalCare care) {
  switch (care) {
    case JournalCare::kZeroed:
      return "zeroed";
    case JournalCare::kUnsupported:
      return "unsupported";
    case JournalCare::kNotAllowed:
      return "not-allowed";
    case JournalCare::kFailed:
      return "failed";
  }
  return {};
}

const char* care_text(JournalCare care) {
  switch (care) {
    case JournalCare::kZeroed:
      return N_("the file system's journal was overwritten with zeros");
    case JournalCare::kUnsupported:
      return N_("the file system's journal cannot be overwritten here");
    case JournalCare::kNotAllowed:
      return N_("the file system's journal was left: no administrator allowed it");
    case JournalCare::kFailed:
      return N_("the file system's journal was left: overwriting it failed");
  }
  return "";
}

}  // namespace coffre
