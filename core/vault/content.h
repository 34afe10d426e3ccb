// Document content: sealed into extents, and opened again. docs/FORMAT.md §5.
//
// Guarantees: sealing uses a fixed set of reused buffers whatever the size; opening gives no byte
// before commitment, first and last chunk, length, Padmé size and, in a full read, every chunk and
// the padding were verified.
#pragma once

#include <span>

#include "core/crypto/aead.h"
#include "core/crypto/chunked.h"
#include "core/crypto/hash.h"
#include "core/vault/vault.h"

namespace coffre {

inline constexpr std::uint64_t kContentSizeMax = std::uint64_t{1} << 40;
inline constexpr std::size_t kExtentChunks = 16;
inline constexpr std::size_t kExtentPlain = kExtentChunks * chunked::kChunkSize;  // 262,144
// What a read opens at once: a content of up to this many extents reaches the sink in one piece.
inline constexpr std::uint32_t kExtentsAtOnce = 16;
inline constexpr std::size_t kExtentSealed = kExtentChunks * chunked::kSealedChunkSize;  // 262,400

// Bytes of the message for a content: 8 + size, Padmé, at least 16,384.
[[nodiscard]] std::uint64_t content_message_size(std::uint64_t content_size);
[[nodiscard]] std::uint32_t extent_count(std::uint64_t message_size);
[[nodiscard]] Bytes content_context(const Hash& vault, const Id& document, const Id& version);

// Seals one content, extent by extent, in order.
class ContentSealer {
 public:
  // kLimit above 1 TiB.
  [[nodiscard]] static Result<ContentSealer> create(const Hash& vault, const Id& document,
                                                    const Id& version, ContentSource& source,
                                                    Random& random, std::size_t threads);
  ContentSealer(ContentSealer&&) noexcept;
  ContentSealer& operator=(ContentSealer&&) noexcept;
  ~ContentSealer();

  [[nodiscard]] std::uint32_t extents() const;
  // Seals the next `count` extents (at most 64 at once) into `out`, one after the other; sizes[i]
  // is each one's size. Reads the source.
  [[nodiscard]] Status next(std::size_t count, Bytes& out, std::vector<std::size_t>& sizes);
  // Lends a buffer for plaintext, of any size, and takes it back (or a larger one): for sealing
  // many documents without mapping and locking memory for each. Its owner wipes it.
  void lend(Secret buffer);
  [[nodiscard]] Secret take_back();
  // After the last extent.
  [[nodiscard]] Hash ciphertext_sha256();
  [[nodiscard]] Hash content_sha256();
  [[nodiscard]] std::uint64_t ciphertext_size() const;
  [[nodiscard]] const Secret& dek() const;

 private:
  struct Impl;
  explicit ContentSealer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Opens one content whose extents `fetch` gives: those from `first` on, one for each element of
// `out`. While some are opened, the next are fetched by another thread; one call at a time.
class ContentOpener {
 public:
  using Fetch = std::function<Status(std::uint32_t first, std::span<Bytes> out)>;

  // Verifies the commitment, the first and the last chunk, and the sizes. kDamaged.
  [[nodiscard]] static Result<ContentOpener> create(const Hash& vault, const Id& document,
                                                    const Id& version, ByteView dek,
                                                    std::uint64_t ciphertext_size, Fetch fetch);
  ContentOpener(ContentOpener&&) noexcept;
  ContentOpener& operator=(ContentOpener&&) noexcept;
  ~ContentOpener();

  [[nodiscard]] std::uint64_t size() const;  // of the content
  // Opens all of it in order; every chunk and the padding are checked. The sink may be empty: a
  // verification. Stops when should_stop() says so (kLocked).
  [[nodiscard]] Status read(const ContentSink& sink, const std::function<bool()>& should_stop,
                            std::size_t threads);

 private:
  struct Impl;
  struct Reading;
  explicit ContentOpener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coffre
