// What erasing in a directory can be worth, before there is a file.
#include "core/base/file.h"
#include "core/erase/erase.h"
#include "core/erase/target.h"
#include "core/erase/worth.h"

namespace coffre {
namespace {

// What a new file inherits from its directory (btrfs's +C, ext4's +j); where the file system has no
// such marks, or they cannot be read, nothing.
InodeFlags inherited_flags(int directory) {
  InodeFlags flags;
  return os().inode_flags(directory, &flags) < 0 ? InodeFlags{} : flags;
}

Error error_of(erase::Refusal refusal, const std::string& directory) {
  return refusal.error ? *std::move(refusal.error)
                       : Error{Code::kFailed, N_("the folder cannot be looked at"), directory, ""};
}

}  // namespace

Result<EraseForecast> forecast_erase(const std::string& directory) {
  if (directory.empty()) {
    return fail(Code::kNotFound, N_("the folder cannot be looked at"), directory);
  }
  // A name that is never looked for: the way to it is that of any file there.
  COFFRE_TRY_ASSIGN(const std::string path, absolute_path(directory + "/file"));
  auto split = erase::split_path(path);
  if (!split) return std::unexpected(error_of(std::move(split).error(), directory));
  auto opened = erase::open_directory(*split);
  if (!opened) return std::unexpected(error_of(std::move(opened).error(), directory));
  const erase::FileSystem& found = (*opened)->file_system;
  const InodeFlags flags = inherited_flags((*opened)->file.fd());
  EraseForecast forecast;
  forecast.reasons = found.reasons;
  if (found.copies_unless_marked && !flags.no_copy_on_write) {
    forecast.reasons.push_back(Reason::kCopyOnWrite);
  }
  if (flags.journaled_data) forecast.reasons.push_back(Reason::kJournaledData);
  erase::sort_reasons(forecast.reasons);
  forecast.medium = found.medium;
  forecast.file_system = found.type;
  forecast.verdict = erase::verdict_of(forecast.reasons, found.medium);
  forecast.uncovered = erase::uncovered_of(forecast.reasons, found.medium);
  return forecast;
}

}  // namespace coffre
