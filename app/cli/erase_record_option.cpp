#include "app/cli/erase_record_option.h"

#include "app/common/i18n.h"
#include "app/common/state_directory.h"
#include "core/base/clock.h"

namespace coffre::cli {

CLI::Option* record_option(CLI::App& command, std::optional<std::string>& path) {
  return text_option(command, "--record", path,
                     tr(N_("a new file, .pdf or .json, for the file erasure record")));
}

Result<RecordOfCall> RecordOfCall::start(const Context& context,
                                         const std::optional<std::string>& path,
                                         std::span<const std::string> erased) {
  RecordOfCall call;
  if (!path) {
    return call;
  }
  COFFRE_TRY_ASSIGN(call.file_, EraseRecordFile::reserve(*path, erased));
  call.record_.program = "Coffre " COFFRE_VERSION;
  call.record_.workstation = workstation_name();
  // Where that cannot be found out, paths stand as they were given.
  (void)os().realpath(".", &call.record_.directory);
  call.record_.system_user = system_user();
  call.record_.account = context.account();
  call.record_.start_ms = system_clock().wall_ms();
  return call;
}

Status RecordOfCall::finish(std::vector<RecordedErasure> erasures) {
  if (!file_) {
    return {};
  }
  record_.erasures = std::move(erasures);
  return write();
}

Status RecordOfCall::finish(RecordedDestruction destruction) {
  if (!file_) {
    return {};
  }
  record_.destructions.push_back(std::move(destruction));
  return write();
}

Status RecordOfCall::write() {
  record_.end_ms = system_clock().wall_ms();
  return file_->write(record_);
}

}  // namespace coffre::cli
