// Files that are erased together: all overwritten, then synced once, then read back, then removed.
#pragma once

#include <atomic>
#include <mutex>

#include "core/crypto/keystream.h"
#include "core/erase/target.h"

namespace coffre::erase {

// One file on its way. `mutex` of the group guards the report while pieces are worked on.
struct Job {
  const EraseRequest* request = nullptr;
  EraseReport* report = nullptr;
  std::shared_ptr<const Directory> directory;
  std::string name;
  std::uint64_t stream = 0;  // of the keystream; the request's place
  Target target = {};
  FileMap map = {};
  std::vector<Range> ranges = {};
  std::atomic<bool> failed{false};
  std::atomic<bool> begun{false};   // a byte of it may be overwritten
  std::atomic<bool> cached{false};  // direct reading is not to be had
  bool verified = false;
  bool unlinked = false;
};

// What all groups of a call share.
class Run {
 public:
  static constexpr std::size_t kBufferSize = std::size_t{1} << 20;

  Run(const EraseOptions& options, std::size_t files, Keystream keystream);
  // kOutOfMemory.
  [[nodiscard]] Status allocate();

  [[nodiscard]] const Keystream& keystream() const { return keystream_; }
  [[nodiscard]] std::size_t threads() const { return threads_; }
  [[nodiscard]] bool stopped() const { return options_.stop.stop_requested(); }
  void wrote(std::uint64_t bytes);
  void removing(std::uint64_t place);
  void finished();

  // A buffer of kBufferSize for the time of one piece; there is one for each thread.
  class Buffer {
   public:
    explicit Buffer(Run& run);
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer();
    [[nodiscard]] MutableByteView bytes() const { return bytes_; }

   private:
    Run& run_;
    MutableByteView bytes_;
  };

 private:
  const EraseOptions& options_;
  Keystream keystream_;
  std::size_t threads_;
  std::mutex mutex_;
  EraseProgress progress_;
  Bytes memory_;
  std::vector<MutableByteView> free_;
};

class Group {
 public:
  explicit Group(Run& run) : run_(run) {}

  void add(std::unique_ptr<Job> job) { jobs_.push_back(std::move(job)); }
  [[nodiscard]] std::size_t size() const { return jobs_.size(); }
  // Does it all, and fills the reports in.
  void erase();

 private:
  struct Piece {
    Job* job;
    std::uint64_t offset;
    std::size_t size;
  };

  void for_each_job(void (Group::*step)(Job&));
  // A range of a job, in pieces; `first` is the number of the first among the pieces of all.
  struct Span {
    Job* job;
    Range range;
    std::uint64_t first;
  };

  [[nodiscard]] std::vector<Span> spans() const;
  void for_each_piece(void (Group::*step)(const Piece&));
  void prepare(Job& job);
  void write(const Piece& piece);
  void write_back(Job& job);
  void sync();
  void compare(Job& job);
  void start_reading(Job& job);
  void read_back(const Piece& piece);
  void remove(Job& job);
  void sync_directories();
  void conclude(Job& job);

  void fail(Job& job, Refusal refusal);
  void add_reason(Job& job, Reason reason);

  Run& run_;
  std::vector<std::unique_ptr<Job>> jobs_;
  std::mutex mutex_;
};

// The report of a request that was refused before it became a job.
void refuse_report(EraseReport& report, Refusal refusal);

}  // namespace coffre::erase
