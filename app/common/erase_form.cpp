// The record as a form to print: a head with who and when, the result in numbers, what was not
// reached, and a block for each file.
#include <algorithm>
#include <array>

#include "app/common/erase_record.h"
#include "app/common/erase_text.h"
#include "app/common/i18n.h"
#include "app/common/pdf_sheet.h"
#include "core/base/text.h"
#include "core/base/time.h"

namespace coffre {
namespace {

constexpr std::uint32_t kAccent = 0x0F766E;
constexpr std::uint32_t kText = 0x1F2937;
constexpr std::uint32_t kMuted = 0x6B7280;
constexpr std::uint32_t kLine = 0xD1D5DB;
constexpr std::uint32_t kTint = 0xF0F7F6;
constexpr PdfSheet::Style kBody{.size = 9.5, .bold = false, .colour = kText};
constexpr PdfSheet::Style kSmall{.size = 8.5, .bold = false, .colour = kMuted};
constexpr PdfSheet::Style kStrong{.size = 9.5, .bold = true, .colour = kText};
constexpr PdfSheet::Style kHeading{.size = 11, .bold = true, .colour = kAccent};
constexpr double kLeft = PdfSheet::kMargin;
constexpr double kLabels = 128;  // the width of a column of labels
constexpr std::size_t kVerdicts = 4;

std::uint32_t colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
    case Verdict::kOverwrittenLogically:
      return kAccent;
    case Verdict::kNotGuaranteed:
      return 0xB45309;
    case Verdict::kFailed:
      return 0xB91C1C;
  }
  return kText;
}

const char* meaning_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return N_("the file's blocks hold random bytes now, in the same places, and were read back.");
    case Verdict::kOverwrittenLogically:
      return N_(
          "the file's blocks hold random bytes now and were read back; the medium may keep old "
          "blocks "
          "that its plug does not reach.");
    case Verdict::kNotGuaranteed:
      return N_(
          "overwritten and removed, but something speaks against the old content having been hit.");
    case Verdict::kFailed:
      return N_("refused, or interrupted: each file says what is left.");
  }
  return "";
}

const char* destruction_title(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return N_("destroyed, key overwritten in place");
    case Verdict::kOverwrittenLogically:
      return N_("destroyed, key overwritten");
    case Verdict::kNotGuaranteed:
      return N_("gone, overwriting of the key not guaranteed");
    case Verdict::kFailed:
      return N_("gone, but remains may be in the vault's files");
  }
  return "";
}

const char* destruction_meaning(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return N_(
          "the places of the sealed keys were read back and do not have them any more; without "
          "them nobody can open what may be left of the content.");
    case Verdict::kOverwrittenLogically:
      return N_(
          "the places of the sealed keys were read back and do not have them any more; the medium "
          "may keep old blocks that its plug does not reach. To open those takes a key of the "
          "vault, too.");
    case Verdict::kNotGuaranteed:
      return N_(
          "nobody finds it in the vault, but something speaks against the old key having been "
          "hit. To open remains takes a key of the vault, too.");
    case Verdict::kFailed:
      return N_("the next unlock that has the vault for itself overwrites them.");
  }
  return "";
}

class Form {
 public:
  Form(PdfSheet& sheet, const EraseRecord& record) : sheet_(sheet), record_(record) {}

  void draw() {
    head();
    facts();
    result();
    uncovered();
    files();
    documents();
  }

 private:
  [[nodiscard]] bool is_of_documents() const { return !record_.destructions.empty(); }

  void head() {
    sheet_.box(0, -PdfSheet::kMargin, PdfSheet::kWidth, 7, kAccent);
    sheet_.paragraph(kLeft, {"Coffre"}, {.size = 10, .bold = true, .colour = kAccent});
    sheet_.skip(4);
    sheet_.paragraph(kLeft, {record_title(record_)}, {.size = 20, .bold = true, .colour = kText});
    sheet_.skip(2);
    wrapped(kLeft, PdfSheet::kInner, kSmall,
            is_of_documents()
                ? tr(N_("What the program did with the documents below, inside the vault, and what "
                        "it could see of it. What it cannot reach is listed."))
                : tr(N_("What the program did with the files below, and what it could see of it. "
                        "What it cannot reach is listed. File names may name patients: keep this "
                        "sheet as you keep their documents.")));
    sheet_.skip(10);
  }

