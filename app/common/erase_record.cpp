#include "app/common/erase_record.h"

#include <algorithm>
#include <array>
#include <pwd.h>
#include <set>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "core/base/text.h"
#include "core/base/time.h"

namespace coffre {
namespace {

using Json = nlohmann::ordered_json;

bool ends_with_word(const std::string& path, std::string_view ending) {
  return path.size() > ending.size() &&
         std::ranges::equal(std::string_view(path).substr(path.size() - ending.size()), ending, {},
                            ascii_lower);
}

// Whether both name the same place. One whose directory is not there names none.
bool is_same_place(const std::string& one, const std::string& other) {
  const auto first = absolute_path(one);
  const auto second = absolute_path(other);
  return first && second && *first == *second;
}

// A word for programs, and the same for people.
template <typename Value>
Json word_and_text(std::string_view word, const char* (*text)(Value), Value value) {
  return {{"word", word}, {"text", tr(text(value))}};
}

void put_path(Json& json, const char* key, const std::string& path) {
  const std::string shown = printable(path);
  json[key] = shown;
  if (shown != path) {
    json[std::string(key) + "_hex"] = to_hex(as_bytes(path));
  }
}

Json entry_json(const std::optional<RecordedEntry>& entry) {
  const bool is_numbered = entry && entry->sequence;
  Json json = {{"entry", is_numbered ? Json(*entry->sequence) : Json()},
               {"text", journal_text(entry)}};
  if (!entry) {
    return json;
  }
  if (entry->copy) {
    json["copy"] = to_hex(entry->copy->view());
  }
  json["document"] = to_hex(entry->document.view());
  json["vault"] = to_hex(entry->vault.view());
  return json;
}

void put_verdict(Json& json, Verdict verdict, const std::vector<Reason>& reasons) {
  json["verdict"] = word_and_text(verdict_word(verdict), verdict_text, verdict);
  json["reasons"] = Json::array();
  for (const Reason reason : reasons) {
    json["reasons"].push_back(word_and_text(reason_word(reason), reason_text, reason));
  }
}

void put_uncovered(Json& json, const std::vector<Uncovered>& uncovered) {
  json["uncovered"] = Json::array();
  for (const Uncovered each : uncovered) {
    json["uncovered"].push_back(uncovered_word(each));
  }
}

Json medium_json(Medium medium) {
  return {{"word", medium_name(medium)}, {"text", medium_text(medium)}};
}

Json erasure_json(const RecordedErasure& erasure) {
  const EraseReport& report = erasure.report;
  Json json;
  put_path(json, "path", report.path);
  put_verdict(json, report.verdict, report.reasons);
  if (!report.found_as.empty()) {
    put_path(json, "found_as", report.found_as);
  }
  if (report.error) {
    json["error"] = tr(report.error->what);
  }
  json["size"] = report.size;
  json["overwritten"] = report.bytes;
  json["device"] = report.identity ? Json(device_text(report.identity->device)) : Json();
  json["inode"] = report.identity ? Json(report.identity->inode) : Json();
  json["filesystem"] = report.file_system;
  json["medium"] = medium_json(report.medium);
  json["method"] = {{"word", method_word(report.method)}, {"text", method_text(report.method)}};
  json["left"] = word_and_text(left_word(report.left), left_text, report.left);
  put_uncovered(json, report.uncovered);
  if (erasure.care) {
    json["filesystem_journal"] = word_and_text(care_word(*erasure.care), care_text, *erasure.care);
  }
  json["journal"] = entry_json(erasure.entry);
  return json;
}

Json destruction_json(const RecordedDestruction& destruction) {
  const Destroyed& destroyed = destruction.destroyed;
  Json json = {{"document", to_hex(destroyed.document.view())}};
  put_path(json, "vault_path", destruction.vault_path);
  put_verdict(json, destroyed.verdict, destroyed.reasons);
  if (destroyed.error) {
    json["error"] = tr(destroyed.error->what);
  }
  json["filesystem"] = destroyed.file_system;
  json["medium"] = medium_json(destroyed.medium);
  const bool is_done = destroyed.verdict != Verdict::kFailed;
  json["method"] = {{"word", is_done ? "key-then-rows" : method_word(Method::kNone)},
                    {"text", destruction_method_text(destroyed.verdict)}};
  put_uncovered(json, destroyed.uncovered);
  json["journal"] = entry_json(entry_of(destruction));
  return json;
}

template <typename Each, typename Make>
Json list_of(const std::vector<Each>& all, Make make) {
  Json list = Json::array();
  for (const Each& each : all) {
    list.push_back(make(each));
  }
  return list;
}

}  // namespace

std::string system_user() {
  const uid_t number = getuid();
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(number, &entry, room.data(), room.size(), &found) == 0 && found != nullptr) {
    return printable(found->pw_name) + " (" + std::to_string(number) + ")";
  }
  return std::to_string(number);
}

