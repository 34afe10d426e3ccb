// A viewer that was taken over, for tests of who trusts it: the number that it is started with is
// the lie that it tells. Never installed.
#include <array>
#include <cstdlib>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/viewer_protocol.h"
#include "tests/core/render/lies.h"

namespace {

using namespace coffre;          // NOLINT(google-build-using-namespace): a program of one file
using namespace coffre::viewer;  // NOLINT(google-build-using-namespace)
using test::Lie;

void say(ByteView message) {
  if (::send(kChannelFd, message.data(), message.size(), MSG_NOSIGNAL) < 0) std::_Exit(1);
}

// What an honest viewer would say of a document of three pages.
Reply honest(const Request& request) {
  Reply reply;
  reply.number = request.number;
  reply.status = ReplyStatus::kDone;
  reply.pages = 3;
  reply.width_pt = 100;
  reply.height_pt = 200;
  reply.width = request.width;
  reply.height = 1;
  return reply;
}

void lie(Lie which, const Request& request, MutableByteView shared) {
  Reply reply = honest(request);
  const bool opening = request.kind == RequestKind::kOpen;
  switch (which) {
    case Lie::kNone:
      break;
    case Lie::kSilence:
      if (!opening) return;
      break;
    case Lie::kNoOpening:
      return;
    case Lie::kEnd:
      std::_Exit(0);
    case Lie::kEndLater:
      if (!opening) std::_Exit(0);
      break;
    case Lie::kLongMessage:
      say(Bytes(50'000, Byte{0xff}));
      return;
    case Lie::kShortMessage:
      say(Bytes(3, Byte{1}));
      return;
    case Lie::kOtherNumber:
      reply.number += 1;
      break;
    case Lie::kTwoReplies:
      if (opening) say(encode(reply));
      break;
    case Lie::kManyPages:
      reply.pages = 0xffffffff;
      break;
    case Lie::kTallPicture:
      reply.height = 0xffffffff;
      break;
    case Lie::kOtherWidth:
      if (!opening) reply.width += 1;
      break;
    case Lie::kNoSize:
      reply.width_pt = -1;
      break;
    case Lie::kMuchText:
      reply.text_bytes = 0xffffffff;
      break;
    case Lie::kWordsWithoutEnd:
      // A count of words that the bytes do not have.
      reply.text_bytes = 8;
      std::fill(shared.begin(), shared.begin() + 8, Byte{0});
      shared[2] = 1;
      break;
    case Lie::kWordsThatAreNoText: {
      const Word word{.x0 = 0, .y0 = 0, .x1 = 1, .y1 = 1, .text = "xx"};
      Bytes bytes = encode_words({word});
      bytes.back() = 0xff;
      std::copy(bytes.begin(), bytes.end(), shared.begin());
      reply.text_bytes = static_cast<std::uint32_t>(bytes.size());
      break;
    }
  }
  say(encode(reply));
}

}  // namespace

int main(int count, char** words) {
  if (count != 3) return 2;
  const auto which = static_cast<Lie>(std::atoi(words[2]));
  const auto shared = map_to_write(kPixelsFd, kPixelBytesMax);
  if (!shared) return 1;
  while (true) {
    std::array<Byte, kRequestSize> message{};
    const ssize_t got = ::read(kChannelFd, message.data(), message.size());
    if (got <= 0) return 0;
    const auto request = decode_request(ByteView(message).first(static_cast<std::size_t>(got)));
    if (!request) return 1;
    lie(which, *request, *shared);
  }
}
