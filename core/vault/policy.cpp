#include "core/vault/policy.h"

#include <algorithm>

#include "core/base/text.h"

namespace coffre {
namespace {

template <typename Map>
auto find_or_null(const Map& map, const typename Map::key_type& key) -> const
    typename Map::mapped_type* {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

template <typename Map>
auto find_name(const Map& map, std::string_view name) -> const typename Map::mapped_type* {
  const std::string wanted = fold(name);
  for (const auto& [id, value] : map) {
    if (fold(value.name) == wanted) {
      return &value;
    }
  }
  return nullptr;
}

}  // namespace

const User* Policy::user(const Id& id) const { return find_or_null(users_, id); }
const User* Policy::user_by_name(std::string_view name) const { return find_name(users_, name); }
const Role* Policy::role(const Id& id) const { return find_or_null(roles_, id); }
const Role* Policy::role_by_name(std::string_view name) const { return find_name(roles_, name); }
const Compartment* Policy::compartment(const Id& id) const {
  return find_or_null(compartments_, id);
}
const Compartment* Policy::compartment_by_name(std::string_view name) const {
  return find_name(compartments_, name);
}

const User* Policy::user_by_key(const Hash& key_id) const {
  const Id* id = find_or_null(keys_, key_id);
  return id == nullptr ? nullptr : user(*id);
}

const SigningPublicKey* Policy::signing_key(const Hash& key_id) const {
  return find_or_null(used_keys_, key_id);
}

std::string Policy::name_of_key(const Hash& key_id) const {
  if (const Id* id = find_or_null(key_owners_, key_id)) {
    return user(*id)->name;
  }
  const Workstation* workstation = workstation_by_key(key_id);
  return workstation == nullptr ? to_hex(key_id.view().first(8)) : workstation->name;
}

const Compartment* Policy::compartment_for(Purpose purpose) const {
  for (const auto& [id, compartment] : compartments_) {
    if (compartment.purpose == purpose) {
      return &compartment;
    }
  }
  return nullptr;
}

const Workstation* Policy::workstation_by_key(const Hash& key_id) const {
  for (const auto& [id, workstation] : workstations_) {
    if (workstation.key_id == key_id) {
      return &workstation;
    }
  }
  return nullptr;
}

std::uint8_t Policy::rights(const User& user, const Id& compartment) const {
  std::uint8_t all = 0;
  if (user.state != UserState::kActive) {
    return all;
  }
  for (const Id& id : user.roles) {
    const Role* assigned = role(id);
    COFFRE_ASSERT(assigned != nullptr);
    const std::uint8_t* rights = find_or_null(assigned->rights, compartment);
    all = static_cast<std::uint8_t>(all | (rights == nullptr ? 0 : *rights));
  }
  return all;
}

std::uint8_t Policy::vault_rights(const User& user) const {
  std::uint8_t all = 0;
  if (user.state != UserState::kActive) {
    return all;
  }
  for (const Id& id : user.roles) {
    all = static_cast<std::uint8_t>(all | role(id)->vault_rights);
  }
  return all;
}

const Grant* Policy::live_grant(const User& user, const Id& compartment_id) const {
  const Compartment* place = compartment(compartment_id);
  const Grant* grant = find_or_null(user.grants, compartment_id);
  return place != nullptr && grant != nullptr && grant->epoch == place->epoch() ? grant : nullptr;
}

bool Policy::is_reader(const User& user, const Id& compartment) const {
  return (rights(user, compartment) & right::kRead) != 0 &&
         live_grant(user, compartment) != nullptr;
}

std::size_t Policy::reader_count(const Id& compartment, const Id& without) const {
  return static_cast<std::size_t>(std::ranges::count_if(users_, [&](const auto& entry) {
    return entry.first != without && is_reader(entry.second, compartment);
  }));
}

bool Policy::is_provisional(const User& user) const {
  if (user.has_own_key()) {
    return false;
  }
  const User* maker = this->user(user.made_by);
  return std::ranges::any_of(compartments_, [&](const auto& entry) {
    return (rights(user, entry.first) & right::kRead) != 0 &&
           (maker == nullptr || !is_reader(*maker, entry.first));
  });
}

bool Policy::is_held(const Id& id) const {
  return holds_.contains(id) || held_versions_.contains(id);
}

}  // namespace coffre
