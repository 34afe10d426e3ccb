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

Json copy_json(const std::optional<RecordedCopy>& copy) {
  Json json = {{"entry", nullptr}, {"text", journal_text(copy)}};
  if (copy) {
    json["copy"] = copy->id;
    json["document"] = copy->document;
    json["vault"] = copy->vault;
  }
  return json;
}

Json erasure_json(const RecordedErasure& erasure) {
  const EraseReport& report = erasure.report;
  Json json;
  put_path(json, "path", report.path);
  json["verdict"] = word_and_text(verdict_word(report.verdict), verdict_text, report.verdict);
  json["reasons"] = Json::array();
  for (const Reason reason : report.reasons) {
    json["reasons"].push_back(word_and_text(reason_word(reason), reason_text, reason));
  }
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
  json["medium"] = {{"word", medium_name(report.medium)}, {"text", medium_text(report.medium)}};
  json["method"] = {{"word", method_word(report.method)}, {"text", method_text(report.method)}};
  json["left"] = word_and_text(left_word(report.left), left_text, report.left);
  json["uncovered"] = Json::array();
  for (const Uncovered uncovered : report.uncovered) {
    json["uncovered"].push_back(uncovered_word(uncovered));
  }
  if (erasure.care) {
    json["filesystem_journal"] = word_and_text(care_word(*erasure.care), care_text, *erasure.care);
  }
  json["journal"] = copy_json(erasure.copy);
  return json;
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

std::string record_title() { return tr(N_("File erasure record")); }

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

std::string journal_text(const std::optional<RecordedCopy>& copy) {
  if (!copy) {
    return tr(N_("none: the files belong to no vault"));
  }
  return fill(tr(N_("copy {} of document {}; entered in the journal of vault {} after its next "
                    "unlock, without a number until then")),
              {copy->id, copy->document, copy->vault});
}

std::string device_text(std::uint64_t device) {
  return std::to_string(major(device)) + ":" + std::to_string(minor(device));
}

std::vector<Uncovered> uncovered_of(const EraseRecord& record) {
  std::set<Uncovered> uncovered;
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
  Json files = Json::array();
  for (const RecordedErasure& erasure : record.erasures) {
    files.push_back(erasure_json(erasure));
  }
  Json json = {{"record", "file-erasure"},
               {"version", 1},
               {"title", record_title()},
               {"program", record.program},
               {"workstation", record.workstation},
               {"start", format_time(record.start_ms)},
               {"end", format_time(record.end_ms)},
               {"user", record.system_user},
               {"account", record.account ? Json(*record.account) : Json()}};
  put_path(json, "directory", record.directory);
  json["files"] = std::move(files);
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
