#include "core/vault/content.h"

#include <future>

#include "core/base/parallel.h"
#include "core/crypto/padme.h"
#include "core/vault/hints.h"

namespace coffre {
namespace {

constexpr std::size_t kSizeField = 8;
constexpr std::size_t kExtentsAtOnceMax = 64;

std::unexpected<Error> damaged_content() {
  return fail(Code::kDamaged, N_("the content of a document was changed or is incomplete"), {},
              kRestoreHint);
}

std::uint64_t message_bytes(std::uint64_t message_size, std::uint64_t chunk) {
  const std::uint64_t begin = chunk * chunked::kChunkSize;
  return std::min<std::uint64_t>(chunked::kChunkSize, message_size - begin);
}

}  // namespace

std::uint64_t content_message_size(std::uint64_t content_size) {
  return padme_size(content_size + kSizeField, chunked::kChunkSize);
}

std::uint32_t extent_count(std::uint64_t message_size) {
  return static_cast<std::uint32_t>((chunked::chunk_count(message_size) + kExtentChunks - 1) /
                                    kExtentChunks);
}

Bytes content_context(const Hash& vault, const Id& document, const Id& version) {
  Writer out;
  out.raw(label("coffre/content/v1")).fixed(vault).fixed(document).fixed(version);
  return out.take();
}

struct ContentSealer::Impl {
  ContentSource& source;
  std::size_t threads = 1;
  std::uint64_t content_size = 0;
  std::uint64_t message_size = 0;
  std::uint64_t content_left = 0;
  std::uint64_t next_chunk = 0;
  Secret dek;
  chunked::Keys keys;
  std::vector<chunked::Worker> workers;
  Secret plain;
  Sha256 ciphertext_hash;
  Sha256 content_hash;

  Impl(ContentSource& from, chunked::Keys made) : source(from), keys(std::move(made)) {}

  // The next bytes of the message: size field, content, zeros.
  Status fill(MutableByteView out) {
    if (next_chunk == 0) {
      Writer size;
      size.u64(content_size);
      std::ranges::copy(size.view(), out.begin());
      out = out.subspan(kSizeField);
    }
    const std::uint64_t taken = std::min<std::uint64_t>(out.size(), content_left);
    const MutableByteView part = out.first(taken);
    if (taken != 0) {
      COFFRE_TRY(source.read(part));
      content_hash.update(part);
      content_left -= taken;
      if (content_left == 0) {
        COFFRE_TRY(source.finish());
      }
    }
    std::ranges::fill(out.subspan(taken), Byte{0});
    return {};
  }
};

ContentSealer::ContentSealer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ContentSealer::ContentSealer(ContentSealer&&) noexcept = default;
ContentSealer& ContentSealer::operator=(ContentSealer&&) noexcept = default;
ContentSealer::~ContentSealer() = default;

Result<ContentSealer> ContentSealer::create(const Hash& vault, const Id& document,
                                            const Id& version, ContentSource& source,
                                            Random& random, std::size_t threads) {
  if (source.size() > kContentSizeMax) {
    return fail(Code::kLimit, N_("the document is larger than 1 TiB"));
  }
  COFFRE_TRY_ASSIGN(Secret dek, random.secret(chunked::kInputKeySize));
  COFFRE_TRY_ASSIGN(
      chunked::Keys keys,
      chunked::Keys::create(dek.expose(), content_context(vault, document, version), random));
  auto impl = std::make_unique<Impl>(source, std::move(keys));
  impl->dek = std::move(dek);
  impl->content_size = source.size();
  impl->content_left = source.size();
  impl->message_size = content_message_size(source.size());
  const std::uint64_t extents = extent_count(impl->message_size);
  impl->threads = std::clamp<std::size_t>(threads, 1, extents);
  for (std::size_t index = 0; index < impl->threads; ++index) {
    COFFRE_TRY_ASSIGN(chunked::Worker worker, chunked::Worker::create(impl->keys));
    impl->workers.push_back(std::move(worker));
  }
  return ContentSealer(std::move(impl));
}

std::uint32_t ContentSealer::extents() const { return extent_count(impl_->message_size); }
std::uint64_t ContentSealer::ciphertext_size() const {
  return chunked::ciphertext_size(impl_->message_size);
}
const Secret& ContentSealer::dek() const { return impl_->dek; }
Hash ContentSealer::ciphertext_sha256() { return impl_->ciphertext_hash.finish(); }
Hash ContentSealer::content_sha256() { return impl_->content_hash.finish(); }

void ContentSealer::lend(Secret buffer) { impl_->plain = std::move(buffer); }
Secret ContentSealer::take_back() { return std::move(impl_->plain); }

Status ContentSealer::next(std::size_t count, Bytes& out, std::vector<std::size_t>& sizes) {
  Impl& self = *impl_;
  COFFRE_ASSERT(count >= 1 && count <= kExtentsAtOnceMax);
  const std::uint64_t chunks_left = chunked::chunk_count(self.message_size) - self.next_chunk;
  const std::uint64_t chunks = std::min<std::uint64_t>(count * kExtentChunks, chunks_left);
  COFFRE_ASSERT(chunks > 0);
  const std::uint64_t begin = self.next_chunk * chunked::kChunkSize;
  const std::uint64_t plain_size =
      std::min<std::uint64_t>(chunks * chunked::kChunkSize, self.message_size - begin);
  if (self.plain.size() < plain_size) {
    COFFRE_TRY_ASSIGN(self.plain, Secret::create(std::max<std::size_t>(plain_size, 1)));
  }
  const MutableByteView plain = self.plain.expose().first(plain_size);
  COFFRE_TRY(self.fill(plain));
  const std::size_t head = self.next_chunk == 0 ? chunked::kHeaderSize : 0;
  out.resize(head + plain_size + chunks * kAeadTagSize);
  if (head != 0) {
    std::ranges::copy(self.keys.header(), out.begin());
  }
  // Each worker takes every n-th run of chunks; the hash of what was sealed follows in order.
  const std::size_t workers = std::min<std::size_t>(self.threads, chunks);
  COFFRE_TRY(parallel_for(workers, workers, [&](std::size_t which) -> Status {
    for (std::uint64_t chunk = which; chunk < chunks; chunk += workers) {
      const std::uint64_t index = self.next_chunk + chunk;
      const std::uint64_t size = message_bytes(self.message_size, index);
      self.workers[which].seal(index, plain.subspan(chunk * chunked::kChunkSize, size),
                               MutableByteView(out).subspan(
                                   head + chunk * chunked::kSealedChunkSize, size + kAeadTagSize));
    }
    return {};
  }));
  self.ciphertext_hash.update(out);
  self.next_chunk += chunks;
  sizes.clear();
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t size = std::min(kExtentSealed + (at == 0 ? head : 0), out.size() - at);
    sizes.push_back(size);
    at += size;
  }
  return {};
}

