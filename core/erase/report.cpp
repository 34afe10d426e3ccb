#include "core/erase/erase.h"

namespace coffre {

std::string_view verdict_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOverwrittenInPlace:
      return "overwritten-in-place";
    case Verdict::kOverwrittenLogically:
      return "overwritten-logically";
    case Verdict::kNotGuaranteed:
      return "not-guaranteed";
    case Verdict::kFailed:
      return "failed";
  }
  return {};
}

std::string_view reason_word(Reason reason) {
  constexpr auto kWords = std::to_array<std::string_view>({
      "network-file-system",
      "fuse-file-system",
      "memory-file-system",
      "overlay-file-system",
      "copy-on-write",
      "unknown-file-system",
      "journaled-data",
      "journal-mode-unknown",
      "block-layer-copies",
      "shared-extents",
      "compressed-extents",
      "inline-extents",
      "unknown-extents",
      "no-extent-map",
      "moved-extents",
      "read-back-cached",
      "nothing-to-overwrite",
      "found-shorter",
      "use-unknown",
      "not-overwritten",
      "not-found",
      "moved",
      "not-expected",
      "path-not-plain",
      "link-in-path",
      "symbolic-link",
      "hard-links",
      "directory",
      "special-file",
      "mount-point",
      "foreign-owner",
      "write-protected",
      "immutable",
      "read-only-file-system",
      "access-refused",
      "in-use",
      "named-twice",
      "swapped",
      "changed-during",
      "cancelled",
      "no-space",
      "write-failed",
      "sync-failed",
      "read-back-failed",
      "read-back-differs",
      "truncate-failed",
      "unlink-failed",
      "directory-sync-failed",
      "limit",
      "out-of-memory",
      "system-refused",
  });
  static_assert(kWords.size() == kReasonCount);
  return kWords.at(static_cast<std::size_t>(reason));
}

std::string_view uncovered_word(Uncovered uncovered) {
  switch (uncovered) {
    case Uncovered::kBackups:
      return "backups";
    case Uncovered::kSnapshots:
      return "snapshots";
    case Uncovered::kEarlierVersions:
      return "earlier-versions";
    case Uncovered::kOtherCopies:
      return "other-copies";
    case Uncovered::kNameAndDates:
      return "name-and-dates";
    case Uncovered::kDates:
      return "dates";
    case Uncovered::kMemory:
      return "memory";
    case Uncovered::kJournaledContent:
      return "journaled-content";
    case Uncovered::kSpareBlocks:
      return "spare-blocks";
    case Uncovered::kReplacedSectors:
      return "replaced-sectors";
  }
  return {};
}

std::string_view left_word(Left left) {
  switch (left) {
    case Left::kNothing:
      return "nothing";
    case Left::kNameMayReturn:
      return "name-may-return";
    case Left::kOverwritten:
      return "overwritten";
    case Left::kPartlyOverwritten:
      return "partly-overwritten";
    case Left::kUntouched:
      return "untouched";
  }
  return {};
}

std::string_view method_word(Method method) {
  switch (method) {
    case Method::kNone:
      return "none";
    case Method::kRandomPassReadDirectly:
      return "random-pass-read-directly";
    case Method::kRandomPassReadCached:
      return "random-pass-read-cached";
  }
  return {};
}

std::optional<Verdict> verdict_of(std::string_view word) {
  for (const Verdict verdict : {Verdict::kOverwrittenInPlace, Verdict::kOverwrittenLogically,
                                Verdict::kNotGuaranteed, Verdict::kFailed}) {
    if (verdict_word(verdict) == word) return verdict;
  }
  return std::nullopt;
}

std::optional<Reason> reason_of(std::string_view word) {
  for (std::size_t i = 0; i < kReasonCount; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (reason_word(reason) == word) return reason;
  }
  return std::nullopt;
}

}  // namespace coffre
