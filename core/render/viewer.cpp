#include "core/render/viewer.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>

#include "core/base/channel.h"
#include "core/base/process.h"
#include "core/base/secret.h"
#include "core/base/viewer_protocol.h"

namespace coffre {
namespace {

using viewer::DocumentKind;
using viewer::Reply;
using viewer::ReplyStatus;
using viewer::Request;
using viewer::RequestKind;

constexpr const char* kElsewhere = N_("export it to look at it in another program");

std::unexpected<Error> closed() {
  return fail(Code::kFailed, N_("the document is not shown any more"));
}

std::unexpected<Error> error_of(ReplyStatus status) {
  switch (status) {
    case ReplyStatus::kProtected:
      return fail(Code::kFailed, N_("the document is protected by a password of its own"), {},
                  kElsewhere);
    case ReplyStatus::kNoPage:
      return fail(Code::kNotFound, N_("the document has no such page"));
    case ReplyStatus::kLimit:
      return fail(Code::kLimit, N_("the document is too large to be shown at this size"), {},
                  kElsewhere);
    case ReplyStatus::kMemory:
      return fail(Code::kFailed, N_("showing the document takes too much memory"), {}, kElsewhere);
    case ReplyStatus::kNoSandbox:
      return fail(Code::kFailed, N_("the sandbox for documents cannot be made on this machine"), {},
                  N_("documents are shown on Linux 5.4 or newer, with seccomp"));
    default:
      return fail(Code::kFailed, N_("the document is damaged, or of a kind that cannot be shown"),
                  {}, kElsewhere);
  }
}

// Not a path that another account could fill: that of the build counts for programs of it only.
std::string find_program() {
  constexpr std::string_view kName = "/coffre-viewer";
  const std::string here = program_directory();
  std::string beside = here + std::string(kName);
  if (!here.empty() && is_executable(beside)) return beside;
  if (here.starts_with(COFFRE_BUILD_DIR "/")) {
    std::string built = std::string(COFFRE_VIEWER_DIR) + std::string(kName);
    if (is_executable(built)) return built;
  }
  return parent_directory(here) + "/" COFFRE_LIBEXEC_DIR + std::string(kName);
}

// A running viewer and the way to talk to it.
struct Running {
  Process process;
  Channel channel;
};

}  // namespace

bool can_be_shown(const std::string& mime) { return viewer::document_kind(mime).has_value(); }

struct Viewer::Impl {
  DocumentKind kind = DocumentKind::kPdf;
  ViewerOptions options;
  std::string program;
  std::uint32_t pages = 0;
  std::uint32_t number = 0;  // of the last request
  std::size_t used = 0;      // bytes of `shared` that hold something

  // Held during a call. What it guards goes only under it.
  std::mutex call;
  MemoryFile content;
  SharedMemory shared;

  // Guards what close() reaches into while a call waits; never held for long.
  mutable std::mutex state;
  std::unique_ptr<Running> running;
  bool is_closed = false;

  [[nodiscard]] std::int64_t deadline() const {
    // A little of the patience is kept for killing the process and saying so.
    const std::int64_t kept = std::min<std::int64_t>(options.patience_ms / 10, 300);
    return system_clock().steady_ms() + options.patience_ms - kept;
  }

  // Ends the process, if one runs.
  void stop() {
    std::unique_ptr<Running> ended;
    {
      const std::lock_guard guard(state);
      ended.swap(running);
    }
  }

  void wipe_shared() {
    shared.wipe(used);
    used = 0;
  }

