#include "app/common/erase_text.h"

#include <algorithm>
#include <array>

#include "app/common/i18n.h"
#include "core/base/text.h"

namespace coffre {
namespace {

// The reasons of a forecast are about what will be; those that read the same stay as they are.
const char* future_reason(Reason reason) {
  switch (reason) {
    case Reason::kNetworkFileSystem:
      return N_("the folder lies on another machine, which may keep copies");
    case Reason::kMemoryFileSystem:
      return N_("the folder lies in memory, which may be written to the swap space");
    case Reason::kOverlayFileSystem:
      return N_("a layer below may keep the file");
    default:
      return reason_text(reason);
  }
}

std::string future_reasons(const EraseForecast& forecast) {
  std::string reasons;
  for (const Reason reason : forecast.reasons) {
    reasons += (reasons.empty() ? "" : ", ") + std::string(tr(future_reason(reason)));
  }
  return reasons;
}

}  // namespace

const char* verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return N_("overwritten in place");
    case Verdict::kOverwrittenLogically:
      return N_("overwritten; a flash medium may keep remains");
    case Verdict::kNotGuaranteed:
      return N_("removed, but not guaranteed");
    case Verdict::kFailed:
      return N_("not erased");
  }
  return "";
}

const char* reason_text(Reason reason) {
  constexpr auto kTexts = std::to_array<const char*>({
      N_("the file lay on another machine"),
      N_("another program decides where this folder's bytes go"),
      N_("the file lay in memory, which may have been written to the swap space"),
      N_("a layer below may still have the file"),
      N_("the file system writes every change to a new place"),
      N_("the behaviour of this file system is not known"),
      N_("the file system keeps contents in its journal too"),
      N_("it is not known whether the file system keeps contents in its journal"),
      N_("the volume below keeps old blocks"),
      N_("a snapshot or another file holds the same blocks"),
      N_("the file was stored compressed"),
      N_("the file was kept among the file system's own records"),
      N_("the file system does not say where the file lies"),
      N_("there is no map of the file's blocks"),
      N_("the file lay elsewhere after it was overwritten"),
      N_("what was written could not be read past the memory"),
      N_("the file was empty"),
      N_("the file was shorter than it once was"),
      N_("it is not known whether another program was writing to it"),
      N_("it was removed without having been overwritten"),
      N_("there is no such file"),
      N_("the file bears another name now"),
      N_("the name belongs to another file now"),
      N_("the path has a \"..\" or does not name a file"),
      N_("the path goes through a symbolic link"),
      N_("this is a symbolic link"),
      N_("the file has a second name"),
      N_("this is a directory"),
      N_("this is not an ordinary file"),
      N_("something is mounted over it"),
      N_("the file belongs to somebody else"),
      N_("the file is protected against writing"),
      N_("the file may not be changed"),
      N_("the file system can only be read"),
      N_("the system refused access"),
      N_("another program has it open for writing"),
      N_("the same file was named twice"),
      N_("somebody gave the name to another file meanwhile"),
      N_("the file was changed meanwhile"),
      N_("it was cancelled"),
      N_("there is no space left"),
      N_("writing failed"),
      N_("the disk did not confirm the writing"),
      N_("reading back failed"),
      N_("the disk holds something else than was written"),
      N_("the file could not be cut"),
      N_("the name could not be removed"),
      N_("the disk did not confirm that the name was removed"),
      N_("a limit of the program or of the system was reached"),
      N_("there is not enough memory"),
      N_("a call to the system failed"),
  });
  static_assert(kTexts.size() == kReasonCount);
  return kTexts.at(static_cast<std::size_t>(reason));
}

const char* left_text(Left left) {
  switch (left) {
    case Left::kNothing:
      return N_("nothing is left under this name");
    case Left::kNameMayReturn:
      return N_("the content is gone; a loss of power may bring the name back");
    case Left::kOverwritten:
      return N_("the content is overwritten; the name is still there");
    case Left::kPartlyOverwritten:
      return N_("the content may be overwritten in part; the file is still there");
    case Left::kUntouched:
      return N_("the file was not touched");
  }
  return "";
}

