#include "core/vault/workstation.h"

#include <limits>

#include "core/base/file.h"

namespace coffre {
namespace {

constexpr std::size_t kSeedSize = 32;

std::string counter_path(const std::string& directory, const Hash& vault) {
  return directory + "/failed/" + to_hex(vault.view());
}

}  // namespace

Result<SigningKey> load_workstation_key(const std::string& directory, Random& random) {
  COFFRE_TRY(make_directories(directory));
  const std::string path = directory + "/workstation";
  Result<Secret> seed = read_secret_file(path, kSeedSize + 1);
  if (seed) {
    if (seed->size() != kSeedSize) {
      return fail(Code::kDamaged, N_("the key of this workstation was changed"), path,
                  N_("remove the file: the workstation enrols again at the next unlock"));
    }
    return SigningKey::from_seed(seed->expose());
  }
  if (seed.error().code != Code::kNotFound) {
    return std::unexpected<Error>(seed.error());
  }
  COFFRE_TRY_ASSIGN(SigningKey key, SigningKey::generate(random));
  COFFRE_TRY(write_durable(path, key.seed().expose()));
  return key;
}

Result<std::uint32_t> failed_unlocks(const std::string& directory, const Hash& vault) {
  const Result<Bytes> bytes = read_file(counter_path(directory, vault), sizeof(std::uint32_t));
  if (!bytes && bytes.error().code == Code::kNotFound) {
    return 0;
  }
  if (!bytes) {
    return std::unexpected<Error>(bytes.error());
  }
  Reader in(*bytes);
  return in.u32().value_or(0);
}

Status count_failed_unlock(const std::string& directory, const Hash& vault) {
  COFFRE_TRY(make_directories(directory + "/failed"));
  COFFRE_TRY_ASSIGN(std::uint32_t count, failed_unlocks(directory, vault));
  if (count < std::numeric_limits<std::uint32_t>::max()) {
    ++count;
  }
  Writer out;
  out.u32(count);
  return write_durable(counter_path(directory, vault), out.view());
}

Status clear_failed_unlocks(const std::string& directory, const Hash& vault) {
  COFFRE_TRY_ASSIGN(const std::uint32_t count, failed_unlocks(directory, vault));
  if (count == 0) {
    return {};
  }
  Writer out;
  out.u32(0);
  return write_durable(counter_path(directory, vault), out.view());
}

}  // namespace coffre
