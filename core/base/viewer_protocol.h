// What Coffre and coffre-viewer say to each other: small messages of a fixed size over a Channel;
// pixels and words go through shared memory. One request, one reply.
//
// Guarantees: a decoder takes exactly what its encoder writes; every number from the other side is
// within the limits below when it is handed on, so that neither side can make the other take memory
// or read outside its own. Not covered: whether pixels and words are those of the document; a
// viewer that was taken over can show anything. Threads: values, no shared state.
//
//   request   u32 number, u8 kind, u8 document, u8 quarter turns, u32 page, u32 width
//   reply     u32 number, u8 status, u8 fonts missing, u32 pages, f64 width, f64 height (points),
//             u32 width, u32 height (pixels), u32 bytes of words
//   words     u32 count, then for each: f32 x0, y0, x1, y1, u16 length, UTF-8
//
// Floats are the bits of IEEE 754, big-endian as all integers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/memory_file.h"

namespace coffre::viewer {

// The descriptors that the viewer finds open.
inline constexpr int kChannelFd = 3;
inline constexpr int kContentFd = 4;
inline constexpr int kPixelsFd = 5;

inline constexpr std::uint64_t kContentMax = MemoryFile::kSizeMax;
inline constexpr std::uint32_t kPagesMax = 1'000'000;
inline constexpr std::uint32_t kSideMax = 16'384;        // pixels of a side
inline constexpr std::uint32_t kPixelsMax = 25'000'000;  // an A3 page at 300 dpi, and half again
inline constexpr std::size_t kPixelBytesMax = std::size_t{kPixelsMax} * 4;
inline constexpr double kPointsMax = 1e6;  // of a side: 350 metres
// Whether a page can have such a side: false for zero, less, more, and what is no number.
[[nodiscard]] bool is_page_length(double points);
inline constexpr std::uint32_t kWordsMax = 200'000;
inline constexpr std::uint32_t kWordBytesMax = 1'024;
inline constexpr std::uint32_t kTextBytesMax = 16U << 20;
static_assert(kTextBytesMax <= kPixelBytesMax);

enum class DocumentKind : std::uint8_t { kPdf = 1, kJpeg, kPng, kTiff, kWebp };
// nullopt: not a kind that is shown.
[[nodiscard]] std::optional<DocumentKind> document_kind(std::string_view mime);

enum class RequestKind : std::uint8_t { kOpen = 1, kInfo, kDraw, kText };
struct Request {
  std::uint32_t number = 0;  // comes back in the reply
  RequestKind kind = RequestKind::kOpen;
  DocumentKind document = DocumentKind::kPdf;  // kOpen
  std::uint8_t quarter_turns = 0;              // kDraw: 0 to 3, clockwise
  std::uint32_t page = 0;                      // from 0
  std::uint32_t width = 0;                     // kDraw: pixels, after the turns; 1 to kSideMax
};

enum class ReplyStatus : std::uint8_t {
  kDone = 1,
  kBroken,     // damaged, or of a kind that the viewer does not know
  kProtected,  // wants a password of its own
  kNoPage,
  kLimit,      // more pixels, pages or bytes than the limits
  kMemory,     // memory was refused
  kNoSandbox,  // the sandbox could not be entered: nothing was read
};
struct Reply {
  std::uint32_t number = 0;
  ReplyStatus status = ReplyStatus::kBroken;
  bool fonts_missing = false;    // kDraw
  std::uint32_t pages = 0;       // kOpen: 1 to kPagesMax
  double width_pt = 0;           // kInfo
  double height_pt = 0;          // kInfo
  std::uint32_t width = 0;       // kDraw
  std::uint32_t height = 0;      // kDraw
  std::uint32_t text_bytes = 0;  // kText
};

inline constexpr std::size_t kRequestSize = 15;
inline constexpr std::size_t kReplySize = 38;

[[nodiscard]] Bytes encode(const Request& request);
[[nodiscard]] Bytes encode(const Reply& reply);
// kDamaged: not a message of this protocol, or a number outside its limits.
[[nodiscard]] Result<Request> decode_request(ByteView message);
// A reply to `request`: also kDamaged when it answers another, or lacks what was asked for.
[[nodiscard]] Result<Reply> decode_reply(ByteView message, const Request& request);

// A word and its box: 0 to 1 of the page as it is shown without turns, origin top left.
struct Word {
  float x0 = 0;
  float y0 = 0;
  float x1 = 0;
  float y1 = 0;
  std::string text;  // UTF-8
};
// Words beyond the limits are left out.
[[nodiscard]] Bytes encode_words(const std::vector<Word>& words);
[[nodiscard]] Result<std::vector<Word>> decode_words(ByteView bytes);

// The height that belongs to a width, for a page of this shape; kLimit when a side or the number of
// pixels is beyond its limit.
[[nodiscard]] Result<std::uint32_t> height_for(std::uint32_t width, double page_width,
                                               double page_height);

}  // namespace coffre::viewer
