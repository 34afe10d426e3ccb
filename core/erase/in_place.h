// What it is worth to overwrite bytes inside files that stay: rows of a database, say. The caller
// overwrites, syncs and reads back; this looks at where the files lie, before and afterwards.
//
// Guarantees: the reasons are those of erase.h for the same file, with the same meaning. Not
// covered: what erase.h does not cover. Threads: values; no shared state.
#pragma once

#include "core/erase/erase.h"
#include "core/erase/storage.h"

namespace coffre {

class InPlace {
 public:
  // Looks at an open file, which is only read; what waits to be written is written. kFailed and
  // others of os_error.
  [[nodiscard]] Status look_before(int fd);
  // The same file again, in the same order. What grew at its end meanwhile does not matter.
  [[nodiscard]] Status look_after(int fd);
  // What the caller has found out by itself.
  void add(Reason reason) { reasons_.push_back(reason); }

  [[nodiscard]] std::vector<Reason> reasons() const;  // in the order of Reason, each once
  // kFailed is the caller's to say.
  [[nodiscard]] Verdict verdict() const;
  // Of what lies in a file that stays: no name and no dates of its own.
  [[nodiscard]] std::vector<Uncovered> uncovered() const;
  [[nodiscard]] const std::string& file_system() const { return file_system_; }
  [[nodiscard]] Medium medium() const { return medium_; }

 private:
  struct Looked {
    std::uint64_t size = 0;
    erase::FileMap map;
  };
  [[nodiscard]] Result<Looked> look(int fd);

  std::vector<Looked> before_;
  std::size_t compared_ = 0;
  std::vector<Reason> reasons_;
  std::string file_system_;
  Medium medium_ = Medium::kRotating;  // the least certain of the files'
};

}  // namespace coffre