struct ContentOpener::Impl {
  chunked::Keys keys;
  Fetch fetch;
  std::uint64_t message_size = 0;
  std::uint64_t content_size = 0;

  explicit Impl(chunked::Keys made) : keys(std::move(made)) {}

  [[nodiscard]] std::size_t extent_size(std::uint32_t number) const {
    const std::uint64_t begin = std::uint64_t{number} * kExtentPlain;
    const std::uint64_t plain = std::min<std::uint64_t>(kExtentPlain, message_size - begin);
    const std::uint64_t first_chunk = std::uint64_t{number} * kExtentChunks;
    const std::uint64_t chunks =
        std::min<std::uint64_t>(kExtentChunks, chunked::chunk_count(message_size) - first_chunk);
    return plain + chunks * kAeadTagSize + (number == 0 ? chunked::kHeaderSize : 0);
  }

  // Opens one extent into `out`, which gets its size.
  Status open_extent(std::uint32_t number, chunked::Worker& worker, ByteView sealed,
                     MutableByteView out) const {
    if (number == 0) {
      sealed = sealed.subspan(chunked::kHeaderSize);
    }
    std::uint64_t chunk = std::uint64_t{number} * kExtentChunks;
    while (!sealed.empty()) {
      const std::size_t size = message_bytes(message_size, chunk);
      if (!worker.open(chunk, sealed.first(size + kAeadTagSize), out.first(size))) {
        return damaged_content();
      }
      sealed = sealed.subspan(size + kAeadTagSize);
      out = out.subspan(size);
      ++chunk;
    }
    return {};
  }
};

