// What the Exports screen knows and does; exports_draw.cpp draws.
#include "app/desktop/screens/exports_screen.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/icons.h"
#include "core/base/text.h"

namespace coffre::ui {

const char* ExportsScreen::label() const { return N_("Exports"); }
const char* ExportsScreen::icon() const { return icon::kExport; }

bool ExportsScreen::is_available() const {
  const auto policy = services_.vault.policy();
  if (policy == nullptr || services_.exports == nullptr) {
    return false;
  }
  return std::ranges::any_of(policy->compartments(), [&](const auto& entry) {
    const bool reads_journal =
        entry.second.purpose == Purpose::kJournal && services_.vault.can_read(entry.first);
    return reads_journal || (services_.vault.rights(entry.first) & right::kExport) != 0;
  });
}

const KeptCopies* ExportsScreen::kept() const { return services_.exports->kept().get(); }

int ExportsScreen::badge() const {
  const KeptCopies* known = kept();
  return known == nullptr ? 0 : static_cast<int>(known->copies.size());
}

const KeptCopy* ExportsScreen::chosen() const {
  const KeptCopies* known = kept();
  if (known == nullptr || !chosen_) {
    return nullptr;
  }
  const auto found = std::ranges::find_if(
      known->copies, [&](const KeptCopy& each) { return each.copy.entry.id == *chosen_; });
  return found == known->copies.end() ? nullptr : &*found;
}

std::vector<Id> ExportsScreen::all_erasable() const {
  std::vector<Id> ids;
  const KeptCopies* known = kept();
  const auto policy = services_.vault.policy();
  if (known == nullptr || policy == nullptr) {
    return ids;
  }
  for (const KeptCopy& each : known->copies) {
    // Those of another vault belong to people who may not know of this one.
    if (each.copy.entry.vault == policy->vault() && may_erase(each).is_ready()) {
      ids.push_back(each.copy.entry.id);
    }
  }
  return ids;
}

Availability ExportsScreen::may_erase(const KeptCopy& kept) const {
  if (services_.exports->is_erasing(kept.copy.entry.id)) {
    return Availability::greyed(N_("It is being erased."));
  }
  if (is_lost(kept)) {
    return Availability::greyed(N_("It is not where it was put: see beside."));
  }
  return can_be_erased(kept) ? Availability::ready()
                             : Availability::greyed(N_("It is still being written."));
}

Availability ExportsScreen::may_erase_chosen() const {
  const KeptCopy* copy = chosen();
  return copy == nullptr ? Availability::greyed(N_("Choose a copy first.")) : may_erase(*copy);
}

Availability ExportsScreen::may_erase_all() const {
  return all_erasable().empty()
             ? Availability::greyed(N_("There is no copy that can be erased now."))
             : Availability::ready();
}

void ExportsScreen::add_commands(Commands& commands) {
  commands.add({"exports.erase",
                N_("Erase this copy now"),
                icon::kDelete,
                {},
                [this] { return may_erase_chosen(); },
                [this] { services_.exports->erase({*chosen_}); }});
  commands.add({"exports.erase_all",
                N_("Erase all now…"),
                icon::kDelete,
                {},
                [this] { return may_erase_all(); },
                [this] { asks_for_all_ = true; }});
  commands.add({"exports.refresh", N_("Look at the copies again"), icon::kRefresh, {}, {}, [this] {
                  services_.go(id());
                  services_.exports->look();
                }});
}

void ExportsScreen::entered() { services_.exports->look(); }

// Asked for as soon as there is a copy of a document whose name was not looked up in this session.
void ExportsScreen::look_up() {
  const KeptCopies* known = kept();
  const auto policy = services_.vault.policy();
  if (looking_up_ || known == nullptr || policy == nullptr) {
    return;
  }
  std::set<Id> wanted;
  for (const KeptCopy& each : known->copies) {
    if (each.copy.entry.vault == policy->vault()) {
      wanted.insert(each.copy.entry.document);
    }
  }
  for (const ErasedCopy& each : services_.exports->erased()) {
    if (each.swept.entry.vault == policy->vault()) {
      wanted.insert(each.swept.entry.document);
    }
  }
  const bool is_known = std::ranges::all_of(
      wanted, [&](const Id& document) { return names_.looked_up.contains(document); });
  if (is_known) {
    return;
  }
  looking_up_ = true;
  services_.vault.ask<CopyNames>(
      [before = names_, wanted](Vault& vault) { return look_up_copies(vault, before, wanted); },
      alive_.guard([this, wanted](Result<CopyNames> names) {
        looking_up_ = false;
        if (names) {
          names_ = *std::move(names);
        } else {
          // They stay without a name rather than being asked for in each frame.
          names_.looked_up.insert(wanted.begin(), wanted.end());
        }
      }));
}

ExportsScreen::CopyTitle ExportsScreen::title_of(const ExportEntry& entry) const {
  const std::string file = printable(base_name(entry.path));
  const auto policy = services_.vault.policy();
  if (policy == nullptr || entry.vault != policy->vault()) {
    return {tr(N_("Copy from another vault")), file};
  }
  const auto found = names_.known.find(entry.document);
  if (found == names_.known.end()) {
    return {tr(N_("A document")), file};
  }
  const CopyNames::Name& name = found->second;
  return {name.title.empty() ? tr(N_("Untitled")) : name.title,
          name.patient.empty() ? file : name.patient};
}

std::unique_ptr<Screen> make_exports_screen(Services& services) {
  return std::make_unique<ExportsScreen>(services);
}

}  // namespace coffre::ui
