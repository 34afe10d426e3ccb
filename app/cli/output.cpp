#include "app/cli/output.h"

#include <algorithm>
#include <array>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <utf8proc.h>

#include "app/common/i18n.h"
#include "core/base/file.h"
#include "core/base/os.h"
#include "core/base/text.h"

namespace coffre::cli {
namespace {

Status write_fully(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = os().write(fd, text.data(), text.size());
    if (written <= 0) {
      return std::unexpected(os_error(static_cast<int>(-written), tr("standard output")));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// One JSON text on one line; bytes that are no UTF-8 are replaced.
std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  const auto* data = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(data, left, &point);
    if (used <= 0) {
      return width + static_cast<std::size_t>(left);
    }
    width += static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)));
    data += used;
    left -= used;
  }
  return width;
}

std::string readable_size(std::uint64_t bytes) {
  if (bytes < 1000) {
    return fill(tr(N_("{} B")), {std::to_string(bytes)});
  }
  constexpr std::array<const char*, 4> kUnits = {N_("{}.{} kB"), N_("{}.{} MB"), N_("{}.{} GB"),
                                                 N_("{}.{} TB")};
  std::size_t unit = 0;
  std::uint64_t scale = 1000;
  while (unit + 1 < kUnits.size() && bytes / scale >= 1000) {
    scale *= 1000;
    ++unit;
  }
  const std::uint64_t tenths = bytes / (scale / 10);
  return fill(tr(kUnits[unit]), {std::to_string(tenths / 10), std::to_string(tenths % 10)});
}

Table::Table(std::vector<std::string> headings) { rows_.push_back(std::move(headings)); }

void Table::row(std::vector<std::string> cells) {
  COFFRE_ASSERT(cells.size() == rows_.front().size());
  for (std::string& cell : cells) {
    cell = printable(cell);
  }
  rows_.push_back(std::move(cells));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(rows_.front().size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - display_width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

void Output::write(std::string_view text) {
  if (written_) {
    written_ = write_fully(STDOUT_FILENO, text);
  }
}

void Output::value(const Json& value) {
  if (json_) {
    COFFRE_ASSERT(!has_value_);
    has_value_ = true;
    write(dump(value));
  }
}

void Output::line(std::string_view text) {
  if (!json_) {
    write(printable(text) + "\n");
  }
}

void Output::table(const Table& table) {
  if (!json_) {
    write(table.empty() ? std::string(tr(N_("(nothing)"))) + "\n" : table.text());
  }
}

Status Output::raw(ByteView bytes) {
  write(as_text(bytes));
  return written_;
}

void Output::note(std::string_view text) const {
  if (!json_) {
    // Nothing is left to tell it to when standard error fails.
    static_cast<void>(write_fully(STDERR_FILENO, "coffrectl: " + printable(text) + "\n"));
  }
}

void Output::error(const Error& error) const {
  const std::string text =
      json_ ? dump(error_json(error)) : "coffrectl: " + error_text(error) + "\n";
  static_cast<void>(write_fully(STDERR_FILENO, text));
}

std::string error_text(const Error& error) {
  std::string text = tr(error.what);
  if (!error.on.empty()) {
    text += ": " + printable(error.on);
  }
  if (*error.hint != '\0') {
    text += std::string(": ") + tr(error.hint);
  }
  return printable(text);
}

Json error_json(const Error& error) {
  std::string message = tr(error.what);
  if (!error.on.empty()) {
    message += ": " + printable(error.on);
  }
  return {{"error", std::string(code_name(error.code))},
          {"message", std::move(message)},
          {"hint", tr(error.hint)}};
}

}  // namespace coffre::cli