  [[nodiscard]] Status start();
  [[nodiscard]] Result<Reply> ask(Request request, std::int64_t deadline_ms);
  [[nodiscard]] Result<Reply> exchange(const Request& request, std::int64_t deadline_ms);
  [[nodiscard]] Status open_document(std::int64_t deadline_ms);
  [[nodiscard]] Result<Reply> call_for(Request request);
};

Status Viewer::Impl::start() {
  COFFRE_TRY_ASSIGN(auto ends, Channel::pair());
  SpawnOptions how;
  how.program = program;
  if (options.landlock_max >= 0) {
    how.arguments = {"--landlock-max", std::to_string(options.landlock_max)};
  }
  // Nothing of ours: no home, hence no configuration or fonts of the account.
  how.environment = {"LANG=C.UTF-8"};
  how.descriptors = {ends.second.fd(), content.fd(), shared.fd()};
  COFFRE_TRY_ASSIGN(Process process, Process::spawn(how));
  const std::lock_guard guard(state);
  if (is_closed) return closed();
  running = std::make_unique<Running>(Running{std::move(process), std::move(ends.first)});
  return {};
}

// One request and its reply. The process is ended by whatever is not an answer.
Result<Reply> Viewer::Impl::exchange(const Request& request, std::int64_t deadline_ms) {
  // Only this call and close() touch `running`, and close() leaves the object in its place.
  COFFRE_TRY(running->channel.send(viewer::encode(request)));
  std::array<Byte, viewer::kReplySize + 1> message{};
  const auto got = running->channel.receive(message, system_clock(), deadline_ms);
  if (!got) {
    return fail(Code::kFailed, N_("showing the document takes too long"), {}, kElsewhere);
  }
  if (*got == 0) {
    return fail(Code::kFailed, N_("the document made the program that shows it stop"), {},
                kElsewhere);
  }
  auto reply = *got > message.size() ? Result<Reply>(fail(Code::kDamaged, ""))
                                     : viewer::decode_reply(ByteView(message).first(*got), request);
  if (!reply) {
    return fail(Code::kFailed, N_("the program that shows documents gives an impossible answer"),
                {}, kElsewhere);
  }
  return reply;
}

Result<Reply> Viewer::Impl::ask(Request request, std::int64_t deadline_ms) {
  request.number = ++number;
  auto reply = exchange(request, deadline_ms);
  if (!reply) {
    stop();
    const std::lock_guard guard(state);
    if (is_closed) return closed();
    return reply;
  }
  if (reply->status != ReplyStatus::kDone) return error_of(reply->status);
  return reply;
}

Status Viewer::Impl::open_document(std::int64_t deadline_ms) {
  COFFRE_TRY(start());
  const auto reply = ask({.kind = RequestKind::kOpen, .document = kind}, deadline_ms);
  if (!reply) {
    stop();
    return std::unexpected(reply.error());
  }
  pages = reply->pages;
  return {};
}

Result<Reply> Viewer::Impl::call_for(Request request) {
  const std::int64_t deadline_ms = deadline();
  wipe_shared();
  bool runs = false;
  {
    const std::lock_guard guard(state);
    if (is_closed) return closed();
    runs = running != nullptr;
  }
  if (!runs) {
    const std::uint32_t before = pages;
    COFFRE_TRY(open_document(deadline_ms));
    if (pages != before) {  // the same bytes: somebody plays with us
      pages = before;
      stop();
      return error_of(ReplyStatus::kBroken);
    }
  }
  auto reply = ask(request, deadline_ms);
  if (!reply) shared.wipe_all();  // a page that was half drawn
  return reply;
}

Viewer::Viewer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Viewer::~Viewer() { close(); }

Result<std::unique_ptr<Viewer>> Viewer::open(MemoryFile content, const std::string& mime,
                                             const ViewerOptions& options) {
  COFFRE_ASSERT(content.is_sealed());
  const auto kind = viewer::document_kind(mime);
  if (!kind || content.size() == 0) return error_of(ReplyStatus::kBroken);
  auto impl = std::make_unique<Impl>();
  impl->kind = *kind;
  impl->options = options;
  impl->program = options.program.empty() ? find_program() : options.program;
  impl->content = std::move(content);
  COFFRE_TRY_ASSIGN(impl->shared, SharedMemory::create("coffre", viewer::kPixelBytesMax));
  COFFRE_TRY(impl->open_document(impl->deadline()));
  return std::unique_ptr<Viewer>(new Viewer(std::move(impl)));
}

std::uint32_t Viewer::pages() const { return impl_->pages; }

Result<PageInfo> Viewer::page_info(std::uint32_t page) {
  const std::lock_guard guard(impl_->call);
  COFFRE_TRY_ASSIGN(const Reply reply, impl_->call_for({.kind = RequestKind::kInfo, .page = page}));
  return PageInfo{.width_pt = reply.width_pt, .height_pt = reply.height_pt};
}

Result<PageImage> Viewer::draw(std::uint32_t page, std::uint32_t width_px, int quarter_turns) {
  const std::lock_guard guard(impl_->call);
  return draw_in_call(page, width_px, quarter_turns);
}

Status Viewer::draw(std::uint32_t page, std::uint32_t width_px, int quarter_turns,
                    const TakePage& take) {
  const std::lock_guard guard(impl_->call);
  COFFRE_TRY_ASSIGN(const PageImage image, draw_in_call(page, width_px, quarter_turns));
  take(image);
  return {};
}

Result<PageImage> Viewer::draw_in_call(std::uint32_t page, std::uint32_t width_px,
                                       int quarter_turns) {
  if (width_px == 0 || width_px > viewer::kSideMax) return error_of(ReplyStatus::kLimit);
  Request request{.kind = RequestKind::kDraw, .page = page, .width = width_px};
  request.quarter_turns = static_cast<std::uint8_t>((quarter_turns % 4 + 4) % 4);
  COFFRE_TRY_ASSIGN(const Reply reply, impl_->call_for(request));
  const std::size_t stride = std::size_t{reply.width} * 4;
  impl_->used = stride * reply.height;
  const MutableByteView pixels = impl_->shared.bytes().first(impl_->used);
  return PageImage{.width = reply.width,
                   .height = reply.height,
                   .stride = stride,
                   .rgba = std::as_bytes(pixels),
                   .fonts_missing = reply.fonts_missing};
}

Result<PageText> Viewer::text(std::uint32_t page) {
  const std::lock_guard guard(impl_->call);
  COFFRE_TRY_ASSIGN(const Reply reply, impl_->call_for({.kind = RequestKind::kText, .page = page}));
  impl_->used = reply.text_bytes;
  // A copy: what is checked below must not change any more.
  const MutableByteView shared = impl_->shared.bytes().first(reply.text_bytes);
  const WipedBytes copy(shared.begin(), shared.end());
  impl_->wipe_shared();
  auto words = viewer::decode_words(copy);
  if (!words) {
    impl_->stop();
    return error_of(ReplyStatus::kBroken);
  }
  PageText text;
  text.words.reserve(words->size());
  for (viewer::Word& word : *words) {
    text.words.push_back({word.x0, word.y0, word.x1, word.y1, std::move(word.text)});
  }
  return text;
}

void Viewer::set_patience(std::int64_t patience_ms) {
  const std::lock_guard guard(impl_->call);
  impl_->options.patience_ms = patience_ms;
}

void Viewer::close() {
  {
    const std::lock_guard guard(impl_->state);
    impl_->is_closed = true;
    if (impl_->running) {
      impl_->running->process.kill();
      impl_->running->channel.shut();
    }
  }
  // A call that waited comes back now.
  const std::lock_guard guard(impl_->call);
  impl_->stop();
  impl_->shared.wipe_all();
  impl_->used = 0;
  impl_->shared = SharedMemory();
  impl_->content = MemoryFile();
}

int Viewer::process_id() const {
  const std::lock_guard guard(impl_->state);
  return impl_->running ? impl_->running->process.id() : 0;
}

}  // namespace coffre