  void facts() {
    fact(tr(N_("Begun")), format_time(record_.start_ms));
    fact(tr(N_("Ended")), format_time(record_.end_ms));
    fact(tr(N_("User of the computer")), printable(record_.system_user));
    fact(tr(N_("Account of the vault")),
         record_.account ? printable(*record_.account) : tr(N_("none: no vault was unlocked")));
    fact(tr(N_("Workstation")), printable(record_.workstation));
    fact(tr(N_("Folder of the call")), printable(record_.directory));
    fact(tr(N_("Program")), record_.program);
    const bool any_entry = std::ranges::any_of(
        record_.erasures, [](const RecordedErasure& each) { return each.entry.has_value(); });
    if (!any_entry && !is_of_documents()) {
      fact(tr(N_("Journal")), journal_text(std::nullopt));
    }
    sheet_.skip(14);
  }

  void fact(const std::string& label, const std::string& value) {
    const auto lines = sheet_.wrap(value, kBody, PdfSheet::kInner - kLabels);
    constexpr double kAir = 3.5;
    sheet_.need(PdfSheet::line_height(kBody) + 2 * kAir);
    sheet_.box(kLeft, 0, PdfSheet::kInner, 0.5, kLine);
    sheet_.skip(kAir);
    sheet_.text(kLeft, kBody.size, label, kSmall);
    sheet_.paragraph(kLeft + kLabels, lines, kBody);
    sheet_.skip(kAir);
  }

  void heading(const std::string& text) {
    sheet_.need(60);
    sheet_.paragraph(kLeft, {text}, kHeading);
    sheet_.skip(4);
  }

  void wrapped(double x, double width, const PdfSheet::Style& style, const std::string& text) {
    sheet_.paragraph(x, sheet_.wrap(text, style, width), style);
  }

  // How many files or documents have each verdict, and what it means.
  void result() {
    std::array<std::size_t, kVerdicts> counts{};
    for (const RecordedErasure& erasure : record_.erasures) {
      ++counts.at(static_cast<std::size_t>(erasure.report.verdict));
    }
    for (const RecordedDestruction& destruction : record_.destructions) {
      ++counts.at(static_cast<std::size_t>(destruction.destroyed.verdict));
    }
    heading(tr(N_("Result")));
    for (std::size_t i = 0; i < kVerdicts; ++i) {
      if (counts.at(i) > 0) {
        verdict_row(static_cast<Verdict>(i), counts.at(i));
      }
    }
    sheet_.skip(12);
  }

  void verdict_row(Verdict verdict, std::size_t count) {
    constexpr double kCount = 44;
    constexpr double kAir = 7;
    const PdfSheet::Style number{.size = 15, .bold = true, .colour = colour_of(verdict)};
    const PdfSheet::Style name{.size = 9.5, .bold = true, .colour = colour_of(verdict)};
    const double width = PdfSheet::kInner - kCount - 2 * kAir;
    const char* title = is_of_documents() ? destruction_title(verdict) : verdict_text(verdict);
    const auto names = sheet_.wrap(tr(title), name, width);
    const auto meaning =
        sheet_.wrap(tr(is_of_documents() ? destruction_meaning(verdict) : meaning_text(verdict)),
                    kSmall, width);
    const double height = static_cast<double>(names.size()) * PdfSheet::line_height(name) +
                          static_cast<double>(meaning.size()) * PdfSheet::line_height(kSmall) +
                          2 * kAir;
    sheet_.need(height + 4);
    sheet_.box(kLeft, 0, PdfSheet::kInner, height, kTint);
    sheet_.box(kLeft, 0, 2.5, height, colour_of(verdict));
    sheet_.text(kLeft + 12, kAir + number.size, std::to_string(count), number);
    sheet_.skip(kAir);
    sheet_.paragraph(kLeft + 12 + kCount, names, name);
    sheet_.paragraph(kLeft + 12 + kCount, meaning, kSmall);
    sheet_.skip(kAir + 4);
  }

  void uncovered() {
    const std::vector<Uncovered> all = uncovered_of(record_);
    if (all.empty()) {
      return;
    }
    heading(tr(N_("Not reached by any overwriting")));
    for (const Uncovered each : all) {
      sheet_.need(PdfSheet::line_height(kBody));
      sheet_.box(kLeft + 2, 5.2, 3, 3, kAccent);
      wrapped(kLeft + 12, PdfSheet::kInner - 12, kBody, tr(uncovered_text(each)));
    }
    sheet_.skip(14);
  }

  void files() {
    if (is_of_documents()) {
      return;
    }
    const std::string count = std::to_string(record_.erasures.size());
    heading(fill(tr(N_("Files: {}")), {count}));
    std::size_t number = 0;
    for (const RecordedErasure& erasure : record_.erasures) {
      file(++number, erasure);
    }
  }

