// The texts of the sample scans: what a French practice receives by post, about people who do not
// exist (telephone numbers are those that the regulator keeps for fiction).
//
// Guarantees: the same index gives the same letter, on every machine. Threads: no shared state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace coffre::samples {

// SplitMix64 (Steele, Lea, Flood, 2014): the same numbers everywhere, which the distributions of
// <random> do not promise. Not for keys.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next();
  [[nodiscard]] std::size_t below(std::size_t end) { return next() % end; }

 private:
  std::uint64_t state_;
};

struct Page {
  std::vector<std::string> heading;  // who writes
  std::string title;
  std::vector<std::string> paragraphs;  // a row of a table has its columns parted by tabs
  std::string footer;
};

struct Letter {
  std::string name;  // file name without extension, NFC
  std::vector<Page> pages;
};

inline constexpr std::size_t kPagesMax = 5;

// `pages` is cut to 1..kPagesMax.
[[nodiscard]] Letter make_letter(std::uint64_t index, std::size_t pages);

}  // namespace coffre::samples
