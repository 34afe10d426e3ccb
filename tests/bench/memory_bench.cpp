// Work in memory: content, records, hashes, the state tree, signatures. Run with
// --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true: the repetitions of one
// benchmark then alternate with its peer's.
#include <benchmark/benchmark.h>

#include "core/base/parallel.h"
#include "core/crypto/aead.h"
#include "core/crypto/chunked.h"
#include "core/crypto/ed25519.h"
#include "core/crypto/hash.h"
#include "core/journal/state_tree.h"
#include "tests/bench/peer_gcm.h"

namespace coffre::bench {
namespace {

constexpr std::size_t kBuffer = std::size_t{64} << 20;
constexpr std::size_t kChunks = kBuffer / chunked::kChunkSize;
constexpr std::size_t kRunChunks = 64;

// Touched once for the whole run: memory used for the first time is slow.
struct Buffers {
  Bytes plain = Bytes(kBuffer, 0x5a);
  Bytes sealed = Bytes(kChunks * chunked::kSealedChunkSize, 1);
};
Buffers& buffers() {
  static Buffers made;
  return made;
}

chunked::Keys content_keys() {
  const Bytes key(chunked::kInputKeySize, 9);
  const Bytes salt(chunked::kSaltSize, 3);
  return *chunked::Keys::with_salt(key, as_bytes("coffre/bench"), salt);
}

void seal_run(chunked::Worker& worker, std::size_t first, std::size_t last) {
  for (std::size_t chunk = first; chunk < last; ++chunk) {
    worker.seal(chunk,
                ByteView(buffers().plain).subspan(chunk * chunked::kChunkSize, chunked::kChunkSize),
                MutableByteView(buffers().sealed)
                    .subspan(chunk * chunked::kSealedChunkSize, chunked::kSealedChunkSize));
  }
}

bool open_run(chunked::Worker& worker, std::size_t first, std::size_t last) {
  bool all = true;
  for (std::size_t chunk = first; chunk < last; ++chunk) {
    all = worker.open(chunk,
                      ByteView(buffers().sealed)
                          .subspan(chunk * chunked::kSealedChunkSize, chunked::kSealedChunkSize),
                      MutableByteView(buffers().plain)
                          .subspan(chunk * chunked::kChunkSize, chunked::kChunkSize)) &&
          all;
  }
  return all;
}

void count_bytes(benchmark::State& state, std::size_t each) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(each));
}

void peer_seal(benchmark::State& state) {
  PeerGcm peer;
  std::array<Byte, 16> tag{};
  (void)buffers();
  for (auto _ : state) {
    peer.seal(buffers().plain, MutableByteView(buffers().sealed).first(kBuffer), tag);
  }
  count_bytes(state, kBuffer);
}

void peer_open(benchmark::State& state) {
  PeerGcm peer;
  std::array<Byte, 16> tag{};
  const MutableByteView sealed = MutableByteView(buffers().sealed).first(kBuffer);
  peer.seal(buffers().plain, sealed, tag);
  for (auto _ : state) {
    if (!peer.open(sealed, tag, buffers().plain)) state.SkipWithError("not authentic");
  }
  count_bytes(state, kBuffer);
}

std::vector<chunked::Worker> workers(std::size_t threads) {
  const chunked::Keys keys = content_keys();
  std::vector<chunked::Worker> made;
  for (std::size_t i = 0; i < threads; ++i) made.push_back(*chunked::Worker::create(keys));
  return made;
}

// Argument: threads. Thread i takes every n-th run of chunks, as the sealer of documents does.
void content_seal(benchmark::State& state) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  std::vector<chunked::Worker> made = workers(threads);
  (void)buffers();
  for (auto _ : state) {
    const Status done = parallel_for(threads, threads, [&](std::size_t which) -> Status {
      for (std::size_t at = which * kRunChunks; at < kChunks; at += threads * kRunChunks) {
        seal_run(made[which], at, at + kRunChunks);
      }
      return {};
    });
    if (!done) state.SkipWithError("failed");
  }
  count_bytes(state, kBuffer);
}

