// coffre_e2e: the desktop program with what a test needs to find its way in a real window. It is
// the same objects as coffre with one more; it is not installed.
//
//   coffre_e2e [--widget-log FILE] [--orders FIFO] [--frame-ms N] [WORDS OF COFFRE...]
//
// --widget-log: after each frame FILE is replaced by a JSON object {"frame": n, "widgets": [{id,
// text, x0, y0, x1, y1, enabled, cut, visible, focused}...]}, in pixels of the window. --orders:
// lines that arrive there are done: "drop<TAB>PATH[<TAB>PATH...]" as if these files were dropped on
// the window, "advance<TAB>MS" moves the clock, "rest<TAB>N" writes N to FILE.rest when all input
// is drawn and no frame is wanted, "keys<TAB>REPORT" has live_keys.h write its report. --frame-ms:
// no frame takes less.
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/common/i18n.h"
#include "app/common/process.h"
#include "app/desktop/ui_shell/program.h"
#include "app/desktop/ui_shell/window.h"
#include "core/base/clock.h"
#include "tests/e2e/live_keys.h"

namespace {

using coffre::Clock;

// The machine's clock, moved forward by orders.
class MovedClock final : public Clock {
 public:
  std::int64_t wall_ms() override { return coffre::system_clock().wall_ms() + moved_ms_; }
  std::int64_t steady_ms() override { return coffre::system_clock().steady_ms() + moved_ms_; }
  void wait_until(std::unique_lock<std::mutex>& lock, std::condition_variable& wake,
                  std::int64_t deadline_ms) override {
    // The system's clock looks up once a second: an order is noticed then.
    coffre::system_clock().wait_until(lock, wake, deadline_ms - moved_ms_);
  }
  void advance(std::int64_t ms) { moved_ms_ += ms; }

 private:
  std::atomic<std::int64_t> moved_ms_{0};
};

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t begin = 0;
  while (begin <= line.size()) {
    const std::size_t end = std::min(line.find('\t', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

class TestHooks final : public coffre::ui::Hooks {
 public:
  TestHooks(std::string log, std::string orders, int frame_ms)
      : log_(std::move(log)), orders_(std::move(orders)), frame_ms_(frame_ms) {}

  Clock& clock() override { return clock_; }

  std::vector<std::string> dropped() override {
    // Not before the loop runs: the program wants to start its threads itself, signals blocked.
    if (!orders_.empty()) {
      obey(std::exchange(orders_, {}));
    }
    const std::lock_guard lock(mutex_);
    look_for_rest();
    return std::exchange(dropped_, {});
  }

  void drawn(const std::vector<coffre::ui::SeenWidget>& seen) override {
    ++frame_;
    if (!log_.empty()) {
      write(seen);
    }
    if (frame_ms_ > 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(frame_ms_));
    }
  }

 private:
  // Reads orders until the program ends; a FIFO opened for both sides never ends.
  void obey(const std::string& path) {
    std::thread([this, path] {
      std::fstream orders(path, std::ios::in | std::ios::out);
      std::string line;
      while (std::getline(orders, line)) {
        obey_line(line);
      }
    }).detach();
  }

  void obey_line(const std::string& line) {
    const std::vector<std::string> fields = fields_of(line);
    if (fields[0] == "drop") {
      const std::lock_guard lock(mutex_);
      dropped_.insert(dropped_.end(), fields.begin() + 1, fields.end());
    } else if (fields[0] == "advance" && fields.size() == 2) {
      clock_.advance(std::stoll(fields[1]));
    } else if (fields[0] == "rest" && fields.size() == 2) {
      const std::lock_guard lock(mutex_);
      rest_ = fields[1];
      passes_ = 0;
    } else if (fields[0] == "keys" && fields.size() == 2) {
      if (!coffre::e2e::report_live_keys(fields[1])) {
        std::fputs("coffre_e2e: the report of keys was not written\n", stderr);
      }
    }
    coffre::ui::Window::wake();
  }

  // Called once a pass, before its frame: a pass that began after the order and drew nothing is
  // rest.
  void look_for_rest() {
    if (!rest_.empty() && ++passes_ > 1 && frame_ == frame_of_pass_) {
      replace(log_ + ".rest", std::exchange(rest_, {}));
    }
    frame_of_pass_ = frame_;
    if (!rest_.empty()) {
      coffre::ui::Window::wake();
    }
  }

  static void replace(const std::string& path, const std::string& text) {
    const std::string fresh = path + ".new";
    std::ofstream(fresh, std::ios::binary) << text;
    if (std::rename(fresh.c_str(), path.c_str()) != 0) {
      std::fprintf(stderr, "coffre_e2e: %s cannot be written\n", path.c_str());
    }
  }

  void write(const std::vector<coffre::ui::SeenWidget>& seen) const {
    nlohmann::json widgets = nlohmann::json::array();
    for (const coffre::ui::SeenWidget& widget : seen) {
      widgets.push_back({{"id", widget.id},
                         {"text", widget.text},
                         {"x0", widget.min.x},
                         {"y0", widget.min.y},
                         {"x1", widget.max.x},
                         {"y1", widget.max.y},
                         {"enabled", widget.enabled},
                         {"cut", widget.cut},
                         {"visible", widget.visible},
                         {"focused", widget.focused}});
    }
    const nlohmann::json whole = {{"frame", frame_}, {"widgets", std::move(widgets)}};
    replace(log_, whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }

  std::string log_;
  std::string orders_;
  int frame_ms_;
  long frame_ = 0;
  long frame_of_pass_ = 0;
  MovedClock clock_;
  std::mutex mutex_;  // of what follows
  std::vector<std::string> dropped_;
  std::string rest_;  // what was ordered and has not come
  int passes_ = 0;    // since then
};

}  // namespace

int main(int count, char** given) {
  if (!coffre::start_process()) {
    return 1;
  }
  coffre::start_language();
  std::vector<std::string> words(given + (count > 0 ? 1 : 0), given + count);
  std::string log;
  std::string orders;
  int frame_ms = 0;
  while (words.size() >= 2 && words[0].starts_with("--") && words[0] != "--") {
    if (words[0] == "--widget-log") {
      log = words[1];
    } else if (words[0] == "--orders") {
      orders = words[1];
    } else if (words[0] == "--frame-ms") {
      std::from_chars(words[1].data(), words[1].data() + words[1].size(), frame_ms);
    } else {
      break;
    }
    words.erase(words.begin(), words.begin() + 2);
  }
  TestHooks hooks(log, orders, frame_ms);
  return coffre::ui::run_program(words, &hooks);
}
