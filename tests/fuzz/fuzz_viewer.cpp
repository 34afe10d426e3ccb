// What reads documents and what reads the viewer's answers, without the sandbox around them. The
// first byte of an input chooses which. The libraries are not compiled for fuzzing, so that what is
// fuzzed is our side of them; Poppler, of which nearly nothing is ours, is left out: its faults are
// what the sandbox is for.
#include "app/viewer/document.h"
#include "app/viewer/jpeg_head.h"
#include "app/viewer/serve.h"
#include "core/base/viewer_protocol.h"
#include "tests/fuzz/fuzz.h"

namespace coffre::viewer {
namespace {

constexpr std::uint32_t kWidth = 64;
constexpr std::size_t kShared = std::size_t{1} << 20;
constexpr std::uint64_t kSourceMax = 4'000'000;

// Opened, measured, drawn and read, as by a program that is curious.
void look_at(DocumentKind kind, ByteView content) {
  if (kind == DocumentKind::kJpeg) {
    const auto head = read_jpeg_head(content);
    if (head && std::uint64_t{head->picture.width} * head->picture.height > kSourceMax) return;
  }
  static Bytes shared(kShared);
  Service service(content, shared);
  Request request{.number = 1, .kind = RequestKind::kOpen, .document = kind};
  const Reply opened = service.answer(request);
  COFFRE_ASSERT(decode_reply(encode(opened), request).has_value());
  if (opened.status != ReplyStatus::kDone) return;
  request = {.number = 2, .kind = RequestKind::kInfo, .page = opened.pages - 1};
  COFFRE_ASSERT(decode_reply(encode(service.answer(request)), request).has_value());
  for (const RequestKind asked : {RequestKind::kDraw, RequestKind::kText}) {
    request = {.number = 3, .kind = asked, .quarter_turns = 1, .page = 0, .width = kWidth};
    const Reply reply = service.answer(request);
    COFFRE_ASSERT(decode_reply(encode(reply), request).has_value());
    if (asked == RequestKind::kText && reply.status == ReplyStatus::kDone) {
      COFFRE_ASSERT(decode_words(ByteView(shared).first(reply.text_bytes)).has_value());
    }
  }
}

void read_messages(ByteView input) {
  if (const auto request = decode_request(input)) {
    COFFRE_ASSERT(request->quarter_turns <= 3 && request->width <= kSideMax);
    expect_same(encode(*request), input);
  }
  if (input.size() < kRequestSize) return;
  const auto request = decode_request(input.first(kRequestSize));
  if (!request) return;
  if (const auto reply = decode_reply(input.subspan(kRequestSize), *request)) {
    COFFRE_ASSERT(reply->number == request->number);
    if (reply->status == ReplyStatus::kDone && request->kind == RequestKind::kDraw) {
      COFFRE_ASSERT(std::uint64_t{reply->width} * reply->height <= kPixelsMax);
    }
    expect_same(encode(*reply), input.subspan(kRequestSize));
  }
}

void read_words(ByteView input) {
  if (const auto words = decode_words(input)) {
    COFFRE_ASSERT(words->size() <= kWordsMax);
    expect_same(encode_words(*words), input);
  }
}

}  // namespace
}  // namespace coffre::viewer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;          // NOLINT(google-build-using-namespace): the name is libFuzzer's
  using namespace coffre::viewer;  // NOLINT(google-build-using-namespace)
  if (size == 0) return 0;
  const ByteView input = ByteView(data, size).subspan(1);
  constexpr std::uint8_t kChoices = 7;
  switch (data[0] % kChoices) {
    case 0:
      read_messages(input);
      break;
    case 1:
      read_words(input);
      break;
    case 2:
      (void)exif_orientation(input);
      break;
    default:
      look_at(static_cast<DocumentKind>(data[0] % kChoices - 1), input);
  }
  return 0;
}
