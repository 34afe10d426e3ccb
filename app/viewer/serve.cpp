#include "app/viewer/serve.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <new>
#include <optional>
#include <unistd.h>

#include "app/viewer/picture.h"

namespace coffre::viewer {
namespace {

struct ContextDeleter {
  void operator()(cairo_t* context) const { cairo_destroy(context); }
};
using Context = std::unique_ptr<cairo_t, ContextDeleter>;

// From the page in points, upright, to pixels after clockwise quarter turns.
void place_page(cairo_t* context, const PageSize& page, int quarter_turns, double width,
                double height) {
  switch (quarter_turns) {
    case 1:
      cairo_translate(context, width, 0);
      break;
    case 2:
      cairo_translate(context, width, height);
      break;
    case 3:
      cairo_translate(context, 0, height);
      break;
    default:
      break;
  }
  cairo_rotate(context, quarter_turns * M_PI / 2);
  const bool sideways = quarter_turns % 2 == 1;
  cairo_scale(context, (sideways ? height : width) / page.width,
              (sideways ? width : height) / page.height);
}

// Cairo's pixels are words of 00RRGGBB; ours are bytes red, green, blue, 255.
void to_rgba(MutableByteView pixels) {
  for (std::size_t at = 0; at + 4 <= pixels.size(); at += 4) {
    std::uint32_t pixel = 0;
    std::memcpy(&pixel, pixels.data() + at, sizeof(pixel));
    pixel = 0xff000000U | (pixel & 0xffU) << 16U | (pixel & 0xff00U) | (pixel >> 16U & 0xffU);
    std::memcpy(pixels.data() + at, &pixel, sizeof(pixel));
  }
}

// nullopt: the other side has gone, or talks nonsense.
std::optional<Request> next_request() {
  std::array<Byte, kRequestSize + 1> message{};
  while (true) {
    const ssize_t got = ::read(kChannelFd, message.data(), message.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return std::nullopt;
    const auto request = decode_request(ByteView(message).first(static_cast<std::size_t>(got)));
    return request ? std::optional(*request) : std::nullopt;
  }
}

bool send_reply(const Reply& reply) {
  const Bytes message = encode(reply);
  return ::write(kChannelFd, message.data(), message.size()) ==
         static_cast<ssize_t>(message.size());
}

}  // namespace

ReplyStatus status_of(Code code) {
  switch (code) {
    case Code::kCredentials:
      return ReplyStatus::kProtected;
    case Code::kNotFound:
      return ReplyStatus::kNoPage;
    case Code::kLimit:
      return ReplyStatus::kLimit;
    case Code::kOutOfMemory:
      return ReplyStatus::kMemory;
    default:
      return ReplyStatus::kBroken;
  }
}

Reply Service::answer(const Request& request) {
  Reply reply;
  reply.number = request.number;
  Status done;
  try {
    switch (request.kind) {
      case RequestKind::kOpen:
        done = open(request, reply);
        break;
      case RequestKind::kInfo:
        done = info(request, reply);
        break;
      case RequestKind::kDraw:
        done = draw(request, reply);
        break;
      case RequestKind::kText:
        done = words(request, reply);
        break;
    }
  } catch (const std::bad_alloc&) {
    done = fail(Code::kOutOfMemory, "the document needs more memory than it may have");
  } catch (const std::exception&) {
    done = fail(Code::kDamaged, "the document is not of a kind that can be shown");
  }
  reply.status = done ? ReplyStatus::kDone : status_of(done.error().code);
  return reply;
}

Status Service::open(const Request& request, Reply& reply) {
  if (document_) {
    return fail(Code::kDamaged, "the document is open already");
  }
  COFFRE_TRY_ASSIGN(document_, open_document(request.document, content_));
  reply.pages = document_->pages();
  return {};
}

Status Service::info(const Request& request, Reply& reply) {
  if (!document_) return fail(Code::kNotFound, "there is no such page");
  COFFRE_TRY_ASSIGN(const PageSize size, document_->size(request.page));
  if (!is_page_length(size.width) || !is_page_length(size.height)) {
    return fail(Code::kLimit, "the page is too large to be shown at this size");
  }
  reply.width_pt = size.width;
  reply.height_pt = size.height;
  return {};
}

Status Service::draw(const Request& request, Reply& reply) {
  if (!document_) return fail(Code::kNotFound, "there is no such page");
  COFFRE_TRY_ASSIGN(const PageSize size, document_->size(request.page));
  const bool sideways = request.quarter_turns % 2 == 1;
  COFFRE_TRY_ASSIGN(const std::uint32_t height,
                    height_for(request.width, sideways ? size.height : size.width,
                               sideways ? size.width : size.height));
  const std::size_t stride = std::size_t{request.width} * 4;
  if (stride * height > shared_.size()) {
    return fail(Code::kLimit, "the page is too large to be shown at this size");
  }
  const MutableByteView pixels = shared_.first(stride * height);
  const Surface surface(cairo_image_surface_create_for_data(
      pixels.data(), CAIRO_FORMAT_RGB24, static_cast<int>(request.width), static_cast<int>(height),
      static_cast<int>(stride)));
  const Context context(cairo_create(surface.get()));
  cairo_set_source_rgb(context.get(), 1, 1, 1);
  cairo_paint(context.get());
  place_page(context.get(), size, request.quarter_turns, request.width, height);
  const double scale = (sideways ? height : request.width) / size.width;
  COFFRE_TRY(document_->draw(request.page, context.get(), scale));
  cairo_surface_finish(surface.get());
  to_rgba(pixels);
  reply.fonts_missing = document_->fonts_missing(request.page);
  reply.width = request.width;
  reply.height = height;
  return {};
}

Status Service::words(const Request& request, Reply& reply) {
  if (!document_) return fail(Code::kNotFound, "there is no such page");
  COFFRE_TRY_ASSIGN(const std::vector<Word> found, document_->words(request.page));
  const Bytes bytes = encode_words(found);
  if (bytes.size() > shared_.size()) {
    return fail(Code::kLimit, "the page has too much text");
  }
  std::memcpy(shared_.data(), bytes.data(), bytes.size());
  reply.text_bytes = static_cast<std::uint32_t>(bytes.size());
  return {};
}

void serve(Service& service) {
  while (const auto request = next_request()) {
    ::alarm(kRequestSeconds);
    const Reply reply = service.answer(*request);
    ::alarm(0);
    if (!send_reply(reply)) return;
  }
}

void answer_no_sandbox() {
  if (const auto request = next_request()) {
    Reply reply;
    reply.number = request->number;
    reply.status = ReplyStatus::kNoSandbox;
    (void)send_reply(reply);
  }
}

}  // namespace coffre::viewer
