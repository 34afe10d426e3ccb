// A vault's file that anybody may have changed: opening and reading it ends in rows within their
// limits or in an error, never in memory that is not ours.
//
// The input says what is changed in a small vault's file, as a list of (place, bytes); a first byte
// of 0xff means that the rest is the file.
#include <cstdlib>
#include <fcntl.h>
#include <limits>
#include <unistd.h>

#include "core/base/file.h"
#include "core/store/sqlite_store.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

constexpr std::size_t kFileMax = std::size_t{4} << 20;
constexpr std::int64_t kRowMax = std::numeric_limits<std::int64_t>::max();

// A directory in memory; what is in it is removed at the end of the process.
const std::string& directory() {
  static const std::string kPath = [] {
    std::string path = "/dev/shm/coffre-fuzz-XXXXXX";
    COFFRE_ASSERT(mkdtemp(path.data()) != nullptr);
    return path;
  }();
  return kPath;
}

std::string vault_path() { return directory() + "/vault"; }

void remove_files() {
  (void)os().unlink(vault_path().c_str());
  (void)os().unlink((vault_path() + "-journal").c_str());
}

void remove_directory() {
  remove_files();
  (void)rmdir(directory().c_str());
}

void fill(WriteTransaction& out) {
  const Bytes id(kRowIdMin, Byte{1});
  const Bytes body(300, Byte{2});
  for (const Table table : kStateTables) {
    (void)out.insert_row(table, id, body).value();
  }
  COFFRE_ASSERT(out.append_entry(0, body, Bytes(64, Byte{3}), body).has_value());
  COFFRE_ASSERT(out.append_entry(1, body, Bytes(64, Byte{3}), body).has_value());
  COFFRE_ASSERT(out.set_checkpoint(body).has_value());
  const std::int64_t row = out.reserve_extents(2).value();
  COFFRE_ASSERT(out.put_extent(row, id, 0, Bytes(20'000, Byte{4})).has_value());
  COFFRE_ASSERT(out.commit().has_value());
}

// The unchanged file.
const Bytes& good_file() {
  static const Bytes kFile = [] {
    {
      const auto store = create_sqlite_store(vault_path()).value();
      fill(*store->write().value());
    }
    Bytes file = read_file(vault_path(), kFileMax).value();
    remove_files();
    return file;
  }();
  return kFile;
}

Bytes changed_file(ByteView input) {
  if (!input.empty() && input.front() == 0xff) {
    return {input.begin() + 1, input.end()};
  }
  Bytes file = good_file();
  Choices choices(input);
  while (!choices.ended()) {
    const std::uint8_t size = choices.u8();
    const std::uint32_t place = choices.u32();
    if (size == 0) {  // cut
      file.resize(std::max<std::size_t>(place % (file.size() + 1), 1));
      continue;
    }
    const ByteView bytes = choices.bytes(size);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      file[(place + at) % file.size()] = bytes[at];
    }
  }
  return file;
}

void read_everything(Store& store) {
  const auto opened = store.read();
  if (!opened) {
    return;
  }
  ReadView& view = **opened;
  (void)view.checkpoint();
  for (const Table table : kStateTables) {
    (void)view.row_range(table);
    (void)view.state_row(table, 1);
    (void)view.scan(table, std::numeric_limits<std::int64_t>::min(), kRowMax,
                    [](const StateRow& row) -> Status {
                      COFFRE_ASSERT(row.id.size() >= kRowIdMin && row.id.size() <= kRowIdMax);
                      COFFRE_ASSERT(row.body.size() <= kRowBodyMax);
                      return {};
                    });
  }
  (void)view.entry_count();
  (void)view.entry(1);
  (void)view.entries(0, 2, [](const EntryRow& row) -> Status {
    COFFRE_ASSERT(row.header.size() <= kEntryHeaderMax);
    COFFRE_ASSERT(!row.body || row.body->size() <= kEntryBodyMax);
    return {};
  });
  (void)view.extent(1);
  (void)view.extent_keys(0, [](const ExtentKey&) -> Status { return {}; });
}

void write_something(Store& store) {
  const auto out = store.write();
  if (!out) {
    return;
  }
  const Bytes id(kRowIdMin, Byte{9});
  if (!(*out)->insert_row(Table::kRecords, id, id)) {
    return;
  }
  (void)(*out)->remove_extent(1);
  (void)(*out)->commit();
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  (void)coffre::good_file();
  // After the path was made, so that it runs before the path is destroyed.
  (void)std::atexit(coffre::remove_directory);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  const Bytes bytes = changed_file({data, size});
  {
    const File file = File::open(vault_path(), O_CREAT | O_TRUNC | O_WRONLY).value();
    COFFRE_ASSERT(file.write_all(bytes).has_value());
  }
  SqliteOptions options;
  options.patience_ms = 0;
  if (const auto store = open_sqlite_store(vault_path(), options)) {
    read_everything(**store);
    write_something(**store);
  }
  remove_files();
  return 0;
}
