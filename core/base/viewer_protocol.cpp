#include "core/base/viewer_protocol.h"

#include <array>
#include <bit>
#include <cmath>

#include "core/base/text.h"

namespace coffre::viewer {
namespace {

std::unexpected<Error> nonsense() {
  return fail(Code::kDamaged, N_("the program that shows documents gives an impossible answer"));
}

void put(Writer& out, double value) { out.u64(std::bit_cast<std::uint64_t>(value)); }
void put(Writer& out, float value) { out.u32(std::bit_cast<std::uint32_t>(value)); }

Result<double> take_double(Reader& in) {
  COFFRE_TRY_ASSIGN(const std::uint64_t bits, in.u64());
  return std::bit_cast<double>(bits);
}

// A place on the page; outside of it (or not a number) is a lie.
Result<float> take_place(Reader& in) {
  COFFRE_TRY_ASSIGN(const std::uint32_t bits, in.u32());
  const auto value = std::bit_cast<float>(bits);
  const bool is_on_page = value >= 0.0F && value <= 1.0F;  // false for what is no number
  if (!is_on_page) return nonsense();
  return value;
}

// Whether a reply that says "done" has what was asked for, within the limits.
bool fits(const Reply& reply, const Request& request) {
  switch (request.kind) {
    case RequestKind::kOpen:
      return reply.pages >= 1 && reply.pages <= kPagesMax;
    case RequestKind::kInfo:
      return is_page_length(reply.width_pt) && is_page_length(reply.height_pt);
    case RequestKind::kDraw:
      return reply.width == request.width && reply.height >= 1 && reply.height <= kSideMax &&
             std::uint64_t{reply.width} * reply.height <= kPixelsMax;
    case RequestKind::kText:
      return reply.text_bytes <= kTextBytesMax;
  }
  return false;
}

Result<Word> take_word(Reader& in) {
  Word word;
  for (float* const place : {&word.x0, &word.y0, &word.x1, &word.y1}) {
    COFFRE_TRY_ASSIGN(*place, take_place(in));
  }
  COFFRE_TRY_ASSIGN(const std::uint16_t size, in.u16());
  if (size > kWordBytesMax || word.x0 > word.x1 || word.y0 > word.y1) return nonsense();
  COFFRE_TRY_ASSIGN(const ByteView text, in.take(size));
  if (!is_utf8(as_text(text))) return nonsense();
  word.text = as_text(text);
  return word;
}

}  // namespace

bool is_page_length(double points) { return points > 0 && points <= kPointsMax; }

std::optional<DocumentKind> document_kind(std::string_view mime) {
  if (mime == "application/pdf") return DocumentKind::kPdf;
  if (mime == "image/jpeg") return DocumentKind::kJpeg;
  if (mime == "image/png") return DocumentKind::kPng;
  if (mime == "image/tiff") return DocumentKind::kTiff;
  if (mime == "image/webp") return DocumentKind::kWebp;
  return std::nullopt;
}

Bytes encode(const Request& request) {
  Writer out;
  out.u32(request.number)
      .u8(static_cast<std::uint8_t>(request.kind))
      .u8(static_cast<std::uint8_t>(request.document))
      .u8(request.quarter_turns)
      .u32(request.page)
      .u32(request.width);
  COFFRE_ASSERT(out.size() == kRequestSize);
  return out.take();
}

Result<Request> decode_request(ByteView message) {
  Reader in(message);
  Request request;
  COFFRE_TRY_ASSIGN(request.number, in.u32());
  COFFRE_TRY_ASSIGN(const std::uint8_t kind, in.u8());
  COFFRE_TRY_ASSIGN(const std::uint8_t document, in.u8());
  COFFRE_TRY_ASSIGN(request.quarter_turns, in.u8());
  COFFRE_TRY_ASSIGN(request.page, in.u32());
  COFFRE_TRY_ASSIGN(request.width, in.u32());
  COFFRE_TRY(in.finish());
  request.kind = static_cast<RequestKind>(kind);
  request.document = static_cast<DocumentKind>(document);
  const bool drawn = request.kind == RequestKind::kDraw;
  if (kind < static_cast<std::uint8_t>(RequestKind::kOpen) ||
      kind > static_cast<std::uint8_t>(RequestKind::kText) ||
      document < static_cast<std::uint8_t>(DocumentKind::kPdf) ||
      document > static_cast<std::uint8_t>(DocumentKind::kWebp) || request.quarter_turns > 3 ||
      request.width > kSideMax || (drawn && request.width == 0)) {
    return nonsense();
  }
  return request;
}

Bytes encode(const Reply& reply) {
  Writer out;
  out.u32(reply.number)
      .u8(static_cast<std::uint8_t>(reply.status))
      .u8(reply.fonts_missing ? 1 : 0)
      .u32(reply.pages);
  put(out, reply.width_pt);
  put(out, reply.height_pt);
  out.u32(reply.width).u32(reply.height).u32(reply.text_bytes);
  COFFRE_ASSERT(out.size() == kReplySize);
  return out.take();
}

Result<Reply> decode_reply(ByteView message, const Request& request) {
  Reader in(message);
  Reply reply;
  COFFRE_TRY_ASSIGN(reply.number, in.u32());
  COFFRE_TRY_ASSIGN(const std::uint8_t status, in.u8());
  COFFRE_TRY_ASSIGN(const std::uint8_t fonts_missing, in.u8());
  COFFRE_TRY_ASSIGN(reply.pages, in.u32());
  COFFRE_TRY_ASSIGN(reply.width_pt, take_double(in));
  COFFRE_TRY_ASSIGN(reply.height_pt, take_double(in));
  COFFRE_TRY_ASSIGN(reply.width, in.u32());
  COFFRE_TRY_ASSIGN(reply.height, in.u32());
  COFFRE_TRY_ASSIGN(reply.text_bytes, in.u32());
  COFFRE_TRY(in.finish());
  if (reply.number != request.number || fonts_missing > 1 ||
      status < static_cast<std::uint8_t>(ReplyStatus::kDone) ||
      status > static_cast<std::uint8_t>(ReplyStatus::kNoSandbox)) {
    return nonsense();
  }
  reply.status = static_cast<ReplyStatus>(status);
  reply.fonts_missing = fonts_missing == 1;
  if (reply.status == ReplyStatus::kDone && !fits(reply, request)) return nonsense();
  return reply;
}

Bytes encode_words(const std::vector<Word>& words) {
  Writer list;
  std::uint32_t count = 0;
  for (const Word& word : words) {
    constexpr std::size_t kHead = 18;
    if (count == kWordsMax || word.text.size() > kWordBytesMax || !is_utf8(word.text) ||
        list.size() + kHead + word.text.size() + sizeof(count) > kTextBytesMax) {
      continue;
    }
    put(list, word.x0);
    put(list, word.y0);
    put(list, word.x1);
    put(list, word.y1);
    list.u16(static_cast<std::uint16_t>(word.text.size())).raw(word.text);
    ++count;
  }
  Writer out;
  out.u32(count).raw(list.view());
  return out.take();
}

Result<std::vector<Word>> decode_words(ByteView bytes) {
  Reader in(bytes);
  COFFRE_TRY_ASSIGN(const std::uint32_t count, in.u32());
  if (count > kWordsMax) return nonsense();
  std::vector<Word> words;
  for (std::uint32_t i = 0; i < count; ++i) {
    COFFRE_TRY_ASSIGN(Word word, take_word(in));
    words.push_back(std::move(word));
  }
  COFFRE_TRY(in.finish());
  return words;
}

Result<std::uint32_t> height_for(std::uint32_t width, double page_width, double page_height) {
  // At least one line of pixels, however flat the page; NaN fails both comparisons.
  const double height = std::ceil(width * (page_height / page_width) - 1e-6);
  const double lines = height < 1 ? 1 : height;
  if (width == 0 || width > kSideMax || !is_page_length(page_width) ||
      !is_page_length(page_height) || !(lines <= kSideMax) || lines * width > kPixelsMax) {
    return fail(Code::kLimit, N_("the page is too large to be shown at this size"), {},
                N_("make it smaller"));
  }
  return static_cast<std::uint32_t>(lines);
}

}  // namespace coffre::viewer
