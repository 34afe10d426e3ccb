#include "app/desktop/screens/record_saver.h"

#include "app/common/i18n.h"
#include "app/common/state_directory.h"
#include "app/desktop/screens/dossiers_names.h"
#include "core/base/text.h"

namespace coffre::ui {

const char* record_button_words() { return tr(N_("Record…")); }

EraseRecord RecordSaver::begin(std::int64_t from_ms, std::int64_t to_ms) const {
  EraseRecord record;
  record.program = "Coffre " COFFRE_VERSION;
  record.workstation = workstation_name();
  // Where that cannot be found out, nothing is lost: paths of this program begin at the root.
  (void)os().realpath(".", &record.directory);
  record.system_user = system_user();
  if (const auto me = services_.vault.me()) {
    record.account = me->name;
  }
  record.start_ms = from_ms;
  record.end_ms = to_ms;
  return record;
}

void RecordSaver::save_files(std::vector<RecordedErasure> erasures, std::int64_t from_ms,
                             std::int64_t to_ms) {
  EraseRecord record = begin(from_ms, to_ms);
  record.erasures = std::move(erasures);
  save(std::move(record));
}

void RecordSaver::save_document(RecordedDestruction destruction, std::int64_t time_ms) {
  EraseRecord record = begin(time_ms, time_ms);
  record.destructions.push_back(std::move(destruction));
  save(std::move(record));
}

void RecordSaver::save(EraseRecord record) {
  const std::string day = today_of(services_.clock.wall_ms());
  ChooseRequest request{ChooseRequest::Kind::kSave, record_title(record),
                        fill(tr(N_("erasure-record-{}.pdf")), {day})};
  services_.choose_paths(
      request, alive_.guard([this, record = std::move(record)](std::vector<std::string> paths) {
        if (!paths.empty()) {
          write(record, paths.front());
        }
      }));
}

void RecordSaver::write(const EraseRecord& record, const std::string& path) {
  const auto written = std::make_shared<Status>();
  services_.jobs.start(
      tr(N_("Writing the record")), false,
      [record, path, written, done = alive_.guard([this, path, written] {
        if (*written) {
          services_.toasts.say(fill(tr(N_("The record is in {}. Keep it as you keep documents: it "
                                          "has paths of files.")),
                                    {printable(path)}));
        } else {
          services_.toasts.say_error(written->error());
        }
      })](Progress&) -> Jobs::Completion {
        Result<EraseRecordFile> file = EraseRecordFile::reserve(path, {});
        *written = file ? file->write(record) : std::unexpected<Error>(file.error());
        return done;
      });
}

}  // namespace coffre::ui
