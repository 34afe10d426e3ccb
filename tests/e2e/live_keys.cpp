#include "tests/e2e/live_keys.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/bytes.h"
#include "core/base/secret.h"
#include "core/crypto/ed25519.h"
#include "core/crypto/x25519.h"

namespace coffre::e2e {
namespace {

constexpr Byte kMask = 0xA5;
constexpr std::size_t kBlock = 32;
// More than a session has; a public key of each is computed.
constexpr std::size_t kBlocksMax = 4096;
constexpr std::size_t kPage = 4096;
constexpr std::size_t kPiece = std::size_t{1} << 20;

struct Region {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool writable = false;
  bool secret = false;
};

std::optional<Region> head_of(const std::string& line) {
  Region region;
  const char* end = line.data() + line.size();
  const auto [dash, wrong] = std::from_chars(line.data(), end, region.begin, 16);
  if (wrong != std::errc{} || dash == end || *dash != '-') {
    return std::nullopt;
  }
  const auto [space, also_wrong] = std::from_chars(dash + 1, end, region.end, 16);
  if (also_wrong != std::errc{} || end - space < 5 || *space != ' ') {
    return std::nullopt;
  }
  region.writable = space[1] == 'r' && space[2] == 'w';
  return region;
}

// Locked, left out of dumps and wiped in children, as core/base/secret.cpp asks for.
bool is_secret(const std::string& flags) {
  return flags.contains(" lo ") && flags.contains(" dd ") && flags.contains(" wf ");
}

std::vector<Region> regions() {
  std::vector<Region> found;
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  while (std::getline(maps, line)) {
    if (line.starts_with("VmFlags:") && !found.empty()) {
      found.back().secret = is_secret(line + ' ');
    } else if (const std::optional<Region> region = head_of(line)) {
      found.push_back(*region);
    }
  }
  return found;
}

// The memory of the process in pieces, through a descriptor: a page that has gone is no fault.
class Memory {
 public:
  Memory() : fd_(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC)), bytes_(kPiece) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory() {
    wipe_bytes(bytes_);
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  // `overlap`: so much of a piece is seen again at the start of the next.
  template <typename See>
  void each_piece(const Region& region, std::size_t overlap, See see) {
    for (std::uint64_t at = region.begin; at + overlap < region.end; at += kPiece - overlap) {
      const auto wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, region.end - at));
      const ssize_t got = ::pread(fd_, bytes_.data(), wanted, static_cast<off_t>(at));
      if (got > 0) {
        see(ByteView(bytes_.data(), static_cast<std::size_t>(got)));
      }
    }
  }

 private:
  int fd_;
  std::vector<Byte> bytes_;
};

using Block = std::array<Byte, kBlock>;

Block masked(ByteView block) {
  Block out{};
  std::ranges::transform(block.first(kBlock), out.begin(),
                         [](Byte byte) { return static_cast<Byte>(byte ^ kMask); });
  return out;
}

// The S-box of AES (FIPS 197, 5.1.1): the inverse in GF(2^8), then an affine map. Every element
// but 0 is a power of 3, so that the inverse of 3^n is 3^(255 - n).
std::array<Byte, 256> make_s_box() {
  std::array<Byte, 256> powers{};
  powers[0] = 1;
  for (std::size_t n = 1; n < powers.size(); ++n) {
    const Byte before = powers[n - 1];
    const auto doubled = static_cast<Byte>((before << 1) ^ ((before & 0x80) != 0 ? 0x1B : 0));
    powers[n] = static_cast<Byte>(doubled ^ before);
  }
  std::array<Byte, 256> box{};
  box[0] = 0x63;
  for (std::size_t n = 0; n < 255; ++n) {
    Byte mapped = 0x63;
    for (int turn = 0; turn <= 4; ++turn) {
      mapped ^= std::rotl(powers[255 - n], turn);
    }
    box[powers[n]] = mapped;
  }
  return box;
}

// Recognises the expanded key of AES-256 (FIPS 197, 5.2): 60 words, each made of earlier ones.
class Schedules {
 public:
  static constexpr std::size_t kWords = 60;
  static constexpr std::size_t kSize = kWords * 4;

