// The words of a call: global options, and one subcommand for each function of the commands_*.cpp.
//
// Guarantees: parse() reports everything that is wrong with the words as kInvalidArgument; nothing
// is opened or read by it. Global options may stand before or after the command.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "app/cli/context.h"

namespace coffre::cli {

// A command with its arguments bound. What it has to say goes to the context's output.
using Command = std::function<Result<Exit>(Context&)>;

enum class CallFrom : unsigned char { kShell, kBatch };

struct Call {
  GlobalOptions options;
  Command command;   // empty when `help` is not
  std::string help;  // text that was asked for
};

// `words` without the program's name. From a batch, only --new-password-fd remains of the global
// options, and init and batch are no commands.
[[nodiscard]] Result<Call> parse_call(const std::vector<std::string>& words, CallFrom from);

// What a family of commands adds itself to.
class Registry {
 public:
  Registry(CLI::App& app, Command& chosen) : app_(app), chosen_(chosen) {}

  // A command with its own words, for example "user".
  [[nodiscard]] CLI::App& group(const char* name, const char* description);
  // A command; `run` is called with the arguments once the words were right.
  template <typename Arguments>
  CLI::App& command(CLI::App& parent, const char* name, const char* description,
                    const std::shared_ptr<Arguments>& arguments,
                    Result<Exit> (*run)(Context&, const Arguments&)) {
    CLI::App& made = add(parent, name, description);
    made.callback([this, arguments, run] {
      chosen_ = [arguments, run](Context& context) { return run(context, *arguments); };
    });
    return made;
  }
  CLI::App& command(CLI::App& parent, const char* name, const char* description,
                    Result<Exit> (*run)(Context&));
  [[nodiscard]] CLI::App& root() { return app_; }

 private:
  [[nodiscard]] static CLI::App& add(CLI::App& parent, const char* name, const char* description);

  CLI::App& app_;
  Command& chosen_;
};

// CLI11 splits a value such as "[2024]" as a list: parse_call() marks such words, and every option
// or positional that takes text is added by this, which takes the mark off.
template <typename Target>
CLI::Option* text_option(CLI::App& app, const char* name, Target& target, const char* description) {
  return app.add_option(name, target, description)->transform([](const std::string& value) {
    return value.starts_with('\x01') ? value.substr(1) : value;
  });
}

void add_account_commands(Registry& registry);
void add_policy_commands(Registry& registry);
void add_retention_commands(Registry& registry);
void add_patient_commands(Registry& registry);
void add_document_commands(Registry& registry);
void add_import_command(Registry& registry);
void add_export_command(Registry& registry);
void add_exports_commands(Registry& registry);
void add_open_command(Registry& registry);
void add_erase_command(Registry& registry);
void add_delete_command(Registry& registry);
void add_page_command(Registry& registry);
void add_journal_commands(Registry& registry);
void add_vault_commands(Registry& registry, CallFrom from);

}  // namespace coffre::cli
