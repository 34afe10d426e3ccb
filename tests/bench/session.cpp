#include "tests/bench/session.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "core/vault/vault_impl.h"

namespace coffre::bench {
namespace {

constexpr const char* kCompartment = "medical";
constexpr std::uint64_t kRowsInCommit = 4000;  // an entry names at most 4,096 changes

// Bytes that differ from document to document; what they are costs nothing.
class NumberedSource final : public ContentSource {
 public:
  NumberedSource(std::uint64_t number, std::size_t size) : number_(number), size_(size) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Status read(MutableByteView out) override {
    std::ranges::fill(out, static_cast<Byte>(number_ * 37));
    std::memcpy(out.data(), &number_, std::min(out.size(), sizeof number_));
    return {};
  }
  [[nodiscard]] Status finish() override { return {}; }

 private:
  std::uint64_t number_;
  std::size_t size_;
};

Patient numbered_patient(std::uint64_t number) {
  static constexpr std::array<const char*, 8> kLast = {"Martin", "Bernard", "Dubois", "Lefèvre",
                                                       "Moreau", "Girard",  "Noël",   "Fournier"};
  static constexpr std::array<const char*, 5> kFirst = {"Jeanne", "Éric", "Amélie", "Luc", "Zoé"};
  return {{},
          std::string(kLast[number % kLast.size()]) + "-" + std::to_string(number),
          kFirst[number % kFirst.size()],
          "1970-01-" + std::to_string(10 + number % 19)};
}

Status add_patient_rows(Vault::Impl& vault, Commit& commit, std::uint64_t from, std::uint64_t to) {
  const Id place = commit.policy().compartment_for(Purpose::kAdministrative)->id;
  for (std::uint64_t number = from; number < to; ++number) {
    COFFRE_TRY_ASSIGN(const Id id, commit.random().id());
    COFFRE_TRY_ASSIGN(const Secret payload, encode_patient(numbered_patient(number)));
    COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
    const RecordRow row{ObjectKind::kPatient, place, 1, envelope->id, {}};
    COFFRE_TRY_ASSIGN(const Bytes body, seal_record(envelope->key, commit.random(),
                                                    vault.log.vault(), id, row, payload.expose()));
    COFFRE_TRY(commit.insert(Table::kRecords, id.view(), body, place));
  }
  Event event = vault.event(Action::kDeposit);
  event.count = static_cast<std::uint32_t>(to - from);
  return commit.add_event(event);
}

}  // namespace

void end_with(const Error& error) {
  std::fprintf(stderr, "%s: %s\n", error.what, error.on.c_str());
  std::quick_exit(1);
}

VaultEnvironment environment_in(const std::string& directory) {
  return {system_clock(), system_random(), directory + "/state", "bench", 5'000};
}

std::string vault_path(const std::string& directory) { return directory + "/bench.coffre"; }

Credentials credentials() {
  return {kOwner, value_or_end(Secret::copy_of(as_bytes(kPassword))), {}};
}

void make_vault(const std::string& directory) {
  std::filesystem::create_directories(directory);
  value_or_end(Vault::create(vault_path(directory), {kOwner, "Bench", kCost, {}}, credentials(),
                             environment_in(directory)));
}

std::unique_ptr<Vault> open_session(const std::string& directory) {
  if (!std::filesystem::exists(vault_path(directory))) make_vault(directory);
  auto vault = value_or_end(Vault::open(vault_path(directory), environment_in(directory)));
  ok_or_end(vault->unlock(credentials()));
  return vault;
}

Id some_patient(Vault& vault) {
  return value_or_end(vault.add_patient({{}, "Dupont", "Éric", "1970-01-02"}));
}

void file_documents(Vault& vault, const Id& patient, std::uint64_t count, std::size_t size) {
  const Id place = vault.policy().compartment_by_name(kCompartment)->id;
  std::uint64_t given = 0;
  const auto next = [&]() -> std::optional<Result<NewDocument>> {
    if (given == count) return std::nullopt;
    vault.renew();
    const std::uint64_t number = given++;
    return NewDocument{place,
                       patient,
                       "courrier",
                       "Compte rendu de consultation n° " + std::to_string(number),
                       "2026-11-24",
                       "application/pdf",
                       std::make_unique<NumberedSource>(number, size)};
  };
  ok_or_end(vault.import(next, [](std::size_t, const Result<Id>& result) {
    if (!result) end_with(result.error());
  }));
}

void add_patients(Vault& vault, std::uint64_t count) {
  Vault::Impl& impl = vault.impl();
  for (std::uint64_t from = 0; from < count; from += kRowsInCommit) {
    const std::uint64_t to = std::min(count, from + kRowsInCommit);
    vault.renew();
    ok_or_end(impl.with_keys([&](Lease::Use&) -> Status {
      return impl.commit([&](Commit& commit) { return add_patient_rows(impl, commit, from, to); });
    }));
  }
}

}  // namespace coffre::bench
