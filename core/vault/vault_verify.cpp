// Verification of everything: log, rows, extents, and on request every content.
#include <map>
#include <set>

#include "core/vault/content.h"
#include "core/vault/vault_impl.h"

namespace coffre {

// core/vault/vault_documents.cpp
Status verify_content(Vault::Impl& vault, ReadView& view, const Document& document,
                      const Lease::Use& use);

namespace {

constexpr std::size_t kDamagedMax = 1000;

std::string text_of(const Error& error) {
  return error.on.empty() ? std::string(error.what) : std::string(error.what) + ": " + error.on;
}

struct VersionExtents {
  Id id;
  VersionRow row;
};

// All versions by their first extent.
Result<std::map<std::int64_t, VersionExtents>> versions_by_extent(ReadView& view) {
  std::map<std::int64_t, VersionExtents> versions;
  COFFRE_TRY_ASSIGN(const auto range, view.row_range(Table::kVersions));
  if (range) {
    COFFRE_TRY(view.scan(Table::kVersions, range->first, range->second,
                         [&](const StateRow& row) -> Status {
                           COFFRE_TRY_ASSIGN(VersionRow version, VersionRow::parse(row.body));
                           version.sealed = {};
                           const auto first = static_cast<std::int64_t>(version.first);
                           versions.emplace(first, VersionExtents{row_key(row.id), version});
                           return {};
                         }));
  }
  return versions;
}

class Verifier {
 public:
  Verifier(Vault::Impl& vault, const Lease::Use& use) : vault_(vault), use_(use) {}

  [[nodiscard]] Result<VerifyReport> run(bool read_data) {
    COFFRE_TRY_ASSIGN(const std::unique_ptr<ReadView> view, vault_.view());
    COFFRE_TRY(check_log_and_rows(*view));
    COFFRE_TRY(check_extents(*view, read_data));
    if (read_data) {
      COFFRE_TRY(check_contents(*view));
    }
    return report_;
  }

 private:
  void damaged(std::string what) {
    if (report_.damaged.size() < kDamagedMax) {
      report_.damaged.push_back(std::move(what));
    }
  }

  // From the genesis on, as at a first contact. An error that is not damage ends the verification.
  [[nodiscard]] Status check_log_and_rows(ReadView& view) {
    LogPosition position;
    ChangeTracker changes;
    const Status log = check_log(position, view, changes);
    report_.entries = position.size();
    if (!log) {
      damaged(text_of(log.error()));
      return {};
    }
    const Result<LoadedState> state =
        load_state(*vault_.store, vault_.note, position.policy, changes, position.state_root);
    if (!state) {
      if (state.error().code == Code::kBusy) {
        return std::unexpected<Error>(state.error());
      }
      damaged(text_of(state.error()));
      return {};
    }
    report_.objects = state->tree.size();
    return {};
  }

  // Every version has its extents, whole and in order; extents of nobody are named too.
  [[nodiscard]] Status check_extents(ReadView& view, bool read_data) {
    COFFRE_TRY_ASSIGN(const auto versions, versions_by_extent(view));
    std::set<Id> documents;
    for (const auto& [first, version] : versions) {
      documents.insert(version.row.document);
    }
    report_.documents = documents.size();
    std::uint64_t orphans = 0;
    std::int64_t covered = 0;  // rows below were checked
    COFFRE_TRY(view.extent_keys(1, [&](const ExtentKey& extent) -> Status {
      if (extent.row >= covered && !versions.contains(extent.row)) {
        ++orphans;
        return {};
      }
      if (const auto version = versions.find(extent.row); version != versions.end()) {
        covered = extent.row + version->second.row.extents;
      }
      return {};
    }));
    for (const auto& [first, version] : versions) {
      COFFRE_TRY(check_version(view, first, version, read_data));
    }
    if (orphans != 0) {
      damaged(std::string(N_("extents that no version names")) + ": " + std::to_string(orphans));
    }
    return {};
  }

  [[nodiscard]] Status check_version(ReadView& view, std::int64_t first,
                                     const VersionExtents& version, bool read_data) {
    Sha256 hash;
    std::uint64_t size = 0;
    for (std::uint32_t number = 0; number < version.row.extents; ++number) {
      COFFRE_TRY_ASSIGN(const auto key, view.extent_key(first + number));
      if (!key || key->number != number || !std::ranges::equal(key->version, version.id.view())) {
        damaged(std::string(N_("a part of a document is missing or out of its place")) +
                ": version " + to_hex(version.id.view().first(8)));
        return {};
      }
      size += key->size;
      if (read_data) {
        COFFRE_TRY_ASSIGN(const auto extent, view.extent(first + number));
        if (extent) {
          hash.update(extent->bytes);
        }
      }
      if (use_.should_stop()) {
        return fail(Code::kLocked, N_("the vault is locked"), {}, N_("unlock it again"));
      }
    }
    const bool whole = size == version.row.ciphertext_size &&
                       (!read_data || hash.finish() == version.row.ciphertext_sha256);
    if (!whole) {
      damaged(std::string(N_("the content of a document was changed")) + ": version " +
              to_hex(version.id.view().first(8)));
    }
    return {};
  }

  // Decrypts what this account may read.
  [[nodiscard]] Status check_contents(ReadView& view) {
    std::vector<Document> documents;
    COFFRE_TRY(vault_.scan_records(ObjectKind::kDocument, std::nullopt, 1,
                                   [&](std::size_t, std::int64_t, const Id& id,
                                       const Id& compartment, ByteView payload) -> Status {
                                     Result<Document> document =
                                         decode_document(id, compartment, payload);
                                     if (document) {
                                       documents.push_back(*std::move(document));
                                     } else {
                                       damaged(text_of(document.error()) + " " + to_hex(id.view()));
                                     }
                                     return {};
                                   }));
    for (const Document& document : documents) {
      const Status read = verify_content(vault_, view, document, use_);
      if (!read && read.error().code == Code::kLocked) {
        return read;
      }
      if (!read) {
        damaged(text_of(read.error()));
      }
    }
    return {};
  }

  Vault::Impl& vault_;
  const Lease::Use& use_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> Vault::verify(bool read_data) {
  return impl_->with_keys([&](Lease::Use& use) -> Result<VerifyReport> {
    COFFRE_TRY(impl_->record_event(impl_->event(Action::kVerify)));
    return Verifier(*impl_, use).run(read_data);
  });
}

}  // namespace coffre
