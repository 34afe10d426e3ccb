// RecordSaver: the file erasure record of what this session erased, as a form to print, where the
// person wants it (app/common/erase_record.h).
//
// Guarantees: it is asked for after the erasing, and says no more than the reports do; the file is
// new and private. Not covered: the form is a file in the clear with paths in it, and in no ledger.
// Threads: UI thread only; the form is drawn and written on a thread of the pool.
#pragma once

#include "app/common/erase_record.h"
#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class RecordSaver {
 public:
  explicit RecordSaver(Services& services) : services_(services) {}

  // Of these files; `from_ms` and `to_ms` by the wall clock. Asks where, writes, and says what came
  // of it.
  void save_files(std::vector<RecordedErasure> erasures, std::int64_t from_ms, std::int64_t to_ms);
  void save_document(RecordedDestruction destruction, std::int64_t time_ms);

 private:
  [[nodiscard]] EraseRecord begin(std::int64_t from_ms, std::int64_t to_ms) const;
  void save(EraseRecord record);
  void write(const EraseRecord& record, const std::string& path);

  Services& services_;
  Alive alive_;
};

// The words of the button that asks for one.
[[nodiscard]] const char* record_button_words();

}  // namespace coffre::ui
