// Patients: records of the compartment whose purpose is administrative.
#include <algorithm>

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/base/time.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

constexpr std::size_t kPersonNameMax = 200;

Result<Patient> checked(const Patient& given) {
  Patient patient = given;
  COFFRE_TRY_ASSIGN(patient.last, checked_line(given.last, kPersonNameMax));
  COFFRE_TRY_ASSIGN(patient.last, to_nfc(patient.last));
  COFFRE_TRY_ASSIGN(patient.first, checked_line(given.first, kPersonNameMax));
  COFFRE_TRY_ASSIGN(patient.first, to_nfc(patient.first));
  COFFRE_TRY_ASSIGN(patient.born, checked_date(given.born));
  if (patient.last.empty() || patient.first.empty()) {
    return fail(Code::kInvalidArgument, N_("a patient needs a last and a first name"));
  }
  return patient;
}

// Every wanted word begins a word of the patient's name, or the date of birth.
bool matches(const Patient& patient, const std::vector<std::string>& wanted) {
  const std::string text =
      " " + fold(patient.last) + " " + fold(patient.first) + " " + patient.born;
  return std::ranges::all_of(wanted, [&](const std::string& word) {
    return text.find(" " + word) != std::string::npos || text.find("-" + word) != std::string::npos;
  });
}

}  // namespace

Result<Id> Vault::add_patient(const Patient& given) {
  return impl_->with_keys([&](Lease::Use&) -> Result<Id> {
    Impl& self = *impl_;
    COFFRE_TRY_ASSIGN(const Patient patient, checked(given));
    COFFRE_TRY_ASSIGN(const Id id, self.environment.random.id());
    COFFRE_TRY_ASSIGN(const Secret payload, encode_patient(patient));
    COFFRE_TRY(self.commit([&](Commit& commit) -> Status {
      const Id place = commit.policy().compartment_for(Purpose::kAdministrative)->id;
      if (!self.may(place, right::kDeposit)) {
        return fail(Code::kDenied, N_("this account may not add patients"), {},
                    N_("ask somebody whose role allows it"));
      }
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
      const RecordRow row{ObjectKind::kPatient, place, 1, envelope->id, {}};
      COFFRE_TRY_ASSIGN(const Bytes body, seal_record(envelope->key, self.environment.random,
                                                      self.log.vault(), id, row, payload.expose()));
      COFFRE_TRY(commit.insert(Table::kRecords, id.view(), body, place));
      Event event = self.event(Action::kDeposit);
      event.object = id;
      event.patient = id;
      return commit.add_event(event);
    }));
    return id;
  });
}

Status Vault::edit_patient(const Id& id, const PatientEdit& edit) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    return self.commit([&](Commit& commit) -> Status {
      COFFRE_TRY_ASSIGN(const Impl::OpenRecord opened,
                        self.open_record(commit.transaction(), id, ObjectKind::kPatient));
      const Id place = opened.row.compartment;
      if (!self.may(place, right::kEdit)) {
        return fail(Code::kDenied, N_("this account may not change patients"), {},
                    N_("ask somebody whose role allows it"));
      }
      COFFRE_TRY_ASSIGN(const ByteView before, unpadded(opened.plaintext.expose()));
      COFFRE_TRY_ASSIGN(Patient patient, decode_patient(id, before));
      patient.last = edit.last.value_or(patient.last);
      patient.first = edit.first.value_or(patient.first);
      patient.born = edit.born.value_or(patient.born);
      COFFRE_TRY_ASSIGN(patient, checked(patient));
      COFFRE_TRY_ASSIGN(const Secret payload, encode_patient(patient));
      COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
      const RecordRow row{ObjectKind::kPatient, place, opened.row.revision + 1, envelope->id, {}};
      COFFRE_TRY_ASSIGN(const Bytes body, seal_record(envelope->key, self.environment.random,
                                                      self.log.vault(), id, row, payload.expose()));
      COFFRE_TRY(commit.replace(Table::kRecords, id.view(), body, place));
      Event event = self.event(Action::kEdit);
      event.object = id;
      event.patient = id;
      return commit.add_event(event);
    });
  });
}

Result<std::vector<Patient>> Vault::patients(const std::vector<std::string>& words,
                                             std::vector<UnreadableRecord>* left_out) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<Patient>> {
    Impl& self = *impl_;
    std::vector<std::string> wanted;
    wanted.reserve(words.size());
    for (const std::string& word : words) {
      wanted.push_back(fold(word));
    }
    const std::size_t slots = worker_count();
    std::vector<std::vector<Patient>> found(slots);
    COFFRE_TRY(self.scan_records(
        ObjectKind::kPatient, std::nullopt, slots,
        [&](std::size_t slot, std::int64_t, const Id& id, const Id&, ByteView payload) -> Status {
          COFFRE_TRY_ASSIGN(Patient patient, decode_patient(id, payload));
          if (matches(patient, wanted)) {
            found[slot].push_back(std::move(patient));
          }
          return {};
        },
        left_out));
    std::vector<Patient> all;
    for (std::vector<Patient>& part : found) {
      std::ranges::move(part, std::back_inserter(all));
    }
    // Folding is dear: once for each, not once for each comparison.
    std::vector<std::pair<std::string, std::size_t>> order;
    order.reserve(all.size());
    for (std::size_t index = 0; index < all.size(); ++index) {
      order.emplace_back(
          fold(all[index].last) + '\0' + fold(all[index].first) + '\0' + all[index].born, index);
    }
    std::ranges::sort(order);
    std::vector<Patient> sorted;
    sorted.reserve(all.size());
    for (const auto& [key, index] : order) {
      sorted.push_back(std::move(all[index]));
    }
    Event event = self.event(Action::kView);
    event.count = static_cast<std::uint32_t>(sorted.size());
    COFFRE_TRY(self.record_event(event));
    return sorted;
  });
}

}  // namespace coffre