ContentOpener::ContentOpener(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ContentOpener::ContentOpener(ContentOpener&&) noexcept = default;
ContentOpener& ContentOpener::operator=(ContentOpener&&) noexcept = default;
ContentOpener::~ContentOpener() = default;

std::uint64_t ContentOpener::size() const { return impl_->content_size; }

Result<ContentOpener> ContentOpener::create(const Hash& vault, const Id& document,
                                            const Id& version, ByteView dek,
                                            std::uint64_t ciphertext_size, Fetch fetch) {
  COFFRE_TRY_ASSIGN(const std::uint64_t message, chunked::message_size(ciphertext_size));
  if (message < chunked::kChunkSize) {
    return damaged_content();
  }
  Bytes first;
  COFFRE_TRY(fetch(0, {&first, 1}));
  if (first.size() < chunked::kHeaderSize) {
    return damaged_content();
  }
  COFFRE_TRY_ASSIGN(chunked::Keys keys,
                    chunked::Keys::open(dek, content_context(vault, document, version),
                                        ByteView(first).first(chunked::kHeaderSize)));
  auto impl = std::make_unique<Impl>(std::move(keys));
  impl->message_size = message;
  impl->fetch = std::move(fetch);
  if (first.size() != impl->extent_size(0)) {
    return damaged_content();
  }
  COFFRE_TRY_ASSIGN(chunked::Worker worker, chunked::Worker::create(impl->keys));
  COFFRE_TRY_ASSIGN(Secret buffer, Secret::create(kExtentPlain));
  COFFRE_TRY(impl->open_extent(0, worker, first, buffer.expose()));
  Reader size_field(buffer.expose().first(kSizeField));
  COFFRE_TRY_ASSIGN(impl->content_size, size_field.u64());
  if (impl->content_size > kContentSizeMax || content_message_size(impl->content_size) != message) {
    return damaged_content();
  }
  const std::uint32_t last = extent_count(message) - 1;
  Bytes last_bytes;
  COFFRE_TRY(impl->fetch(last, {&last_bytes, 1}));
  if (last_bytes.size() != impl->extent_size(last)) {
    return damaged_content();
  }
  COFFRE_TRY(impl->open_extent(last, worker, last_bytes, buffer.expose()));
  return ContentOpener(std::move(impl));
}

// What read() works with: two batches of sealed extents, one being opened and one being fetched.
struct ContentOpener::Reading {
  Impl& opener;
  std::uint32_t extents;
  std::size_t batch;
  std::vector<chunked::Worker> workers;
  Secret plain;
  std::vector<Bytes> sealed;

  [[nodiscard]] std::size_t count_at(std::uint32_t number) const {
    return std::min<std::size_t>(batch, extents - number);
  }

  // The extents from `number` on, each of its right size.
  [[nodiscard]] Result<std::vector<Bytes>> fetch(std::uint32_t number, std::vector<Bytes> out) {
    out.resize(count_at(number));
    COFFRE_TRY(opener.fetch(number, out));
    for (std::size_t index = 0; index < out.size(); ++index) {
      if (out[index].size() != opener.extent_size(static_cast<std::uint32_t>(number + index))) {
        return damaged_content();
      }
    }
    return out;
  }

  // Opens the batch that begins with extent `number` into `plain`.
  [[nodiscard]] Status open(std::uint32_t number) {
    const std::size_t used = std::min(workers.size(), sealed.size());
    return parallel_for(used, used, [&](std::size_t which) -> Status {
      for (std::size_t index = which; index < sealed.size(); index += used) {
        COFFRE_TRY(opener.open_extent(static_cast<std::uint32_t>(number + index), workers[which],
                                      sealed[index], plain.expose().subspan(index * kExtentPlain)));
      }
      return {};
    });
  }

  // The part of `plain` that is content, the batch beginning at `position` of the message; the
  // padding is checked.
  [[nodiscard]] Result<ByteView> content_at(std::uint64_t position) const {
    const std::uint64_t size =
        std::min<std::uint64_t>(sealed.size() * kExtentPlain, opener.message_size - position);
    ByteView bytes = plain.expose().first(size);
    const std::uint64_t content_end = kSizeField + opener.content_size;
    const std::uint64_t end = position + size;
    if (end > content_end) {
      const std::uint64_t padding = end - std::max(content_end, position);
      if (std::ranges::any_of(bytes.last(padding), [](Byte byte) { return byte != 0; })) {
        return damaged_content();
      }
      bytes = bytes.first(size - padding);
    }
    return position == 0 ? bytes.subspan(kSizeField) : bytes;
  }
};

Status ContentOpener::read(const ContentSink& sink, const std::function<bool()>& should_stop,
                           std::size_t threads) {
  const std::uint32_t extents = extent_count(impl_->message_size);
  Reading reading{*impl_, extents, std::min(kExtentsAtOnce, extents), {}, {}, {}};
  for (std::size_t index = 0; index < std::clamp<std::size_t>(threads, 1, reading.batch); ++index) {
    COFFRE_TRY_ASSIGN(chunked::Worker worker, chunked::Worker::create(impl_->keys));
    reading.workers.push_back(std::move(worker));
  }
  COFFRE_TRY_ASSIGN(reading.plain, Secret::create(reading.batch * kExtentPlain));
  COFFRE_TRY_ASSIGN(reading.sealed, reading.fetch(0, {}));
  std::vector<Bytes> spare;
  for (std::uint32_t number = 0; number < extents;) {
    if (should_stop && should_stop()) {
      return fail(Code::kLocked, N_("the vault is locked"), {}, N_("unlock it again"));
    }
    const auto behind = static_cast<std::uint32_t>(number + reading.sealed.size());
    std::future<Result<std::vector<Bytes>>> fetching;  // its destructor waits
    if (behind < extents) {
      fetching = std::async(std::launch::async | std::launch::deferred,
                            [&reading, behind, out = std::move(spare)]() mutable {
                              return reading.fetch(behind, std::move(out));
                            });
    }
    COFFRE_TRY(reading.open(number));
    COFFRE_TRY_ASSIGN(const ByteView content,
                      reading.content_at(std::uint64_t{number} * kExtentPlain));
    spare = std::move(reading.sealed);
    if (fetching.valid()) {
      COFFRE_TRY_ASSIGN(reading.sealed, fetching.get());
    }
    if (sink && !content.empty()) {
      COFFRE_TRY(sink(content));
    }
    number = behind;
  }
  return {};
}

}  // namespace coffre
