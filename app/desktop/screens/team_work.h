// TeamWork: the changes of accounts and roles that the team's screen asks of the vault, one at a
// time, and what came of them.
//
// Guarantees: while one is under way the next is refused (is_busy); an error stays until the next
// one. First passwords go from secret memory to the vault and nowhere else. Threads: UI thread
// only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

struct RoleDraft {
  std::string name;
  std::uint8_t vault_rights = 0;
  std::vector<std::pair<std::string, std::uint8_t>> rights;  // by compartment, none of them empty
};

class TeamWork {
 public:
  explicit TeamWork(Services& services) : services_(services) {}

  [[nodiscard]] bool is_busy() const { return busy_; }
  // Greyed while busy; a button adds its own reasons.
  [[nodiscard]] Availability when_idle(const char* why_not = nullptr) const;
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  void forget_error() { error_.reset(); }

  using Done = std::function<void()>;  // it went well
  void refresh(Done done);             // takes what others changed
  void add(const std::string& name, const std::vector<std::string>& roles, Secret password,
           Done done);
  void reset(const std::string& name, Secret password, Done done);
  void assign(const std::string& name, const std::string& role, bool revoke);
  // All that this account can approve for that person, for the key that was compared.
  void approve(const std::string& name, const std::vector<std::string>& compartments,
               const Hash& key_id);
  void set_enabled(const std::string& name, bool enabled);
  void remove(const std::string& name, std::function<void(std::vector<ReadableBefore>)> done);
  void define(const RoleDraft& role, Done done);
  // Documents in each of the compartments, in order; those that this account does not read: none.
  void count(const std::vector<Id>& compartments,
             std::function<void(std::vector<std::optional<std::uint64_t>>)> done);

 private:
  // Runs a change; on success says `words` (translated; empty: nothing) and calls `done`.
  void change(std::string words, std::function<Status(Vault&)> work, Done done);

  Services& services_;
  Alive alive_;
  bool busy_ = false;
  std::optional<Error> error_;
};

}  // namespace coffre::ui