  void file(std::size_t number, const RecordedErasure& erasure) {
    const EraseReport& report = erasure.report;
    block(number, {.title = printable(report.path),
                   .verdict = report.verdict,
                   .verdict_text = tr(verdict_text(report.verdict)),
                   .reasons = reasons_text(report),
                   .details = details(erasure)});
  }

  void documents() {
    if (!is_of_documents()) {
      return;
    }
    heading(fill(tr(N_("Documents: {}")), {std::to_string(record_.destructions.size())}));
    std::size_t number = 0;
    for (const RecordedDestruction& destruction : record_.destructions) {
      const Destroyed& destroyed = destruction.destroyed;
      std::string reasons;
      for (const Reason reason : destroyed.reasons) {
        reasons += (reasons.empty() ? "" : ", ") + std::string(tr(reason_text(reason)));
      }
      block(++number, {.title = to_hex(destroyed.document.view()),
                       .verdict = destroyed.verdict,
                       .verdict_text = tr(destruction_title(destroyed.verdict)),
                       .reasons = std::move(reasons),
                       .details = details(destruction)});
    }
  }

  struct Block {
    std::string title;
    Verdict verdict;
    std::string verdict_text;
    std::string reasons;
    std::vector<std::string> details;
  };

  void block(std::size_t number, const Block& block) {
    constexpr double kIndent = 30;
    constexpr double kWidth = PdfSheet::kInner - kIndent;
    constexpr double kWhole = 78;  // a usual block stays in one piece
    sheet_.need(kWhole);
    sheet_.box(kLeft, 0, PdfSheet::kInner, 0.5, kLine);
    sheet_.skip(6);
    sheet_.text(kLeft, kStrong.size, std::to_string(number), kSmall);
    wrapped(kLeft + kIndent, kWidth, kStrong, block.title);
    const PdfSheet::Style verdict{.size = 9.5, .bold = true, .colour = colour_of(block.verdict)};
    wrapped(kLeft + kIndent, kWidth, verdict, block.verdict_text);
    if (!block.reasons.empty()) {
      wrapped(kLeft + kIndent, kWidth, kBody, fill(tr(N_("Because: {}")), {block.reasons}));
    }
    for (const std::string& line : block.details) {
      wrapped(kLeft + kIndent, kWidth, kSmall, line);
    }
    sheet_.skip(6);
  }

  static std::vector<std::string> details(const RecordedDestruction& destruction) {
    const Destroyed& destroyed = destruction.destroyed;
    std::string lay = fill(tr(N_("In the vault's file {}")), {printable(destruction.vault_path)});
    if (!destroyed.file_system.empty()) {
      lay += "; " + printable(destroyed.file_system) + ", " + medium_text(destroyed.medium);
    }
    return {lay, fill(tr(N_("Method: {}")), {destruction_method_text(destroyed.verdict)}),
            fill(tr(N_("Journal: {}")), {journal_text(entry_of(destruction))})};
  }

  static std::vector<std::string> details(const RecordedErasure& erasure) {
    const EraseReport& report = erasure.report;
    std::string lay;
    if (report.identity) {
      lay = fill(tr(N_("bytes: {}, overwritten: {}; device {}, inode {}")),
                 {std::to_string(report.size), std::to_string(report.bytes),
                  device_text(report.identity->device), std::to_string(report.identity->inode)});
    } else {
      lay = tr(N_("it was not opened"));
    }
    if (!report.file_system.empty()) {
      lay += "; " + printable(report.file_system) + ", " + medium_text(report.medium);
    }
    std::vector<std::string> lines{lay, fill(tr(N_("Method: {}")), {method_text(report.method)}),
                                   fill(tr(N_("What is left: {}")), {tr(left_text(report.left))})};
    if (erasure.care) {
      lines.emplace_back(tr(care_text(*erasure.care)));
    }
    if (erasure.entry) {
      lines.push_back(fill(tr(N_("Journal: {}")), {journal_text(erasure.entry)}));
    }
    return lines;
  }

  PdfSheet& sheet_;
  const EraseRecord& record_;
};

}  // namespace

Result<Bytes> record_pdf(const EraseRecord& record) {
  const std::string ended = format_time(record.end_ms);
  COFFRE_TRY_ASSIGN(const std::unique_ptr<PdfSheet> sheet,
                    PdfSheet::create(record_title(record), ended));
  Form(*sheet, record).draw();
  return sheet->finish([&](std::size_t page, std::size_t pages) {
    return std::pair(record_title(record) + " · " + ended,
                     fill(tr(N_("page {} of {}")), {std::to_string(page), std::to_string(pages)}));
  });
}

}  // namespace coffre
