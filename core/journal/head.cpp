#include "core/journal/head.h"

#include <cerrno>

#include "core/crypto/summed.h"

namespace coffre {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHeadLabel = "coffre/head/v1\0"sv;
constexpr std::string_view kPathLabel = "coffre/path/v1\0"sv;
constexpr std::size_t kFrontierMax = 64;
constexpr std::size_t kFileMax = 4096;  // a head has at most 2,240 bytes

// The newest policy entry is one of the log, and the first entry of every log is one.
bool is_possible(const Head& head) { return head.policy_sequence < head.frontier.size(); }

std::unexpected<Error> damaged_head(std::string on = {}) {
  return fail(Code::kDamaged, N_("this workstation's memory of the vault is damaged"),
              std::move(on),
              N_("put the file back from a backup of this workstation, or compare the vault's "
                 "fingerprint with another workstation and delete the file"));
}

Bytes encode_path(const Hash& vault) {
  Writer writer;
  writer.raw(kPathLabel).fixed(vault);
  return with_sum(std::move(writer));
}

Result<Hash> decode_path(ByteView bytes) {
  COFFRE_TRY_ASSIGN(const ByteView inner, without_sum(bytes));
  Reader reader(inner);
  COFFRE_TRY(reader.expect(as_bytes(kPathLabel)));
  COFFRE_TRY_ASSIGN(const Hash vault, reader.fixed<Hash>());
  COFFRE_TRY(reader.finish());
  return vault;
}

std::string head_file(const std::string& directory, const Hash& vault) {
  return directory + "/heads/" + to_hex(vault.view());
}

Result<std::string> path_file(const std::string& directory, const std::string& path) {
  if (!path.starts_with('/')) {
    return fail(Code::kInvalidArgument, N_("the path is not an absolute one"), path);
  }
  return directory + "/paths/" + to_hex(sha256(as_bytes(path)).view());
}

// nullopt only when the directory is there and has no such file. Whatever else keeps the memory
// from being read is an error: taken for absence, it would be "first contact".
Result<std::optional<Bytes>> read_if_there(const std::string& path) {
  struct stat found{};
  const int error = os().lstat(path.c_str(), &found);
  if (error == -ENOENT) {
    const std::string directory = parent_directory(path);
    if (const int above = os().lstat(directory.c_str(), &found); above < 0) {
      return std::unexpected(os_error(-above, directory));
    }
    return std::nullopt;
  }
  if (error < 0) return std::unexpected(os_error(-error, path));
  auto bytes = read_file(path, kFileMax);
  if (bytes) return std::optional<Bytes>(*std::move(bytes));
  if (bytes.error().code == Code::kLimit) return damaged_head(path);
  return std::unexpected(std::move(bytes).error());
}

}  // namespace

Bytes Head::encode() const {
  COFFRE_ASSERT(is_possible(*this));
  const std::vector<Hash>& hashes = frontier.hashes();
  Writer writer;
  writer.raw(kHeadLabel).fixed(vault).u64(frontier.size()).fixed(frontier.root());
  writer.fixed(state_root).u8(static_cast<std::uint8_t>(hashes.size()));
  for (const Hash& hash : hashes) writer.fixed(hash);
  writer.u64(policy_sequence).fixed(policy_link);
  return with_sum(std::move(writer));
}

Result<Head> Head::decode(ByteView bytes) {
  COFFRE_TRY_ASSIGN(const ByteView inner, without_sum(bytes));
  Reader reader(inner);
  Head head;
  COFFRE_TRY(reader.expect(as_bytes(kHeadLabel)));
  COFFRE_TRY_ASSIGN(head.vault, reader.fixed<Hash>());
  COFFRE_TRY_ASSIGN(const std::uint64_t size, reader.u64());
  COFFRE_TRY_ASSIGN(const Hash log_root, reader.fixed<Hash>());
  COFFRE_TRY_ASSIGN(head.state_root, reader.fixed<Hash>());
  COFFRE_TRY_ASSIGN(const std::uint8_t count, reader.u8());
  if (count > kFrontierMax) return damaged_head();
  std::vector<Hash> hashes(count);
  for (Hash& hash : hashes) {
    COFFRE_TRY_ASSIGN(hash, reader.fixed<Hash>());
  }
  COFFRE_TRY_ASSIGN(head.frontier, Frontier::from(size, std::move(hashes)));
  COFFRE_TRY_ASSIGN(head.policy_sequence, reader.u64());
  COFFRE_TRY_ASSIGN(head.policy_link, reader.fixed<Hash>());
  COFFRE_TRY(reader.finish());
  if (head.frontier.root() != log_root || !is_possible(head)) return damaged_head();
  return head;
}

Result<HeadMemory> HeadMemory::open(const std::string& directory) {
  COFFRE_TRY(make_directories(directory));
  COFFRE_TRY(make_directories(directory + "/heads"));
  COFFRE_TRY(make_directories(directory + "/paths"));
  return HeadMemory(directory);
}

Result<std::optional<Head>> HeadMemory::load(const Hash& vault) const {
  const std::string file = head_file(directory_, vault);
  COFFRE_TRY_ASSIGN(const std::optional<Bytes> bytes, read_if_there(file));
  if (!bytes) return std::nullopt;
  auto head = Head::decode(*bytes);
  if (!head || head->vault != vault) return damaged_head(file);
  return std::optional<Head>(*std::move(head));
}

Result<std::optional<Hash>> HeadMemory::vault_at(const std::string& path) const {
  COFFRE_TRY_ASSIGN(const std::string file, path_file(directory_, path));
  COFFRE_TRY_ASSIGN(const std::optional<Bytes> bytes, read_if_there(file));
  if (!bytes) return std::nullopt;
  const auto vault = decode_path(*bytes);
  if (!vault) return damaged_head(file);
  return std::optional<Hash>(*vault);
}

Status HeadMemory::store(const Head& head, const std::string& path) const {
  COFFRE_TRY_ASSIGN(const std::string at_path, path_file(directory_, path));
  COFFRE_TRY_ASSIGN(const std::optional<File> lock, lock_file(directory_ + "/lock", LOCK_EX));
  COFFRE_TRY_ASSIGN(const std::optional<Head> known, load(head.vault));
  const Bytes bytes = head.encode();
  if (known && known->frontier.size() == head.frontier.size() && known->encode() != bytes) {
    return fail(Code::kForked, N_("this workstation remembers another history of the vault"), path,
                N_("keep this file, and compare the vault with another workstation's"));
  }
  if (!known || known->frontier.size() < head.frontier.size()) {
    COFFRE_TRY(write_durable(head_file(directory_, head.vault), bytes));
  }
  // After the head: a path whose vault has no head would look like first contact with that vault.
  COFFRE_TRY_ASSIGN(const std::optional<Hash> vault, vault_at(path));
  if (vault == head.vault) return {};
  return write_durable(at_path, encode_path(head.vault));
}

Status HeadMemory::forget_path(const std::string& path) const {
  COFFRE_TRY_ASSIGN(const std::string file, path_file(directory_, path));
  COFFRE_TRY_ASSIGN(const std::optional<File> lock, lock_file(directory_ + "/lock", LOCK_EX));
  if (const int error = os().unlink(file.c_str()); error < 0 && error != -ENOENT) {
    return std::unexpected(os_error(-error, file));
  }
  COFFRE_TRY_ASSIGN(const File directory,
                    File::open(parent_directory(file), O_RDONLY | O_DIRECTORY));
  return directory.sync();
}

}  // namespace coffre
