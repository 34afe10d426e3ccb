// The words of calls: what is understood, and what is refused with which error.
#include <gtest/gtest.h>

#include "app/cli/options.h"

namespace coffre::cli {
namespace {

using Words = std::vector<std::string>;
constexpr const char* kId = "00112233445566778899aabbccddeeff";

Result<Call> shell(const Words& words) { return parse_call(words, CallFrom::kShell); }
Result<Call> batch(const Words& words) { return parse_call(words, CallFrom::kBatch); }

TEST(Call, GlobalOptionsStandBeforeOrAfterTheCommand) {
  for (const Words& words : {Words{"--vault", "v", "--user", "u", "--json", "--new-password-fd",
                                   "4", "user", "add", "n", "--role", "r"},
                             Words{"user", "add", "n", "--role", "r", "--vault", "v", "--user", "u",
                                   "--json", "--new-password-fd", "4"},
                             Words{"user", "--vault", "v", "add", "--json", "n",
                                   "--new-password-fd=4", "--role", "r", "--user=u"}}) {
    const auto call = shell(words);
    ASSERT_TRUE(call) << call.error().on;
    EXPECT_EQ(call->options.vault, "v");
    EXPECT_EQ(call->options.user, "u");
    EXPECT_EQ(call->options.new_password_fd, 4);
    EXPECT_TRUE(call->options.json);
    EXPECT_TRUE(call->command);
  }
}

TEST(Call, EveryCommandOfTheContractIsThere) {
  const std::vector<Words> kCalls = {
      {"init", "f", "--owner", "o", "--practice", "p", "--kdf-memory", "64", "--kdf-passes", "3"},
      {"user", "add", "n", "--role", "a", "b"},
      {"user", "add", "n", "--role", "a", "--role", "b"},
      {"user", "list"},
      {"user", "disable", "n"},
      {"user", "enable", "n"},
      {"user", "remove", "n"},
      {"user", "password"},
      {"user", "password", "--no-key-file"},
      {"user", "reset", "n"},
      {"role", "list"},
      {"role", "assign", "u", "r"},
      {"role", "revoke", "u", "r"},
      {"role", "define", "r", "--right", "medical:read,deposit", "--right", "accounts"},
      {"compartment", "list"},
      {"compartment", "add", "c", "--like", "medical"},
      {"compartment", "rename", "a", "b"},
      {"setting", "list"},
      {"setting", "set", "lock-after", "60"},
      {"grant", "list"},
      {"grant", "approve", "u", "c"},
      {"patient", "add", "--last", "L", "--first", "F", "--born", "1950-01-31"},
      {"patient", "edit", kId, "--last", "L"},
      {"patient", "list"},
      {"patient", "list", "a", "b"},
      {"import", "a", "b", "--patient", kId, "--compartment", "c", "--type", "t", "--title", "x",
       "--date", "2026-01-01"},
      {"import", "a", "--patient", kId, "--compartment", "c", "--destroy-original"},
      {"delete", kId, "--reason", "r"},
      {"list"},
      {"list", "--patient", kId, "--compartment", "c"},
      {"show", kId},
      {"edit", kId, "--title", "x"},
      {"erase", "a", "b"},
      {"exports", "list"},
      {"exports", "sweep"},
      {"exports", "erase", kId},
      {"export", kId, "--to", "-", "--reason", "r", "--recipient", "x", "--keep", "2h"},
      {"page", kId, "--to", "f", "--reason", "r"},
      {"page", kId, "--page", "3", "--width", "800", "--to", "f", "--reason", "r"},
      {"journal", "show", "--since", "2026-01-01", "--object", kId},
      {"journal", "verify"},
      {"journal", "checkpoint", "--to", "f"},
      {"verify", "--read-data"},
      {"batch"}};
  for (const Words& words : kCalls) {
    const auto call = shell(words);
    EXPECT_TRUE(call) << words.front() << ": " << call.error().what << ": " << call.error().on;
  }
}

TEST(Call, NamesOfCommandsAreOrdinaryWordsElsewhere) {
  EXPECT_TRUE(shell({"patient", "list", "list", "add", "user"}));
  EXPECT_TRUE(shell({"user", "add", "add", "--role", "role"}));
  EXPECT_TRUE(shell({"import", "list", "batch", "--patient", kId, "--compartment", "import"}));
}

TEST(Call, WrongWordsAreRefused) {
  for (const Words& words : {Words{},
                             Words{"nonsense"},
                             Words{"user"},
                             Words{"user", "add"},
                             Words{"list", "extra"},
                             Words{"user", "add", "n"},
                             Words{"list", "--unknown"},
                             Words{"show"},
                             Words{"list", "--password-fd", "x"},
                             Words{"list", "--password-fd", "-3"},
                             Words{"import", "a", "--compartment", "c"},
                             Words{"init", "f", "--owner", "o", "--kdf-memory", "1"},
                             Words{"user", "password", "--no-key-file", "--new-key-file", "f"},
                             Words{"setting", "set", "lock-after", "2"},
                             Words{"export", kId, "--to", "f"},
                             Words{"page", kId, "--to", "f"},
                             Words{"page", kId, "--reason", "r"},
                             Words{"page", kId, "--page", "0", "--to", "f", "--reason", "r"},
                             Words{"page", kId, "--width", "99999", "--to", "f", "--reason", "r"},
                             Words{"list", "show"},
                             Words{"erase"},
                             Words{"exports"},
                             Words{"exports", "erase"},
                             Words{"list", "--vault"}}) {
    const auto call = shell(words);
    ASSERT_FALSE(call) << words.size();
    EXPECT_EQ(call.error().code, Code::kInvalidArgument);
    EXPECT_STRNE(call.error().what, "");
    EXPECT_STRNE(call.error().hint, "");
  }
}

TEST(Call, CommandsThatAreNotThereAreNotListed) {
  const auto help = shell({"--help"});
  ASSERT_TRUE(help);
  EXPECT_FALSE(help->command);
  for (const char* absent : {"search", "backup", "restore"}) {
    EXPECT_EQ(help->help.find(std::string("\n  ") + absent), std::string::npos) << absent;
    EXPECT_FALSE(shell({absent, "x"})) << absent;
  }
}

TEST(Call, HelpAfterACommandIsThatCommandsHelp) {
  const auto help = shell({"user", "add", "--help"});
  ASSERT_TRUE(help);
  EXPECT_NE(help->help.find("--role"), std::string::npos);
}

TEST(Call, TheVersionIsOneLineAndNoCommandOfABatch) {
  const auto call = shell({"--version"});
  ASSERT_TRUE(call);
  EXPECT_FALSE(call->command);
  EXPECT_TRUE(call->help.starts_with("coffrectl ")) << call->help;
  EXPECT_EQ(call->help.find('\n'), call->help.size() - 1) << call->help;
  EXPECT_FALSE(batch({"--version"}));
}

TEST(Call, ABatchLineHasNoGlobalOptionsButNewPasswordFd) {
  EXPECT_TRUE(batch({"list"}));
  EXPECT_TRUE(batch({"user", "reset", "n", "--new-password-fd", "0"}));
  for (const Words& words :
       {Words{"list", "--json"}, Words{"list", "--vault", "v"}, Words{"--user", "u", "list"},
        Words{"list", "--password-fd", "0"}, Words{"batch"}, Words{"init", "f", "--owner", "o"}}) {
    EXPECT_FALSE(batch(words)) << words.back();
  }
}

}  // namespace
}  // namespace coffre::cli
