// Security: when the vault locks by itself, the account's own password, what was verified last, for
// how long documents are kept, the workstations, the fingerprints, how the program looks, and what
// it cannot promise. Threads: UI thread only.
#pragma once

#include <array>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/journal_notes.h"
#include "app/desktop/screens/security_password.h"
#include "app/desktop/screens/security_retention.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class SecurityScreen final : public Screen {
 public:
  // `state_directory`: where the last verification is written down; empty: nowhere.
  SecurityScreen(Services& services, std::string state_directory);

  [[nodiscard]] const char* id() const override { return "security"; }
  [[nodiscard]] const char* label() const override;
  [[nodiscard]] const char* icon() const override;
  [[nodiscard]] bool is_available() const override { return true; }
  void add_commands(Commands& commands) override;
  void entered() override;
  void draw(Ui& ui, const Rect& area) override;
  void draw_sheets(Ui& ui) override;

 private:
  struct Verified {
    VerifyReport report;
    Verification note;
  };

  void verify();
  void set_lock_after(std::uint32_t seconds);
  [[nodiscard]] bool may_set() const;

  void draw_lock(Ui& ui, const Policy& policy);
  void draw_password(Ui& ui);
  void draw_verification(Ui& ui);
  void draw_report(Ui& ui);
  void draw_fingerprints(Ui& ui, const Policy& policy);
  void draw_workstations(Ui& ui, const Policy& policy);
  void draw_appearance(Ui& ui);
  static void draw_limits(Ui& ui);

  Services& services_;
  std::string state_directory_;
  Alive alive_;
  PasswordSheet password_;
  RetentionSection retention_;
  VaultNotes notes_;
  bool notes_read_ = false;
  bool verifying_ = false;
  bool read_data_ = false;
  std::optional<VerifyReport> report_;
  std::optional<Error> verify_error_;
  std::optional<Error> setting_error_;
  bool setting_ = false;  // a change of a setting is under way
};

[[nodiscard]] std::unique_ptr<Screen> make_security_screen(Services& services);

}  // namespace coffre::ui
