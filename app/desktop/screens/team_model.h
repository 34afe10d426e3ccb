// The team as the policy has it: who has which roles, who waits for an approval, and what this
// account may do about it.
//
// Guarantees: what is offered here is what the core would allow; the core decides all the same.
// Threads: values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/desktop/ui_core/widgets.h"
#include "core/base/random.h"
#include "core/vault/policy.h"

namespace coffre::ui {

enum class PersonState : unsigned char { kActive, kWaiting, kProvisional, kSuspended, kRemoved };

struct Waiting {
  Id compartment;
  std::string name;          // as stored
  bool can_approve = false;  // this account reads it
};

struct Person {
  Id id;
  std::string name;
  std::vector<std::string> roles;  // as stored, sorted
  PersonState state = PersonState::kActive;
  bool is_me = false;
  bool own_key = false;  // chose a password of their own
  Hash key_id;
  std::vector<Waiting> waiting;          // for a reader's approval
  std::vector<Id> reads;                 // compartments with a live grant
  std::vector<std::string> reads_names;  // the same, as stored
};

// Everybody: those who left last, otherwise sorted by name.
[[nodiscard]] std::vector<Person> people_of(const Policy& policy, const Id& me);
// Why a grant cannot be approved now; nullptr when it can. A message id.
[[nodiscard]] const char* why_not_approved(const Person& person);
// How many grants wait for this account.
[[nodiscard]] int approvals_waiting(const Policy& policy, const Id& me);

[[nodiscard]] TagKind tag_of(PersonState state);
[[nodiscard]] const char* words_of(PersonState state);  // message id

// Why this account cannot remove that person; nullptr when it can. Hidden otherwise.
[[nodiscard]] const char* why_not_removed(const Policy& policy, const Person& person, const Id& me);
// Why this role cannot be given or taken by this account; nullptr when it can.
[[nodiscard]] const char* why_not_assigned(const Policy& policy, const Role& role, const Id& me);

// A first password that a person can type from paper: five groups of four characters that are not
// mistaken for each other, 99 bits of `random`. In secret memory.
[[nodiscard]] Result<Secret> first_password(Random& random);

}  // namespace coffre::ui
