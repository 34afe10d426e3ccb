#include "tests/core/vault/practice.h"

#include <cstdlib>
#include <filesystem>
#include <optional>

#include <gtest/gtest.h>

#include "core/base/file.h"

namespace coffre::test {
namespace {

constexpr PasswordCost kCost{kPasswordMemoryMinKib, kPasswordPassesMin, 2};

template <typename T>
T value_or_die(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << result.error().what << ": " << result.error().on;
    std::abort();
  }
  return *std::move(result);
}

void ok_or_die(const Status& status) {
  if (!status) {
    ADD_FAILURE() << status.error().what << ": " << status.error().on;
    std::abort();
  }
}

VaultEnvironment environment_in(const std::string& directory, const std::string& name,
                                Clock& clock) {
  return {clock, system_random(), directory + "/" + name, name, 200};
}

// The vault of which every test gets a copy, and the memory of the workstation that made it. Made
// once for a run of all tests (COFFRE_TEST_TEMPLATE says where), else once for the process.
struct Template {
  std::optional<TempDir> own;
  std::string directory;
  Id patient;

  Template() {
    if (const char* made = std::getenv("COFFRE_TEST_TEMPLATE"); made != nullptr) {
      directory = made;
    } else {
      directory = own.emplace().path();
      make_template(directory);
    }
    patient = value_or_die(Id::from(value_or_die(read_file(directory + "/patient", Id::kSize))));
  }
};

const Template& made_template() {
  static const Template made;
  return made;
}

}  // namespace

void make_template(const std::string& directory) {
  ManualClock clock;
  const std::string path = directory + "/template.coffre";
  const VaultEnvironment first = environment_in(directory, "first", clock);
  value_or_die(Vault::create(path, {"marie", "Cabinet des Tilleuls", kCost, {}},
                             {"marie", secret_of(kOwnerPassword), {}}, first));
  const auto vault = value_or_die(Vault::open(path, first));
  ok_or_die(vault->unlock({"marie", secret_of(kOwnerPassword), {}}));
  for (const auto& [name, role] :
       {std::pair("sec", "secretary"), std::pair("bill", "billing"),
        std::pair("prac", "practitioner"), std::pair("priv", "privacy-officer"),
        std::pair("adm", "administrator")}) {
    value_or_die(vault->add_user(name, {role}, secret_of(kStaffPassword)));
  }
  const Id patient = value_or_die(vault->add_patient({{}, "Dupont", "Éric", "1970-01-02"}));
  ok_or_die(write_durable(directory + "/patient", patient.view()));
}

Secret secret_of(std::string_view text) { return value_or_die(Secret::copy_of(as_bytes(text))); }

Status MemorySource::read(MutableByteView out) {
  COFFRE_ASSERT(out.size() <= content_.size() - at_);
  std::copy_n(content_.begin() + static_cast<std::ptrdiff_t>(at_), out.size(), out.begin());
  at_ += out.size();
  return {};
}

Bytes sample_bytes(std::size_t size, std::uint8_t seed) {
  Bytes bytes(size);
  SeededRandom random(seed);
  ok_or_die(random.fill(bytes));
  return bytes;
}

Practice::Practice() : path_(dir_ / "practice.coffre") {
  const Template& made = made_template();
  std::filesystem::copy_file(made.directory + "/template.coffre", path_);
  std::filesystem::copy(made.directory + "/first", dir_ / "first",
                        std::filesystem::copy_options::recursive);
  patient_ = made.patient;
}

VaultEnvironment Practice::workstation(const std::string& name) {
  return environment_in(dir_.path(), name, clock_);
}

Result<std::unique_ptr<Vault>> Practice::open(const std::string& path,
                                              const std::string& workstation_name) {
  return Vault::open(path, workstation(workstation_name));
}

Result<std::unique_ptr<Vault>> Practice::unlock(const std::string& user,
                                                const std::string& workstation_name) {
  return unlock_at(path_, user, password_of(user), workstation_name);
}

Result<std::unique_ptr<Vault>> Practice::unlock_at(const std::string& path, const std::string& user,
                                                   const std::string& password,
                                                   const std::string& workstation_name) {
  COFFRE_TRY_ASSIGN(std::unique_ptr<Vault> vault, open(path, workstation_name));
  COFFRE_TRY(vault->unlock({user, secret_of(password), {}}));
  return vault;
}

std::string Practice::password_of(const std::string& user) {
  return user == "marie" ? kOwnerPassword : kStaffPassword;
}

void Practice::copy_to(const std::string& path) const {
  std::filesystem::copy_file(path_, path, std::filesystem::copy_options::overwrite_existing);
}

Id compartment_of(const Vault& vault, std::string_view name) {
  const Compartment* compartment = vault.policy().compartment_by_name(name);
  EXPECT_NE(compartment, nullptr);
  return compartment == nullptr ? Id{} : compartment->id;
}

Result<Id> file_document(Vault& vault, const std::string& compartment,
                         const std::optional<Id>& patient, Bytes content,
                         const std::string& title) {
  bool given = false;
  Result<Id> filed = fail(Code::kFailed, "nothing was filed");
  const Id place = compartment_of(vault, compartment);
  const Status imported = vault.import(
      [&]() -> std::optional<Result<NewDocument>> {
        if (given) {
          return std::nullopt;
        }
        given = true;
        return NewDocument{place,
                           patient,
                           "courrier",
                           title,
                           "2026-11-24",
                           "application/pdf",
                           std::make_unique<MemorySource>(std::move(content))};
      },
      [&](std::size_t, const Result<Id>& result) { filed = result; });
  if (!imported) {
    return std::unexpected<Error>(imported.error());
  }
  return filed;
}

Result<Bytes> content_of(Vault& vault, const Id& document) {
  Bytes content;
  COFFRE_TRY(vault.export_document(document, "test", "", [&](ByteView bytes) -> Status {
    content.insert(content.end(), bytes.begin(), bytes.end());
    return {};
  }));
  return content;
}

std::vector<std::string> titles(Vault& vault) {
  std::vector<std::string> all;
  const Result<std::vector<Document>> listed = vault.documents({});
  EXPECT_TRUE(listed.has_value());
  if (listed) {
    for (const Document& document : *listed) {
      all.push_back(document.title);
    }
  }
  return all;
}

}  // namespace coffre::test
