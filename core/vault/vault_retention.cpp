// What has to be kept: periods of compartments, holds on documents and patients. Policy kinds 15,
// 16, 17. docs/FORMAT.md §7.
#include "core/base/text.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

std::unexpected<Error> no_object() {
  return fail(Code::kDenied, N_("there is no such object, or this account may not see it"));
}

Result<Event> hold_event(const Vault::Impl& vault, const Id& object, const std::string& reason) {
  Event event = vault.event(Action::kSetting);
  event.object = object;
  COFFRE_TRY_ASSIGN(const std::string line, checked_line(reason, kReasonBytesMax));
  COFFRE_TRY_ASSIGN(event.reason, to_nfc(line));
  if (event.reason.empty()) {
    return fail(Code::kInvalidArgument, N_("a hold is not set or lifted without a reason"), {},
                N_("say why; it is journaled"));
  }
  return event;
}

// Of an object that this account reads; else the journal has the object alone.
std::optional<Id> patient_of(Vault::Impl& vault, ReadView& view, const Id& object) {
  if (const Result<Document> document = vault.read_document(view, object)) {
    return document->patient;
  }
  return std::nullopt;
}

}  // namespace

Status Vault::set_retention(const std::string& compartment, std::uint32_t years) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kSettings));
    return self.commit([&](Commit& commit) -> Status {
      const Compartment* place = commit.policy().compartment_by_name(compartment);
      if (place == nullptr) {
        return fail(Code::kDenied, N_("there is no such compartment, or this account may not"),
                    printable(compartment), N_("look at: coffrectl compartment list"));
      }
      return commit.add_policy(RetentionOp{place->id, years});
    });
  });
}

Status Vault::add_hold(const Id& object, const std::string& reason) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kSettings));
    COFFRE_TRY_ASSIGN(Event event, hold_event(self, object, reason));
    return self.commit([&](Commit& commit) -> Status {
      // Only what the prefixes of rows say to anybody: who sets a hold need not read there.
      COFFRE_TRY_ASSIGN(const OwnedStateRow stored,
                        self.row(commit.transaction(), Table::kRecords, object));
      COFFRE_TRY_ASSIGN(const RecordRow row, RecordRow::parse(stored.body));
      HoldOp op{object, HoldKind::kPatient, {}};
      switch (row.kind) {
        case ObjectKind::kRequest:
          return no_object();
        case ObjectKind::kPatient:
          event.patient = object;
          break;
        case ObjectKind::kDocument:
          op.kind = HoldKind::kDocument;
          COFFRE_TRY_ASSIGN(op.versions,
                            self.versions_of(commit.transaction(), object, row.compartment));
          event.patient = patient_of(self, commit.transaction(), object);
          break;
      }
      COFFRE_TRY(commit.add_policy(op));
      return commit.add_event(event);
    });
  });
}

Status Vault::lift_hold(const Id& object, const std::string& reason) {
  return impl_->with_keys([&](Lease::Use&) -> Status {
    Impl& self = *impl_;
    COFFRE_TRY(self.need(vault_right::kSettings));
    COFFRE_TRY_ASSIGN(Event event, hold_event(self, object, reason));
    return self.commit([&](Commit& commit) -> Status {
      const auto found = commit.policy().holds().find(object);
      if (found != commit.policy().holds().end() && found->second.kind == HoldKind::kPatient) {
        event.patient = object;
      } else {
        event.patient = patient_of(self, commit.transaction(), object);
      }
      COFFRE_TRY(commit.add_policy(HoldLiftedOp{object}));
      return commit.add_event(event);
    });
  });
}

}  // namespace coffre
