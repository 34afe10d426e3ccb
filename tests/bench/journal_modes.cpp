// coffre_bench_journal_modes DIRECTORY: what SQLite's journal modes cost with our page size, schema
// and sizes, and what one bare fsync of the medium costs. Modes alternate; medians.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "core/base/bytes.h"

namespace coffre {
namespace {

constexpr int kRounds = 3;
constexpr int kDocuments = 100;

void check(int result, sqlite3* handle) {
  if (result == SQLITE_OK || result == SQLITE_DONE || result == SQLITE_ROW) return;
  std::fprintf(stderr, "SQLite: %s\n", sqlite3_errmsg(handle));
  std::quick_exit(1);
}

void run(sqlite3* handle, const std::string& sql) {
  check(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr), handle);
}

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

sqlite3* make(const std::string& path, const std::string& mode) {
  sqlite3* handle = nullptr;
  check(sqlite3_open(path.c_str(), &handle), handle);
  for (const char* sql :
       {"PRAGMA page_size=16384", "PRAGMA temp_store=MEMORY", "PRAGMA secure_delete=ON",
        "PRAGMA synchronous=EXTRA", "PRAGMA cache_size=-16384"}) {
    run(handle, sql);
  }
  run(handle, "PRAGMA journal_mode=" + mode);
  for (const char* table : {"entries", "records", "versions", "extents"}) {
    run(handle, std::string("CREATE TABLE ") + table +
                    "(row INTEGER PRIMARY KEY, id BLOB NOT NULL, body BLOB NOT NULL) STRICT");
  }
  return handle;
}

void insert(sqlite3* handle, const char* table, const Bytes& body) {
  const std::string sql = std::string("INSERT INTO ") + table + "(id, body) VALUES(?, ?)";
  sqlite3_stmt* statement = nullptr;
  check(sqlite3_prepare_v2(handle, sql.c_str(), -1, &statement, nullptr), handle);
  check(sqlite3_bind_blob(statement, 1, body.data(), 16, SQLITE_STATIC), handle);
  check(sqlite3_bind_blob(statement, 2, body.data(), static_cast<int>(body.size()), SQLITE_STATIC),
        handle);
  check(sqlite3_step(statement), handle);
  check(sqlite3_finalize(statement), handle);
}

// Seconds of each transaction: one document of 200 KB with its rows and entry, or an entry alone.
std::vector<double> transactions(sqlite3* handle, bool document) {
  const Bytes extent(200'000, 7);
  const Bytes record(600, 8);
  const Bytes version(212, 9);
  const Bytes entry(900, 10);
  std::vector<double> times;
  for (int i = 0; i < kDocuments; ++i) {
    const double start = now();
    run(handle, "BEGIN IMMEDIATE");
    if (document) {
      insert(handle, "extents", extent);
      insert(handle, "records", record);
      insert(handle, "versions", version);
    }
    insert(handle, "entries", entry);
    run(handle, "COMMIT");
    times.push_back(now() - start);
  }
  return times;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double bare_fsync(const std::string& path, bool data_only) {
  const int fd = ::open(path.c_str(), O_CREAT | O_RDWR, 0600);
  const Bytes block(16'384, 3);
  std::vector<double> times;
  if (::pwrite(fd, block.data(), block.size(), 0) < 0 || ::fsync(fd) != 0) std::quick_exit(1);
  for (int i = 0; i < 200; ++i) {
    if (::pwrite(fd, block.data(), block.size(), 0) < 0) std::quick_exit(1);
    const double start = now();
    if ((data_only ? ::fdatasync(fd) : ::fsync(fd)) != 0) std::quick_exit(1);
    times.push_back(now() - start);
  }
  (void)::close(fd);
  return median(times);
}

int run_program(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: coffre_bench_journal_modes DIRECTORY\n", stderr);
    return 2;
  }
  const std::string directory = std::string(argv[1]) + "/journal-modes";
  std::filesystem::create_directories(directory);
  std::printf("bare fsync of 16 KiB: %.3f ms, fdatasync %.3f ms\n",
              bare_fsync(directory + "/fsync", false) * 1000,
              bare_fsync(directory + "/fsync", true) * 1000);
  std::map<std::string, std::vector<double>> documents;
  std::map<std::string, std::vector<double>> entries;
  for (int i = 0; i < kRounds; ++i) {
    for (const char* mode : {"PERSIST", "DELETE", "TRUNCATE", "WAL"}) {
      sqlite3* handle = make(directory + "/" + mode + std::to_string(i), mode);
      for (const double time : transactions(handle, true)) documents[mode].push_back(time);
      for (const double time : transactions(handle, false)) entries[mode].push_back(time);
      check(sqlite3_close(handle), handle);
    }
  }
  for (const auto& [mode, times] : documents) {
    std::printf("%-8s one document of 200 KB %.3f ms, one entry %.3f ms\n", mode.c_str(),
                median(times) * 1000, median(entries[mode]) * 1000);
  }
  std::filesystem::remove_all(directory);  // at the end: deletions slow the file system for a while
  return 0;
}

}  // namespace
}  // namespace coffre

int main(int argc, char** argv) { return coffre::run_program(argc, argv); }
