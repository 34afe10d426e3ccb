#include "app/desktop/platform/settings.h"

#include <cerrno>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "core/base/file.h"
#include "tests/support/fake_os.h"
#include "tests/support/temp_dir.h"

namespace coffre::desktop {
namespace {

using test::FaultyOs;
using test::ScopedOs;
using test::TempDir;
using Paths = std::vector<std::string>;

Settings other_settings() {
  return {.language = "fr",
          .theme = "contrast",
          .scale_percent = 150,
          .window_width = 1920,
          .window_height = 1080,
          .vaults = {"/srv/cabinet.coffre", "/home/zoé/essai.coffre"},
          .minimise_after_s = 300};
}

std::string content(const std::string& path) {
  const auto bytes = read_file(path, 1 << 20);
  return bytes ? std::string(as_text(*bytes)) : "(absent)";
}

class SettingsFile : public testing::Test {
 protected:
  void put(std::string_view text) { ASSERT_TRUE(write_durable(path_, as_bytes(text))); }
  [[nodiscard]] Settings loaded(std::string_view text) {
    put(text);
    const LoadedSettings found = load_settings(path_);
    EXPECT_FALSE(found.problem) << text;
    return found.settings;
  }

  TempDir dir_;
  std::string path_ = dir_ / "settings.json";
};

TEST(SettingsPath, XdgThenHome) {
  EXPECT_EQ(settings_path_of("/xdg", "/home/a").value(), "/xdg/coffre/settings.json");
  EXPECT_EQ(settings_path_of(nullptr, "/home/a").value(), "/home/a/.config/coffre/settings.json");
  EXPECT_EQ(settings_path_of("", "/home/a").value(), "/home/a/.config/coffre/settings.json");
  EXPECT_EQ(settings_path_of("relative", "/home/a").value(),
            "/home/a/.config/coffre/settings.json");
  EXPECT_EQ(settings_path_of(nullptr, "relative").error().code, Code::kInvalidArgument);
  EXPECT_EQ(settings_path_of(nullptr, nullptr).error().code, Code::kInvalidArgument);
}

TEST_F(SettingsFile, NoFileMeansTheDefaultsWithoutANotice) {
  const LoadedSettings found = load_settings(path_);
  EXPECT_EQ(found.settings, Settings());
  EXPECT_FALSE(found.problem);
}

TEST_F(SettingsFile, ComesBackAsItWasSaved) {
  path_ = dir_ / "new/coffre/settings.json";
  ASSERT_TRUE(save_settings(path_, other_settings()));
  EXPECT_EQ(load_settings(path_).settings, other_settings());
  struct stat found{};
  ASSERT_EQ(os().lstat(path_.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0600U);
  ASSERT_EQ(os().lstat((dir_ / "new/coffre").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0700U);
}

TEST_F(SettingsFile, KeysOfOtherVersionsStay) {
  put(R"({"future": {"deep": [1, "é"]}, "theme": "dark", "scale_percent": 125})");
  Settings settings = load_settings(path_).settings;
  EXPECT_EQ(settings.theme, "dark");
  settings.theme = "light";
  ASSERT_TRUE(save_settings(path_, settings));
  EXPECT_NE(content(path_).find("\"future\""), std::string::npos);
  EXPECT_NE(content(path_).find("\"é\""), std::string::npos);
  EXPECT_EQ(load_settings(path_).settings, settings);
}

TEST_F(SettingsFile, AValueThatMakesNoSenseIsItsDefault) {
  EXPECT_EQ(loaded(R"({"language": "de", "theme": 7, "scale_percent": "big", "vaults": "x",
                       "minimise_after_s": "yes", "window_width": null})"),
            Settings());
  EXPECT_EQ(loaded(R"({"theme": "dark", "language": []})").theme, "dark");
}

TEST_F(SettingsFile, NumbersStayWithinTheirLimits) {
  EXPECT_EQ(loaded(R"({"scale_percent": 1})").scale_percent, 100);
  EXPECT_EQ(loaded(R"({"scale_percent": 1e300})").scale_percent, 200);
  EXPECT_EQ(loaded(R"({"scale_percent": 125.9})").scale_percent, 125);
  EXPECT_EQ(loaded(R"({"minimise_after_s": 86401})").minimise_after_s, 86'400);
  EXPECT_EQ(loaded(R"({"window_width": -18446744073709551615})").window_width, 640);
  EXPECT_EQ(loaded(R"({"window_height": 18446744073709551615})").window_height, 16'384);
}

TEST_F(SettingsFile, VaultsAreAbsoluteDifferentAndFew) {
  EXPECT_EQ(loaded(R"({"vaults": ["/b", "relative", 7, "", "/a", "/b", "/a\u0000c"]})").vaults,
            (Paths{"/b", "/a"}));
  EXPECT_EQ(loaded(R"({"vaults": ["/1","/2","/3","/4","/5","/6","/7","/8","/9"]})").vaults.size(),
            kVaultsMax);
}

TEST(RememberVault, TheNewestIsFirstAndTheOldestGoes) {
  Settings settings;
  for (int i = 0; i < 10; ++i) remember_vault(settings, "/" + std::to_string(i));
  remember_vault(settings, "/5");
  EXPECT_EQ(settings.vaults, (Paths{"/5", "/9", "/8", "/7", "/6", "/4", "/3", "/2"}));
  remember_vault(settings, "relative");
  remember_vault(settings, "/\xff");
  EXPECT_EQ(settings.vaults.size(), kVaultsMax);
  EXPECT_EQ(settings.vaults.front(), "/5");
}

TEST_F(SettingsFile, AVaultWhosePathIsNoTextDoesNotSpoilTheFile) {
  Settings settings = other_settings();
  settings.vaults.insert(settings.vaults.begin(), "/\xff");
  ASSERT_TRUE(save_settings(path_, settings));
  EXPECT_EQ(load_settings(path_).settings, other_settings());
}

TEST_F(SettingsFile, ABrokenFileIsMovedAsideAndTheDefaultsHold) {
  std::string deep = R"({"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  for (const std::string& broken :
       {std::string("{\"theme\": \"dark\""), std::string("[]"), std::string("7"), std::string(),
        std::string("{\"language\": \"\xff\"}"), std::string(1 << 20, ' '), std::move(deep)}) {
    put(broken);
    const LoadedSettings found = load_settings(path_);
    EXPECT_EQ(found.settings, Settings());
    ASSERT_TRUE(found.problem);
    EXPECT_EQ(found.problem->code, Code::kDamaged);
    EXPECT_EQ(content(path_), "(absent)");
    EXPECT_EQ(content(path_ + ".broken"), broken);
  }
}

TEST_F(SettingsFile, SavingOverABrokenFileKeepsItAside) {
  put("{broken");
  ASSERT_TRUE(save_settings(path_, other_settings()));
  EXPECT_EQ(content(path_ + ".broken"), "{broken");
  EXPECT_EQ(load_settings(path_).settings, other_settings());
}

TEST_F(SettingsFile, AFileThatCannotBeReadIsLeftAlone) {
  put(R"({"theme": "dark"})");
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  faulty.fail("open", 1, EACCES);
  const LoadedSettings found = load_settings(path_);
  EXPECT_EQ(found.settings, Settings());
  ASSERT_TRUE(found.problem);
  EXPECT_EQ(found.problem->code, Code::kFailed);
  EXPECT_EQ(content(path_), R"({"theme": "dark"})");
}

TEST_F(SettingsFile, AFailureOfAnyCallLeavesTheOldOrTheNew) {
  put(R"({"theme": "dark"})");
  const Settings before = load_settings(path_).settings;
  FaultyOs faulty;
  const ScopedOs scope(faulty);
  ASSERT_TRUE(save_settings(path_, other_settings()));
  const auto calls = faulty.all_calls();
  for (const auto& [method, count] : calls) {
    for (int nth = 1; nth <= count; ++nth) {
      faulty.reset();
      put(R"({"theme": "dark"})");
      faulty.fail(method, nth, EIO);
      const Status saved = save_settings(path_, other_settings());
      EXPECT_TRUE(faulty.failed()) << method << ' ' << nth;
      faulty.reset();
      const Settings after = load_settings(path_).settings;
      EXPECT_TRUE(after == other_settings() || (!saved && after == before)) << method << ' ' << nth;
      EXPECT_EQ(dir_.names(), Paths{"settings.json"}) << method << ' ' << nth;
    }
  }
}

}  // namespace
}  // namespace coffre::desktop
