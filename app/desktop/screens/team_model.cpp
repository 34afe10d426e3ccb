#include "app/desktop/screens/team_model.h"

#include <algorithm>

#include "core/base/text.h"

namespace coffre::ui {
namespace {

// Compartments whose key this person holds, whatever the roles say now.
bool holds_key(const Policy& policy, const User& user, const Id& compartment) {
  return policy.live_grant(user, compartment) != nullptr;
}

// Somebody who reads the compartment made this key, so that a grant to it is allowed.
bool maker_reads(const Policy& policy, const User& user, const Id& compartment) {
  const User* maker = policy.user(user.made_by);
  return user.has_own_key() || (maker != nullptr && policy.is_reader(*maker, compartment));
}

Person person_of(const Policy& policy, const User& user, const User* me) {
  Person person;
  person.id = user.id;
  person.name = user.name;
  person.is_me = me != nullptr && me->id == user.id;
  person.own_key = user.has_own_key();
  person.key_id = user.key_id;
  for (const Id& role : user.roles) {
    person.roles.push_back(policy.role(role)->name);
  }
  std::ranges::sort(person.roles);
  for (const auto& [id, compartment] : policy.compartments()) {
    if (holds_key(policy, user, id)) {
      person.reads.push_back(id);
      person.reads_names.push_back(compartment.name);
    } else if ((policy.rights(user, id) & right::kRead) != 0) {
      const bool reads = me != nullptr && policy.is_reader(*me, id);
      person.waiting.push_back({id, compartment.name, reads && maker_reads(policy, user, id)});
    }
  }
  std::ranges::sort(person.waiting, {}, &Waiting::name);
  if (user.state == UserState::kRemoved) {
    person.state = PersonState::kRemoved;
  } else if (user.state == UserState::kSuspended) {
    person.state = PersonState::kSuspended;
  } else if (policy.is_provisional(user)) {
    person.state = PersonState::kProvisional;
  } else if (!person.waiting.empty()) {
    person.state = PersonState::kWaiting;
  }
  return person;
}

}  // namespace

std::vector<Person> people_of(const Policy& policy, const Id& me) {
  std::vector<Person> people;
  for (const auto& [id, user] : policy.users()) {
    people.push_back(person_of(policy, user, policy.user(me)));
  }
  std::ranges::sort(people, {}, [](const Person& person) {
    return std::pair(person.state == PersonState::kRemoved, fold(person.name));
  });
  return people;
}

const char* why_not_approved(const Person& person) {
  const bool any = std::ranges::any_of(person.waiting, &Waiting::can_approve);
  if (any) {
    return nullptr;
  }
  return person.own_key
             ? N_("Only somebody who reads the same documents can approve; an administrator "
                  "cannot.")
             : N_("This person has to sign in and choose a password of their own first.");
}

int approvals_waiting(const Policy& policy, const Id& me) {
  std::ptrdiff_t count = 0;
  for (const Person& person : people_of(policy, me)) {
    count += std::ranges::count_if(person.waiting, &Waiting::can_approve);
  }
  return static_cast<int>(count);
}

TagKind tag_of(PersonState state) {
  switch (state) {
    case PersonState::kActive:
      return TagKind::kGood;
    case PersonState::kWaiting:
    case PersonState::kProvisional:
      return TagKind::kWarning;
    case PersonState::kSuspended:
      return TagKind::kBad;
    case PersonState::kRemoved:
      break;
  }
  return TagKind::kNeutral;
}

const char* words_of(PersonState state) {
  switch (state) {
    case PersonState::kActive:
      return N_("active");
    case PersonState::kWaiting:
      return N_("waits for an approval");
    case PersonState::kProvisional:
      return N_("first password");
    case PersonState::kSuspended:
      return N_("suspended");
    case PersonState::kRemoved:
      break;
  }
  return N_("removed");
}

const char* why_not_removed(const Policy& policy, const Person& person, const Id& me) {
  const User* myself = policy.user(me);
  const User* user = policy.user(person.id);
  if (myself == nullptr || user == nullptr || person.is_me) {
    return N_("An account cannot remove itself.");
  }
  for (const Id& place : person.reads) {
    if (policy.is_reader(*user, place) && policy.reader_count(place, user->id) == 0) {
      return N_("Nobody else reads one of the compartments: let somebody else read it first.");
    }
  }
  const bool reads_all = std::ranges::all_of(
      person.reads, [&](const Id& place) { return policy.is_reader(*myself, place); });
  return reads_all ? nullptr
                   : N_("Only somebody who reads the same compartments can remove this person: "
                        "suspend the account now, and ask them.");
}

const char* why_not_assigned(const Policy& policy, const Role& role, const Id& me) {
  const User* myself = policy.user(me);
  if (myself == nullptr) {
    return "";
  }
  for (const auto& [compartment, rights] : role.rights) {
    if ((rights & right::kDestroy) != 0 && !policy.is_reader(*myself, compartment)) {
      return N_("This role may destroy: only somebody who reads the same compartments gives it.");
    }
  }
  return nullptr;
}

Result<Secret> first_password(Random& random) {
  // Without 0 o 1 l i: thirty-one characters. Five bits of each byte are used; the one value too
  // many is drawn again, so that all are equally likely.
  constexpr std::string_view kCharacters = "abcdefghjkmnpqrstuvwxyz23456789";
  static_assert(kCharacters.size() == 31);
  constexpr std::size_t kGroups = 5;
  constexpr std::size_t kGroupSize = 4;
  constexpr Byte kMask = 31;
  COFFRE_TRY_ASSIGN(Secret password, Secret::create(kGroups * (kGroupSize + 1) - 1));
  const MutableByteView out = password.expose();
  for (std::size_t at = 0; at < out.size();) {
    if (at % (kGroupSize + 1) == kGroupSize) {
      out[at++] = '-';
      continue;
    }
    COFFRE_TRY_ASSIGN(const Secret drawn, random.secret(1));
    const std::size_t value = drawn.expose().front() & kMask;
    if (value < kCharacters.size()) {
      out[at++] = static_cast<Byte>(kCharacters[value]);
    }
  }
  return password;
}

}  // namespace coffre::ui
