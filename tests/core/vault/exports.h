// What tests of the export ledger share: a ledger of its own, copies in a directory of their own.
#pragma once

#include "core/base/random.h"
#include "core/vault/export_copy.h"
#include "core/vault/export_sweep.h"
#include "tests/core/vault/expect.h"
#include "tests/support/temp_dir.h"

namespace coffre::test {

inline constexpr std::int64_t kNow = 1'795'000'000'000;

class ExportPlace {
 public:
  ExportPlace() : ledger_(must(ExportLedger::open(dir_ / "state"))) {
    must(make_directories(dir_ / "out"));
  }

  [[nodiscard]] const ExportLedger& ledger() const { return ledger_; }
  [[nodiscard]] std::string file(const std::string& name) const { return dir_ / "out/" + name; }
  [[nodiscard]] std::string state(const std::string& name) const { return dir_ / "state/" + name; }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<DirectoryEntry> found;
    const File directory = must(File::open(dir_ / "out", O_RDONLY | O_DIRECTORY));
    EXPECT_EQ(os().list(directory.fd(), &found), 0);
    std::vector<std::string> names;
    for (const DirectoryEntry& entry : found) names.push_back(entry.name);
    std::ranges::sort(names);
    return names;
  }
  [[nodiscard]] NewCopy order(const std::string& name) const {
    NewCopy copy;
    copy.vault = vault_;
    copy.document = must(system_random().id());
    copy.user = must(system_random().id());
    copy.path = file(name);
    copy.now_ms = kNow;
    return copy;
  }
  // A finished copy for another program, on this disk; its owner.
  [[nodiscard]] ExportCopy opened(const std::string& name,
                                  CopyKind kind = CopyKind::kOpenedOnDisk) {
    NewCopy wanted = order(name);
    wanted.kind = kind;
    wanted.keep_ms = kKeepOpenedMs;
    ExportCopy made = must(ExportCopy::create(ledger_, wanted, system_random()));
    must(made.write(as_bytes("Lettre")));
    must(made.commit());
    return made;
  }
  // A finished copy.
  ExportEntry copy(const std::string& name, std::string_view content = "Lettre") {
    ExportCopy made = must(ExportCopy::create(ledger_, order(name), system_random()));
    must(made.write(as_bytes(content)));
    must(made.commit());
    return made.entry();
  }
  [[nodiscard]] SweepReport sweep(std::int64_t now_ms, std::vector<Id> ids = {}) const {
    SweepRequest request;
    request.now_ms = now_ms;
    request.due = ids.empty();
    request.ids = std::move(ids);
    return must(sweep_exports(ledger_, request));
  }
  [[nodiscard]] std::size_t known() const { return must(ledger_.list()).entries.size(); }
  [[nodiscard]] std::vector<ExportOutcome> outcomes() const {
    return must(ledger_.outcomes(vault_, kExportsMax));
  }
  [[nodiscard]] const Hash& vault() const { return vault_; }

 private:
  TempDir dir_;
  Hash vault_ = sha256(as_bytes("a vault"));
  ExportLedger ledger_;
};

// Past the deadline of every copy that was made with the usual time.
inline constexpr std::int64_t kLater = kNow + kKeepDefaultMs;

}  // namespace coffre::test