std::string record_title(const EraseRecord& record) {
  return record.destructions.empty() ? tr(N_("File erasure record"))
                                     : tr(N_("Document destruction record"));
}

std::string method_text(Method method) {
  switch (method) {
    case Method::kNone:
      return tr(N_("none: it was not overwritten to its end"));
    case Method::kRandomPassReadDirectly:
      return tr(N_("one random pass (AES-256-CTR), read back past the computer's memory"));
    case Method::kRandomPassReadCached:
      return tr(N_("one random pass (AES-256-CTR), read back, perhaps from the computer's memory"));
  }
  return {};
}

std::string medium_text(Medium medium) {
  switch (medium) {
    case Medium::kUnknown:
      return tr(N_("medium unknown"));
    case Medium::kFlash:
      return tr(N_("flash memory"));
    case Medium::kRotating:
      return tr(N_("disk with rotating platters"));
  }
  return {};
}

std::string destruction_method_text(Verdict verdict) {
  if (verdict == Verdict::kFailed) {
    return method_text(Method::kNone);
  }
  return tr(
      N_("sealed keys overwritten with zeros and read back, then rows and ciphertext removed and "
         "overwritten"));
}

std::string journal_text(const std::optional<RecordedEntry>& entry) {
  if (!entry) {
    return tr(N_("none: the files belong to no vault"));
  }
  const std::string document = to_hex(entry->document.view());
  const std::string vault = to_hex(entry->vault.view());
  if (entry->copy) {
    return fill(tr(N_("copy {} of document {}; entered in the journal of vault {} after its next "
                      "unlock, without a number until then")),
                {to_hex(entry->copy->view()), document, vault});
  }
  if (!entry->sequence) {
    return fill(tr(N_("document {} of vault {}; nothing was entered, as it was not begun")),
                {document, vault});
  }
  return fill(tr(N_("entry {} in the journal of vault {}, document {}")),
              {std::to_string(*entry->sequence), vault, document});
}

RecordedEntry entry_of(const RecordedDestruction& destruction) {
  const Destroyed& destroyed = destruction.destroyed;
  return {.vault = destruction.vault, .document = destroyed.document, .sequence = destroyed.entry};
}

std::string device_text(std::uint64_t device) {
  return std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

std::vector<Uncovered> uncovered_of(const EraseRecord& record) {
  std::set<Uncovered> uncovered;
  for (const RecordedDestruction& destruction : record.destructions) {
    const auto& each = destruction.destroyed.uncovered;
    uncovered.insert(each.begin(), each.end());
  }
  for (const RecordedErasure& erasure : record.erasures) {
    if (erasure.report.verdict != Verdict::kFailed) {
      uncovered.insert(erasure.report.uncovered.begin(), erasure.report.uncovered.end());
    }
  }
  return {uncovered.begin(), uncovered.end()};
}

std::string record_json(const EraseRecord& record) {
  Json uncovered = Json::array();
  for (const Uncovered each : uncovered_of(record)) {
    uncovered.push_back(word_and_text(uncovered_word(each), uncovered_text, each));
  }
  const bool is_of_documents = !record.destructions.empty();
  Json json = {{"record", is_of_documents ? "document-destruction" : "file-erasure"},
               {"version", 1},
               {"title", record_title(record)},
               {"program", record.program},
               {"workstation", record.workstation},
               {"start", format_time(record.start_ms)},
               {"end", format_time(record.end_ms)},
               {"user", record.system_user},
               {"account", record.account ? Json(*record.account) : Json()}};
  put_path(json, "directory", record.directory);
  if (is_of_documents) {
    json["documents"] = list_of(record.destructions, destruction_json);
  } else {
    json["files"] = list_of(record.erasures, erasure_json);
  }
  json["uncovered"] = std::move(uncovered);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<EraseRecordFile> EraseRecordFile::reserve(const std::string& path,
                                                 std::span<const std::string> erased) {
  const bool is_pdf = ends_with_word(path, ".pdf");
  if (!is_pdf && !ends_with_word(path, ".json")) {
    return fail(Code::kInvalidArgument, N_("a record ends in .pdf or .json"), path);
  }
  if (std::ranges::any_of(erased,
                          [&](const std::string& each) { return is_same_place(path, each); })) {
    return fail(Code::kInvalidArgument, N_("the record would be one of the files to be erased"),
                path, N_("choose another name"));
  }
  COFFRE_TRY_ASSIGN(PrivateOutput output, PrivateOutput::create(path));
  return EraseRecordFile(std::move(output), is_pdf);
}

Status EraseRecordFile::write(const EraseRecord& record) {
  if (is_pdf_) {
    COFFRE_TRY_ASSIGN(const Bytes pdf, record_pdf(record));
    COFFRE_TRY(output_.write(pdf));
  } else {
    COFFRE_TRY(output_.write(as_bytes(record_json(record))));
  }
  return output_.commit();
}

}  // namespace coffre