  [[nodiscard]] bool begins_at(const Byte* at, bool swapped) const {
    Byte round = 1;
    for (std::size_t word = 8; word < kWords; ++word) {
      std::array<Byte, 4> made = word_at(at, word - 1, swapped);
      if (word % 8 == 0) {
        made = {box_[made[1]], box_[made[2]], box_[made[3]], box_[made[0]]};
        made[0] ^= round;
        round = static_cast<Byte>(round << 1);
      } else if (word % 8 == 4) {
        std::ranges::transform(made, made.begin(), [this](Byte byte) { return box_[byte]; });
      }
      const std::array<Byte, 4> before = word_at(at, word - 8, swapped);
      const std::array<Byte, 4> stands = word_at(at, word, swapped);
      for (std::size_t byte = 0; byte < 4; ++byte) {
        if (stands[byte] != (made[byte] ^ before[byte])) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  static std::array<Byte, 4> word_at(const Byte* at, std::size_t word, bool swapped) {
    std::array<Byte, 4> bytes{};
    std::memcpy(bytes.data(), at + word * 4, 4);
    if (swapped) {
      std::ranges::reverse(bytes);
    }
    return bytes;
  }

  std::array<Byte, 256> box_ = make_s_box();
};

std::vector<Block> find_schedules(Memory& memory, const std::vector<Region>& all) {
  const Schedules schedules;
  std::vector<Block> found;
  for (const Region& region : all) {
    if (!region.writable) {
      continue;
    }
    memory.each_piece(region, Schedules::kSize, [&](ByteView piece) {
      for (std::size_t at = 0; at + Schedules::kSize <= piece.size(); at += 4) {
        // Crypto++ keeps the words in the machine's order where it has no AES instructions.
        if (schedules.begins_at(&piece[at], false) || schedules.begins_at(&piece[at], true)) {
          const Block key = masked(piece.subspan(at));
          if (std::ranges::find(found, key) == found.end()) {
            found.push_back(key);
          }
        }
      }
    });
  }
  return found;
}

// The page of core/base/random.cpp: how many random bytes are left, and these at its end. They are
// nobody's key: what was given out is wiped there.
bool is_random(ByteView page) {
  std::uint64_t left = 0;
  std::memcpy(&left, page.data(), sizeof left);
  return left != 0 && left <= page.size() - sizeof left &&
         std::ranges::all_of(page.subspan(sizeof left, page.size() - sizeof left - left),
                             [](Byte byte) { return byte == 0; });
}

void add_blocks(ByteView page, std::vector<Block>& found) {
  for (std::size_t at = 0; at < page.size() && found.size() < kBlocksMax; at += kBlock) {
    const ByteView block = page.subspan(at, kBlock);
    if (std::ranges::any_of(block, [](Byte byte) { return byte != 0; })) {
      found.push_back(masked(block));
    }
  }
}

std::vector<Block> find_secrets(Memory& memory, const std::vector<Region>& all) {
  std::vector<Block> found;
  for (const Region& region : all) {
    if (!region.secret) {
      continue;
    }
    memory.each_piece(region, 0, [&](ByteView piece) {
      for (std::size_t at = 0; at + kPage <= piece.size(); at += kPage) {
        if (const ByteView page = piece.subspan(at, kPage); !is_random(page)) {
          add_blocks(page, found);
        }
      }
    });
  }
  return found;
}

nlohmann::json described(const Block& block) {
  nlohmann::json out = {{"block", to_hex(block)}};
  Result<Secret> plain = Secret::create(kBlock);
  if (plain) {
    std::ranges::copy(masked(block), plain->expose().begin());
    const auto signing = SigningKey::from_seed(plain->expose());
    const auto exchange = ExchangeKey::from_private(plain->expose());
    if (signing && exchange) {
      out["signing"] = to_hex(signing->public_key().view());
      out["exchange"] = to_hex(exchange->public_key().view());
    }
  }
  return out;
}

// What the search itself left below this frame: it would be found as if the program had left it.
[[gnu::noinline]] void wipe_stack() {
  std::array<Byte, std::size_t{128} << 10> below{};
  wipe_bytes(below);
}

std::string report() {
  Memory memory;
  if (!memory.is_open()) {
    return {};
  }
  const std::vector<Region> all = regions();
  nlohmann::json whole = {{"secrets", nlohmann::json::array()},
                          {"schedules", nlohmann::json::array()}};
  for (const Block& key : find_schedules(memory, all)) {
    whole["schedules"].push_back(to_hex(key));
  }
  for (const Block& block : find_secrets(memory, all)) {
    whole["secrets"].push_back(described(block));
  }
  return whole.dump();
}

}  // namespace

bool report_live_keys(const std::string& path) {
  const std::string text = report();
  wipe_stack();
  std::ofstream file(path + ".new", std::ios::binary);
  file << text;
  file.close();
  return !text.empty() && file.good() && ::rename((path + ".new").c_str(), path.c_str()) == 0;
}

}  // namespace coffre::e2e