const char* uncovered_text(Uncovered uncovered) {
  switch (uncovered) {
    case Uncovered::kBackups:
      return N_("backups, and copies on other machines");
    case Uncovered::kSnapshots:
      return N_("snapshots of the file system or of the machine");
    case Uncovered::kEarlierVersions:
      return N_("earlier versions that a program left when it saved");
    case Uncovered::kOtherCopies:
      return N_("other copies: thumbnails, temporary files, mail, the printer");
    case Uncovered::kNameAndDates:
      return N_("the file's name and dates in the file system's records");
    case Uncovered::kDates:
      return N_("the file's dates, and its name in folders where it lay before");
    case Uncovered::kMemory:
      return N_("the memory of programs that had it open, and the swap space");
    case Uncovered::kJournaledContent:
      return N_("copies of the content in the file system's journal");
    case Uncovered::kSpareBlocks:
      return N_("blocks that a flash medium put aside");
    case Uncovered::kReplacedSectors:
      return N_("sectors that a disk put aside");
  }
  return "";
}

std::string reasons_text(const EraseReport& report) {
  std::string text;
  const auto add = [&](std::string_view more) {
    text += text.empty() ? "" : ", ";
    text += more;
  };
  for (const Reason reason : report.reasons) {
    add(tr(reason_text(reason)));
  }
  if (!report.found_as.empty()) {
    add(printable(report.found_as));
  }
  // Its reason says the same as a rule; the system's own words where it is none of the known ones.
  const bool said =
      !report.reasons.empty() &&
      std::ranges::find(report.reasons, Reason::kSystemRefused) == report.reasons.end();
  if (report.error && !said) {
    add(tr(report.error->what));
  }
  if (report.verdict == Verdict::kFailed) {
    add(tr(left_text(report.left)));
  }
  return text;
}

const char* worth_word(Verdict verdict, Medium medium) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return N_("Overwritten in place");
    case Verdict::kOverwrittenLogically:
      return medium == Medium::kFlash ? N_("Overwritten, flash") : N_("Overwritten, disk unknown");
    case Verdict::kNotGuaranteed:
      return N_("Not guaranteed");
    case Verdict::kFailed:
      return N_("Not erased");
  }
  return "";
}

std::string forecast_text(const EraseForecast& forecast) {
  if (forecast.verdict == Verdict::kOverwrittenInPlace) {
    return tr(
        N_("Disk with rotating platters: the copy will be overwritten in place and read back. What "
           "others make of it until then, and backups, are not reached."));
  }
  if (forecast.verdict == Verdict::kOverwrittenLogically) {
    return tr(forecast.medium == Medium::kFlash
                  ? N_("Flash memory: the copy will be overwritten and read back, but the medium "
                       "may keep remains that nothing erases. Without encryption of the disk, "
                       "choose another place.")
                  : N_("It is not known what the disk is made of: the copy will be overwritten and "
                       "read back, but flash memory may keep remains that nothing erases."));
  }
  return fill(
      tr(N_("Not guaranteed: {}. The copy will be overwritten and removed all the same, but "
            "its content may stay there. Choose another place.")),
      {future_reasons(forecast)});
}

const char* destroyed_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return N_("The document is destroyed: its key is overwritten in place.");
    case Verdict::kOverwrittenLogically:
      return N_(
          "The document is destroyed: its key is overwritten; a flash medium may keep "
          "remains.");
    case Verdict::kNotGuaranteed:
      return N_("The document is gone; that its key was overwritten is not guaranteed:");
    case Verdict::kFailed:
      return N_(
          "The document is gone, but remains of it may be in the vault's files; unlock the "
          "vault again to overwrite them:");
  }
  return "";
}

std::string destroyed_words(Verdict verdict, const std::vector<Reason>& reasons) {
  std::string text = tr(destroyed_text(verdict));
  for (std::size_t at = 0; at < reasons.size(); ++at) {
    text += (at == 0 ? " " : ", ") + std::string(tr(reason_text(reasons[at])));
  }
  return reasons.empty() ? text : text + ".";
}

std::string destruction_forecast_text(const EraseForecast& forecast) {
  switch (forecast.verdict) {
    case Verdict::kOverwrittenInPlace:
      return tr(
          N_("Disk with rotating platters: the key will be overwritten in place and read "
             "back."));
    case Verdict::kOverwrittenLogically:
      return tr(forecast.medium == Medium::kFlash
                    ? N_("Flash memory: the key will be overwritten and read back, but the medium "
                         "may keep remains. To open them takes a key of the vault, too.")
                    : N_("It is not known what the disk is made of: the key will be overwritten "
                         "and read back, but flash memory may keep remains. To open them takes a "
                         "key of the vault, too."));
    case Verdict::kNotGuaranteed:
    case Verdict::kFailed:
      break;
  }
  return fill(
      tr(N_("Not guaranteed: {}. The key will be overwritten all the same, but the disk may "
            "keep it. To open it takes a key of the vault, too.")),
      {future_reasons(forecast)});
}

}  // namespace coffre
