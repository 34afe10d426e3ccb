#include "app/cli/split_line.h"

namespace coffre::cli {
namespace {

class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  Result<std::vector<std::string>> run() {
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      switch (c) {
        case ' ':
        case '\t':
        case '\r':
          end_word();
          break;
        case '#':
          if (!in_word_) {
            return std::move(words_);
          }
          word_ += c;
          break;
        case '\'':
        case '"':
          in_word_ = true;
          COFFRE_TRY(c == '\'' ? single_quoted() : double_quoted());
          break;
        case '\\':
          in_word_ = true;
          if (at_ == line_.size()) {
            return unbalanced();
          }
          word_ += line_[at_++];
          break;
        default:
          in_word_ = true;
          word_ += c;
      }
    }
    end_word();
    return std::move(words_);
  }

 private:
  static std::unexpected<Error> unbalanced() {
    return fail(Code::kInvalidArgument, N_("a quote or a backslash has no end on this line"));
  }

  void end_word() {
    if (in_word_) {
      words_.push_back(std::move(word_));
      word_.clear();
      in_word_ = false;
    }
  }

  Status single_quoted() {
    const std::size_t end = line_.find('\'', at_);
    if (end == std::string_view::npos) {
      return unbalanced();
    }
    word_ += line_.substr(at_, end - at_);
    at_ = end + 1;
    return {};
  }

  Status double_quoted() {
    while (at_ < line_.size()) {
      const char c = line_[at_++];
      if (c == '"') {
        return {};
      }
      const bool escapes = c == '\\' && at_ < line_.size() &&
                           std::string_view("\"\\$`").find(line_[at_]) != std::string_view::npos;
      word_ += escapes ? line_[at_++] : c;
    }
    return unbalanced();
  }

  std::string_view line_;
  std::size_t at_ = 0;
  bool in_word_ = false;
  std::string word_;
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> split_line(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) {
    return fail(Code::kInvalidArgument, N_("the line holds a zero byte"));
  }
  return Splitter(line).run();
}

}  // namespace coffre::cli
