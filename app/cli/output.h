// What coffrectl says: results on standard output, errors and notes on standard error.
//
// Guarantees: with --json, standard output gets JSON values only, each on one line and valid UTF-8.
// Text of others (names, titles, paths) is made printable before it reaches a terminal. A failed
// write to standard output is remembered: see finish().
// Threads: one at a time, but for say_now().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/base/bytes.h"
#include "core/base/error.h"

namespace coffre::cli {

using Json = nlohmann::json;

// A table of text whose columns are aligned by what a terminal shows.
class Table {
 public:
  // Headings are translated text.
  explicit Table(std::vector<std::string> headings);
  void row(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.size() == 1; }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// Columns of a terminal that printable UTF-8 takes.
[[nodiscard]] std::size_t display_width(std::string_view text);

// "1,4 Mo" or "1.4 MB": sizes for people.
[[nodiscard]] std::string readable_size(std::uint64_t bytes);

class Output {
 public:
  explicit Output(bool json) : json_(json) {}

  [[nodiscard]] bool json() const { return json_; }
  void set_json(bool json) { json_ = json; }
  // True once value() was called since the last call of restart().
  [[nodiscard]] bool has_value() const { return has_value_; }
  // The command writes lines of values itself (batch): none is added at its end.
  [[nodiscard]] bool streams() const { return streams_; }
  void set_streams() { streams_ = true; }
  void restart() { has_value_ = false; }

  // The one result of the command; nothing without --json.
  void value(const Json& value);
  // Lines for a person; nothing with --json. Every line is made printable.
  void line(std::string_view text);
  void table(const Table& table);
  // Bytes of a document or a note, as they are, whatever the format.
  [[nodiscard]] Status raw(ByteView bytes);
  // One line on standard error for a person; nothing with --json.
  void note(std::string_view text) const;
  // One line on standard error.
  void error(const Error& error) const;
  // The failure of standard output, if there was one.
  [[nodiscard]] Status finish() const { return written_; }

 private:
  void write(std::string_view text);

  bool json_;
  bool has_value_ = false;
  bool streams_ = false;
  Status written_;
};

// "what: on: hint", translated and printable.
[[nodiscard]] std::string error_text(const Error& error);
// {error, message, hint}.
[[nodiscard]] Json error_json(const Error& error);

}  // namespace coffre::cli
