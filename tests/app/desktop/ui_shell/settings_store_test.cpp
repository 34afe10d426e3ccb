#include "app/desktop/ui_shell/settings_store.h"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace coffre::ui {
namespace {

using test::TempDir;

TEST(SettingsStore, WhatWasChosenIsThereAtTheNextStart) {
  const TempDir directory;
  const std::string path = directory.path() + "/coffre/settings.json";
  const std::vector<std::pair<std::string, std::string>> chosen = {
      {"theme", "dark"},
      {"scale", "150"},
      {"language", "fr"},
      {"minimise_after", "120"},
      {"vault", "/srv/cabinet.coffre"}};
  {
    SettingsStore store(path);
    for (const auto& [key, value] : chosen) {
      store.set(key, value);
    }
    store.set_window({.width = 1600, .height = 900});
  }
  const SettingsStore store(path);
  for (const auto& [key, value] : chosen) {
    EXPECT_EQ(store.get(key), value) << key;
  }
  EXPECT_EQ(store.window().width, 1600);
  EXPECT_EQ(store.window().height, 900);
}

TEST(SettingsStore, WhatIsNoNumberChangesNothing) {
  SettingsStore store({});
  store.set("scale", "125");
  store.set("scale", "12x");
  store.set("minimise_after", "");
  EXPECT_EQ(store.get("scale"), "125");
  EXPECT_EQ(store.get("minimise_after"), "0");
}

TEST(SettingsStore, AnUnknownKeyIsEmpty) {
  SettingsStore store({});
  store.set("colour", "red");
  EXPECT_EQ(store.get("colour"), "");
}

}  // namespace
}  // namespace coffre::ui