void content_open(benchmark::State& state) {
  const auto threads = static_cast<std::size_t>(state.range(0));
  std::vector<chunked::Worker> made = workers(threads);
  seal_run(made[0], 0, kChunks);
  for (auto _ : state) {
    const Status done = parallel_for(threads, threads, [&](std::size_t which) -> Status {
      for (std::size_t at = which * kRunChunks; at < kChunks; at += threads * kRunChunks) {
        if (!open_run(made[which], at, at + kRunChunks)) return fail(Code::kDamaged, "damaged");
      }
      return {};
    });
    if (!done) state.SkipWithError("not authentic");
  }
  count_bytes(state, kBuffer);
}

constexpr std::size_t kRecord = 512;

void record_seal(benchmark::State& state) {
  AeadKey key = *AeadKey::create(Bytes(kAeadKeySize, 1));
  const Bytes plain(kRecord, 2);
  const Bytes associated(120, 3);
  for (auto _ : state) {
    benchmark::DoNotOptimize(seal_box(key, system_random(), associated, plain));
  }
}

void record_open(benchmark::State& state) {
  AeadKey key = *AeadKey::create(Bytes(kAeadKeySize, 1));
  const Bytes associated(120, 3);
  const Bytes box = *seal_box(key, system_random(), associated, Bytes(kRecord, 2));
  for (auto _ : state) {
    benchmark::DoNotOptimize(open_box(key, associated, box));
  }
}

void hash_sha256(benchmark::State& state) {
  const Bytes bytes(static_cast<std::size_t>(state.range(0)), 5);
  for (auto _ : state) benchmark::DoNotOptimize(sha256(bytes));
  count_bytes(state, bytes.size());
}

std::vector<std::vector<StateTree::Loaded>> tree_rows(std::size_t count) {
  SeededRandom random(1);
  std::vector<std::vector<StateTree::Loaded>> lists(count >> 16);
  std::int64_t row = 0;
  for (auto& list : lists) {
    list.resize(std::size_t{1} << 16);
    for (StateTree::Loaded& loaded : list) {
      loaded.table = 4;
      loaded.row = ++row;
      loaded.key = *random.id();
      loaded.leaf.bytes[0] = loaded.key.bytes[3];
    }
  }
  return lists;
}

constexpr std::size_t kTreeRows = std::size_t{1} << 21;

void tree_load(benchmark::State& state) {
  const auto rows = tree_rows(kTreeRows);
  for (auto _ : state) {
    state.PauseTiming();
    auto copy = rows;
    StateTree tree;
    state.ResumeTiming();
    if (!tree.load(std::move(copy), worker_count())) state.SkipWithError("failed");
    benchmark::DoNotOptimize(tree.root());
    state.PauseTiming();
    tree = StateTree();
    state.ResumeTiming();
  }
}

void tree_change(benchmark::State& state) {
  auto rows = tree_rows(kTreeRows);
  std::vector<Id> keys;
  for (const auto& list : rows) keys.push_back(list[7].key);
  StateTree tree;
  if (!tree.load(std::move(rows), worker_count())) state.SkipWithError("failed");
  std::size_t next = 0;
  for (auto _ : state) {
    Hash leaf;
    leaf.bytes[1] = static_cast<Byte>(next);
    if (!tree.replace(4, keys[next++ % keys.size()], leaf)) state.SkipWithError("failed");
    benchmark::DoNotOptimize(tree.root());
  }
}

void signature_sign(benchmark::State& state) {
  const SigningKey key = *SigningKey::generate(system_random());
  const Bytes message(400, 1);
  for (auto _ : state) benchmark::DoNotOptimize(key.sign(message));
}

void signature_verify(benchmark::State& state) {
  const SigningKey key = *SigningKey::generate(system_random());
  const Bytes message(400, 1);
  const Signature signature = key.sign(message);
  for (auto _ : state) {
    benchmark::DoNotOptimize(verify_signature(key.public_key(), message, signature));
  }
}

BENCHMARK(peer_seal)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(content_seal)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(peer_open)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(content_open)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(record_seal);
BENCHMARK(record_open);
BENCHMARK(hash_sha256)->Arg(700)->Arg(1 << 20);
BENCHMARK(tree_load)->UseRealTime()->Unit(benchmark::kMillisecond)->Iterations(2);
BENCHMARK(tree_change)->Unit(benchmark::kMicrosecond);
BENCHMARK(signature_sign)->Unit(benchmark::kMicrosecond);
BENCHMARK(signature_verify)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace coffre::bench

BENCHMARK_MAIN();
