#include "core/crypto/chunked.h"

#include <algorithm>
#include <new>
#include <utility>

#include "core/base/parallel.h"
#include "core/crypto/aead.h"
#include "core/crypto/hkdf.h"

namespace coffre::chunked {
namespace {

// Its own terminator is the 00 that the specification puts behind the name of the AEAD.
constexpr char kLabel[] = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM";
constexpr std::size_t kContextSizeMax = 64 * 1024;
constexpr std::size_t kDerivedSize = kAeadKeySize + kAeadNonceSize + kCommitmentSize;
// Chunks that one thread takes at once: 1 MiB, so that making a Worker costs nothing beside it.
constexpr std::size_t kChunksPerTask = 64;

Result<Secret> derive(ByteView input_key, ByteView context, ByteView salt) {
  if (input_key.size() != kInputKeySize || salt.size() != kSaltSize ||
      context.size() > kContextSizeMax) {
    return fail(Code::kInvalidArgument, N_("a key has the wrong length"));
  }
  Writer info;
  info.raw(ByteView(reinterpret_cast<const Byte*>(kLabel), sizeof kLabel)).raw(salt).raw(context);
  return hkdf_sha512_expand(input_key, info.view(), kDerivedSize);
}

// Calls work(worker, first, last) for the chunks [first, last) of each task; false is damage.
template <typename Work>
Status for_chunks(const Keys& keys, std::uint64_t chunks, std::size_t threads, Work work) {
  const auto tasks = static_cast<std::size_t>((chunks + kChunksPerTask - 1) / kChunksPerTask);
  const std::size_t used = threads == 0 ? worker_count() : threads;
  return parallel_for(tasks, used, [&](std::size_t task) -> Status {
    COFFRE_TRY_ASSIGN(Worker worker, Worker::create(keys));
    const std::uint64_t first = std::uint64_t{task} * kChunksPerTask;
    const std::uint64_t last = std::min(chunks, first + kChunksPerTask);
    for (std::uint64_t index = first; index < last; ++index) {
      if (!work(worker, index)) {
        return fail(Code::kDamaged, N_("encrypted content is damaged or was changed"));
      }
    }
    return {};
  });
}

// The part of `bytes` that chunk `index` is when chunks have `size` bytes.
template <typename View>
View chunk_of(View bytes, std::uint64_t index, std::size_t size) {
  const auto at = static_cast<std::size_t>(index) * size;
  return bytes.subspan(at, std::min(size, bytes.size() - at));
}

}  // namespace

Result<std::uint64_t> message_size(std::uint64_t ciphertext_size) {
  constexpr std::size_t kTag = kSealedChunkSize - kChunkSize;
  const std::uint64_t sealed = ciphertext_size < kHeaderSize ? 0 : ciphertext_size - kHeaderSize;
  const std::uint64_t last = sealed % kSealedChunkSize;
  const std::uint64_t size = sealed / kSealedChunkSize * kChunkSize + (last - kTag);
  // Without its tag a last chunk cannot be: so a message cut between two chunks has no length.
  if (last < kTag || size > kMessageSizeMax) {
    return fail(Code::kDamaged, N_("encrypted content has an impossible length"));
  }
  return size;
}

Result<Keys> Keys::create(ByteView input_key, ByteView context, Random& random) {
  std::array<Byte, kSaltSize> salt{};
  COFFRE_TRY(random.fill(salt));
  return with_salt(input_key, context, salt);
}

Result<Keys> Keys::with_salt(ByteView input_key, ByteView context, ByteView salt) {
  try {
    COFFRE_TRY_ASSIGN(const Secret derived, derive(input_key, context, salt));
    const ByteView bytes = derived.expose();
    Keys keys;
    COFFRE_TRY_ASSIGN(keys.key_and_nonce_,
                      Secret::copy_of(bytes.first(kAeadKeySize + kAeadNonceSize)));
    std::copy(salt.begin(), salt.end(), keys.header_.begin());
    std::copy(bytes.end() - kCommitmentSize, bytes.end(), keys.header_.begin() + kSaltSize);
    return keys;
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

Result<Keys> Keys::open(ByteView input_key, ByteView context, ByteView header) {
  if (header.size() != kHeaderSize) {
    return fail(Code::kDamaged, N_("encrypted content has an impossible length"));
  }
  COFFRE_TRY_ASSIGN(Keys keys, with_salt(input_key, context, header.first(kSaltSize)));
  if (!equal_constant_time(ByteView(keys.header_).last(kCommitmentSize),
                           header.last(kCommitmentSize))) {
    return fail(Code::kDamaged, N_("encrypted content is damaged or was changed"));
  }
  return keys;
}

struct Worker::Impl {
  AeadKey key;
  Secret base_nonce;
  std::array<Byte, kAeadNonceSize> nonce{};

  ByteView nonce_of(std::uint64_t index) {
    COFFRE_ASSERT(index < chunk_count(kMessageSizeMax));
    const ByteView base = std::as_const(base_nonce).expose();
    std::copy(base.begin(), base.end(), nonce.begin());
    for (std::size_t i = 0; i < 8; ++i) {
      nonce[11 - i] = static_cast<Byte>(nonce[11 - i] ^ (index >> (8 * i)));
    }
    return nonce;
  }
};

Worker::Worker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Worker::Worker(Worker&&) noexcept = default;
Worker& Worker::operator=(Worker&&) noexcept = default;
Worker::~Worker() = default;

Result<Worker> Worker::create(const Keys& keys) {
  const ByteView bytes = keys.key_and_nonce_.expose();
  COFFRE_ASSERT(bytes.size() == kAeadKeySize + kAeadNonceSize);
  COFFRE_TRY_ASSIGN(AeadKey key, AeadKey::create(bytes.first(kAeadKeySize)));
  COFFRE_TRY_ASSIGN(Secret base_nonce, Secret::copy_of(bytes.last(kAeadNonceSize)));
  try {
    return Worker(std::make_unique<Impl>(
        Impl{.key = std::move(key), .base_nonce = std::move(base_nonce), .nonce = {}}));
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

void Worker::seal(std::uint64_t index, ByteView plaintext, MutableByteView sealed) {
  COFFRE_ASSERT(plaintext.size() <= kChunkSize);
  impl_->key.seal(impl_->nonce_of(index), {}, plaintext, sealed);
}

bool Worker::open(std::uint64_t index, ByteView sealed, MutableByteView plaintext) {
  if (sealed.size() < kAeadTagSize || sealed.size() > kSealedChunkSize) {
    wipe_bytes(plaintext);
    return false;
  }
  return impl_->key.open(impl_->nonce_of(index), {}, sealed, plaintext);
}

Result<Bytes> seal(ByteView input_key, ByteView context, ByteView message, Random& random,
                   std::size_t threads) {
  if (message.size() > kMessageSizeMax) {
    return fail(Code::kLimit, N_("the data is too large to be sealed in memory"));
  }
  COFFRE_TRY_ASSIGN(const Keys keys, Keys::create(input_key, context, random));
  try {
    const std::array<Byte, kHeaderSize> header = keys.header();
    Bytes ciphertext(static_cast<std::size_t>(ciphertext_size(message.size())));
    std::copy(header.begin(), header.end(), ciphertext.begin());
    const MutableByteView sealed = MutableByteView(ciphertext).subspan(kHeaderSize);
    COFFRE_TRY(for_chunks(keys, chunk_count(message.size()), threads,
                          [&](Worker& worker, std::uint64_t index) {
                            worker.seal(index, chunk_of(message, index, kChunkSize),
                                        chunk_of(sealed, index, kSealedChunkSize));
                            return true;
                          }));
    return ciphertext;
  } catch (const std::bad_alloc&) {
    return fail(Code::kOutOfMemory, N_("there is not enough memory"));
  }
}

Result<Secret> open(ByteView input_key, ByteView context, ByteView ciphertext,
                    std::size_t threads) {
  COFFRE_TRY_ASSIGN(const std::uint64_t size, message_size(ciphertext.size()));
  COFFRE_TRY_ASSIGN(const Keys keys, Keys::open(input_key, context, ciphertext.first(kHeaderSize)));
  if (size > Secret::kSizeMax) {
    return fail(Code::kLimit, N_("the content is too large to be opened in memory"));
  }
  Secret message;  // stays empty for an empty message, whose one chunk is checked all the same
  if (size > 0) {
    COFFRE_TRY_ASSIGN(message, Secret::create(static_cast<std::size_t>(size)));
  }
  const MutableByteView plaintext = message.expose();
  const ByteView sealed = ciphertext.subspan(kHeaderSize);
  COFFRE_TRY(for_chunks(keys, chunk_count(size), threads, [&](Worker& worker, std::uint64_t index) {
    return worker.open(index, chunk_of(sealed, index, kSealedChunkSize),
                       chunk_of(plaintext, index, kChunkSize));
  }));
  return message;
}

}  // namespace coffre::chunked
