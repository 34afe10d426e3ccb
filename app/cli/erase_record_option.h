// --record: the file erasure record of a command that erases files.
#pragma once

#include "app/cli/context.h"
#include "app/cli/options.h"
#include "app/common/erase_record.h"

namespace coffre::cli {

// Adds --record FILE to a command.
CLI::Option* record_option(CLI::App& command, std::optional<std::string>& path);

// The record of one call. Its place is taken, and its clock started, before anything is erased.
class RecordOfCall {
 public:
  // Without a path nothing is written. Errors as EraseRecordFile::reserve.
  [[nodiscard]] static Result<RecordOfCall> start(const Context& context,
                                                  const std::optional<std::string>& path,
                                                  std::span<const std::string> erased);
  // After the results were given: they hold whether or not the record can be written.
  [[nodiscard]] Status finish(std::vector<RecordedErasure> erasures);
  [[nodiscard]] Status finish(RecordedDestruction destruction);

 private:
  [[nodiscard]] Status write();

  std::optional<EraseRecordFile> file_;
  EraseRecord record_;
};

}  // namespace coffre::cli
