#include "app/cli/options.h"

#include <algorithm>

#include "app/common/i18n.h"

namespace coffre::cli {
namespace {

constexpr int kFdMax = 1 << 20;
constexpr const char* kHelpHint = N_("see coffrectl --help, or --help after a command");

std::unique_ptr<CLI::App> make_app() {
  auto app = std::make_unique<CLI::App>(
      tr(N_("Coffre keeps the documents of a medical practice in one encrypted vault.")),
      "coffrectl");
  const auto formatter = std::make_shared<CLI::Formatter>();
  formatter->label("Usage", tr(N_("Usage")));
  formatter->label("OPTIONS", tr(N_("options")));
  formatter->label("SUBCOMMAND", tr(N_("command")));
  formatter->label("SUBCOMMANDS", tr(N_("command")));
  formatter->label("Positionals", tr(N_("Arguments")));
  formatter->label("REQUIRED", tr(N_("(required)")));
  formatter->label("TEXT", tr(N_("TEXT")));
  formatter->label("INT", tr(N_("NUMBER")));
  formatter->label("UINT", tr(N_("NUMBER")));
  app->formatter(formatter);
  app->option_defaults()->group(tr(N_("Options")));
  app->set_help_flag("-h,--help", tr(N_("shows this help")));
  app->fallthrough();
  app->require_subcommand(1);
  return app;
}

void add_global_options(CLI::App& app, GlobalOptions& options, CallFrom from) {
  if (from == CallFrom::kShell) {
    text_option(app, "--vault", options.vault, tr(N_("the vault's file")))->envname("COFFRE_VAULT");
    text_option(app, "--user", options.user, tr(N_("the account's name")))->envname("COFFRE_USER");
    app.add_option("--password-fd", options.password_fd,
                   tr(N_("descriptor that gives the password, as one line")))
        ->check(CLI::Range(0, kFdMax))
        ->option_text(tr(N_("NUMBER")));
    text_option(app, "--key-file", options.key_file,
                tr(N_("key file, the account's second factor")));
    app.add_flag("--json", options.json, tr(N_("prints one JSON value")));
    app.set_version_flag("--version", "coffrectl " COFFRE_VERSION "\n",
                         tr(N_("shows the program's version")));
  }
  app.add_option("--new-password-fd", options.new_password_fd,
                 tr(N_("descriptor that gives the password to be set, as one line")))
      ->check(CLI::Range(0, kFdMax))
      ->option_text(tr(N_("NUMBER")));
}

std::vector<std::string> marked_and_reversed(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  out.reserve(words.size());
  for (auto word = words.rbegin(); word != words.rend(); ++word) {
    const bool listed = word->starts_with('[') && word->ends_with(']');
    out.push_back(listed || word->starts_with('\x01') ? '\x01' + *word : *word);
  }
  return out;
}

// The part of one of CLI11's sentences that names the word in question.
std::string after(const std::string& text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  return at == std::string::npos ? text : text.substr(at + mark.size());
}

std::unexpected<Error> usage(const CLI::ParseError& error) {
  const std::string text = error.what();
  const std::string& kind = error.get_name();
  if (kind == "ExtrasError") {
    return fail(Code::kInvalidArgument, N_("these words are not expected here"),
                after(text, "not expected: "), kHelpHint);
  }
  if (kind == "RequiredError") {
    if (text.find("ubcommand") != std::string::npos) {
      return fail(Code::kInvalidArgument, N_("no command was given"), {}, kHelpHint);
    }
    return fail(Code::kInvalidArgument, N_("this is required"), text.substr(0, text.find(" is ")),
                kHelpHint);
  }
  if (kind == "ExcludesError") {
    return fail(Code::kInvalidArgument, N_("these options exclude each other"), text, kHelpHint);
  }
  if (kind == "ArgumentMismatch") {
    return fail(Code::kInvalidArgument, N_("this option has too few or too many values"),
                text.substr(0, text.find(':')), kHelpHint);
  }
  return fail(Code::kInvalidArgument, N_("this value does not fit"), text, kHelpHint);
}

}  // namespace

CLI::App& Registry::add(CLI::App& parent, const char* name, const char* description) {
  CLI::App& made = *parent.add_subcommand(name, tr(description));
  made.group(tr(N_("Commands")));
  return made;
}

CLI::App& Registry::group(const char* name, const char* description) {
  CLI::App& made = add(app_, name, description);
  made.require_subcommand(1);
  return made;
}

CLI::App& Registry::command(CLI::App& parent, const char* name, const char* description,
                            Result<Exit> (*run)(Context&)) {
  CLI::App& made = add(parent, name, description);
  made.callback([this, run] { chosen_ = run; });
  return made;
}

Result<Call> parse_call(const std::vector<std::string>& words, CallFrom from) {
  Call call;
  try {
    const std::unique_ptr<CLI::App> app = make_app();
    Registry registry(*app, call.command);
    add_global_options(*app, call.options, from);
    add_vault_commands(registry, from);
    add_account_commands(registry);
    add_policy_commands(registry);
    add_retention_commands(registry);
    add_patient_commands(registry);
    add_import_command(registry);
    add_document_commands(registry);
    add_delete_command(registry);
    add_page_command(registry);
    add_export_command(registry);
    add_exports_commands(registry);
    add_open_command(registry);
    add_erase_command(registry);
    add_journal_commands(registry);
    try {
      app->parse(marked_and_reversed(words));
    } catch (const CLI::CallForHelp&) {
      call.command = nullptr;
      call.help = app->help();
      return call;
    } catch (const CLI::CallForVersion& version) {
      call.command = nullptr;
      call.help = version.what();
      return call;
    }
  } catch (const CLI::ParseError& error) {
    return usage(error);
  }
  COFFRE_ASSERT(call.command != nullptr);
  return call;
}

}  // namespace coffre::cli
