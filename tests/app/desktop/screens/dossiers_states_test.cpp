// Every part of the records' screen while it reads, when nothing is there, when the vault fails,
// and full: it says so, and nothing is cut, in both languages and sizes.
#include <gtest/gtest.h>

#include "app/common/i18n.h"
#include "tests/app/desktop/screens/dossiers_fixture.h"

namespace coffre::test {
namespace {

using ui::Key;
using ui::letter;

class RecordsStates : public testing::TestWithParam<Look> {
 protected:
  [[nodiscard]] static RigOptions options(const char* user = "marie") {
    RigOptions options;
    options.user = user;
    options.scale = GetParam().scale;
    options.size = GetParam().size;
    options.patience_ms = 0;
    return options;
  }
  // Narrow windows show one column at a time.
  [[nodiscard]] static bool is_narrow() { return GetParam().size.x / GetParam().scale < 800; }

  InLanguage language_{GetParam().language};
  VaultFixture vault_;
};
INSTANTIATE_TEST_SUITE_P(All, RecordsStates, testing::ValuesIn(kLooks));

// What is on the screen has the widget and these words, and fits.
void expect_state(DossiersRig& rig, const char* id, const char* words = "") {
  EXPECT_TRUE(*id == '\0' || rig.driver().has(id)) << id;
  EXPECT_TRUE(*words == '\0' || rig.shows(tr(words))) << words;
  rig.rig().expect_tidy();
}

// With Tab, however far it is scrolled away.
void tab_to(DossiersRig& rig, std::string_view id) {
  for (int tabs = 0; tabs < 60; ++tabs) {
    const ui::SeenWidget* widget = rig.driver().find(id);
    ASSERT_NE(widget, nullptr) << id;
    if (widget->focused) {
      rig.driver().frame();
      EXPECT_TRUE(rig.driver().find(id)->visible) << id;
      return;
    }
    rig.driver().press(Key::kTab);
  }
  ADD_FAILURE() << "not reached with Tab: " << id;
}

void press_by_keyboard(DossiersRig& rig, std::string_view id) {
  tab_to(rig, id);
  rig.driver().press(Key::kEnter);
}

// As "records-NAME-LANGUAGE-WIDTH", where pictures are wanted.
void save(DossiersRig& rig, const std::string& name) {
  rig.driver().save_picture("records-" + name + "-" +
                            (current_language() == Language::kFrench ? "fr-" : "en-") +
                            std::to_string(static_cast<int>(ImGui::GetIO().DisplaySize.x)) +
                            (rig.driver().scale() > 1 ? "-2" : ""));
}

TEST_P(RecordsStates, Patients) {
  DossiersRig rig(vault_, options());
  rig.driver().frames(2);
  expect_state(rig, "", "Reading the patients…");
  rig.settle();
  expect_state(rig, "patients.0");
  static_cast<void>(rig.screen().search("zzz"));
  rig.settle();
  expect_state(rig, "", "No patient has this name.");
  {
    const BusyVault busy(vault_);
    static_cast<void>(rig.screen().search(""));
    rig.screen().entered();
    rig.settle();
    expect_state(rig, "patients.error");
  }
  rig.click("patients.retry");
  expect_state(rig, "patients.0");
  EXPECT_FALSE(rig.driver().has("patients.left_out"));
  plant_unreadable(vault_, ObjectKind::kPatient);
  rig.press(Key::kF5);
  expect_state(rig, "patients.left_out");
  EXPECT_TRUE(rig.driver().has("patients.0"));
}

TEST_P(RecordsStates, NoPatientYet) {
  RigOptions empty = options();
  empty.path = vault_.empty_vault();
  DossiersRig rig(vault_, empty);
  rig.settle();
  expect_state(rig, is_narrow() ? "" : "dossiers.first", "No patient yet.");
  rig.click(is_narrow() ? "patient.add" : "dossiers.first_add");
  expect_state(rig, "patient.save");
  rig.click("patient.save");
  expect_state(rig, "patient.save", "The last name is missing.");
}

TEST_P(RecordsStates, Titles) {
  DossiersRig rig(vault_, options());
  rig.settle();
  static_cast<void>(rig.screen().search("bilan"));
  rig.settle();
  {
    const HeldVault held(rig.rig().vault());
    rig.driver().click("dossiers.searched.1");
    expect_state(rig, "", "Reading the titles…");
  }
  rig.settle();
  expect_state(rig, "", "No title has these words.");
  file_typed(vault_, "medical", "Bilan sanguin", "Résultat", "2026-01-02");
  rig.press(Key::kF5);
  expect_state(rig, "titles.0");
  const BusyVault busy(vault_);
  rig.press(Key::kF5);
  expect_state(rig, "titles.error");
}

TEST_P(RecordsStates, Documents) {
  DossiersRig rig(vault_, options());
  rig.settle();
  {
    const HeldVault held(rig.rig().vault());
    rig.driver().click("patients.0");
    expect_state(rig, "", "Reading the documents…");
  }
  rig.settle();
  expect_state(rig, "documents.empty");
  {
    const BusyVault busy(vault_);
    rig.press(Key::kF5);
    expect_state(rig, "documents.error");
  }
  rig.click("documents.retry");
  for (int number = 0; number < 12; ++number) {
    file_typed(vault_, number % 2 == 0 ? "medical" : "administrative",
               "Courrier " + std::to_string(number), tr("Prescription"), "2026-01-02");
  }
  plant_unreadable(vault_, ObjectKind::kDocument);
  rig.press(Key::kF5);
  expect_state(rig, "documents.filter");
  expect_state(rig, "documents.left_out");
  EXPECT_TRUE(rig.driver().has("documents.0"));
  EXPECT_TRUE(rig.shows("marie")) << "who filed it";
  rig.click("documents.sort");
  expect_state(rig, "documents.sort.4");
}

TEST_P(RecordsStates, FiledToday) {
  DossiersRig rig(vault_, options("sec"));
  rig.settle();
  rig.click("dossiers.way_filed");
  expect_state(rig, "filed.empty");
  {
    const BusyVault busy(vault_);
    rig.press(Key::kF5);
    expect_state(rig, "filed.error");
  }
  const auto secretary = vault_.practice().unlock("sec", "second");
  ASSERT_TRUE(secretary);
  ASSERT_TRUE(file_document(**secretary, "medical", vault_.patient(), sample_bytes(100), "IRM"));
  rig.press(Key::kF5);
  expect_state(rig, "filed.0");
  rig.click("filed.0");
  expect_state(rig, "filed.wrong");
  rig.click("filed.wrong");
  rig.click("wrong.send");
  expect_state(rig, "wrong.send", "Say what is wrong.");
  rig.click("wrong.words");
  rig.type("Mme Petit");
  const BusyVault busy(vault_);
  rig.click("wrong.send");
  expect_state(rig, "wrong.error");
}

TEST_P(RecordsStates, FiledTodayBeforeItIsRead) {
  DossiersRig rig(vault_, options("sec"));
  rig.driver().click("dossiers.way_filed");
  expect_state(rig, "", "Reading the receipts…");
}

TEST_P(RecordsStates, Requests) {
  const Id filed = file_typed(vault_, "medical", "IRM", "Imagerie", "2026-01-02");
  {
    const auto secretary = vault_.practice().unlock("sec", "second");
    ASSERT_TRUE(secretary);
    ASSERT_TRUE((*secretary)->ask_reader(filed, RequestKind::kMove, "Mme Petit, sa voisine"));
  }
  plant_unreadable(vault_, ObjectKind::kRequest);
  DossiersRig rig(vault_, options("prac"));
  rig.settle();
  EXPECT_EQ(rig.screen().badge(), 2);
  rig.click("dossiers.way_requests");
  expect_state(rig, "requests.show.0");
  expect_state(rig, "requests.left_out");
  {
    const BusyVault busy(vault_);
    rig.press(Key::kF5);
    expect_state(rig, "requests.error");
  }
  rig.click("requests.retry");
  rig.click("requests.left_out.done");
  EXPECT_FALSE(rig.driver().has("requests.left_out"));
  rig.click("requests.done.0");
  expect_state(rig, "requests.empty");
}

TEST_P(RecordsStates, Document) {
  file_typed(vault_, "medical", "Radiographie", "Imagerie", "2026-01-02");
  DossiersRig rig(vault_, options());
  rig.pages->without_fonts = {0};
  rig.choose_patient();
  expect_state(rig, is_narrow() ? "" : "document.empty");
  {
    const HeldVault held(rig.rig().vault());
    rig.driver().click("documents.0");
    expect_state(rig, "document.export", "Opening the document…");
  }
  rig.settle();
  expect_state(rig, "document.page");
  expect_state(rig, "document.fonts_missing");
  rig.press(letter('F'), true, true);
  rig.type("zzz");
  expect_state(rig, "document.find_count", "no hit");
  rig.press(letter('T'), true);
  expect_state(rig, "document.page");
  rig.press(Key::kEscape);
  rig.press(Key::kF2);
  expect_state(rig, "edit.save");
  tab_to(rig, "edit.date");
  rig.press(letter('A'), true);
  rig.type("demain");
  press_by_keyboard(rig, "edit.save");
  rig.settle();
  expect_state(rig, "edit.save");
  const Error wrong{Code::kInvalidArgument, "write the day like 17/09/1991", {}, ""};
  EXPECT_TRUE(rig.shows(ui::text_of(wrong).what));
}

TEST_P(RecordsStates, Versions) {
  const Id document = file_typed(vault_, "medical", "Radiographie", "Imagerie", "2026-01-02");
  for (int number = 0; number < 7; ++number) {
    vault_.clock().advance(std::int64_t{26} * 3600 * 1000);
    add_version(vault_, document, 40'000);
  }
  DossiersRig rig(vault_, options());
  rig.choose_patient();
  rig.choose_document("Radiographie");
  expect_state(rig, "document.versions");
  rig.press(letter('H'), true);
  expect_state(rig, "versions.bring_back", "Present");
  save(rig, "versions");
  rig.press(Key::kEnd);
  EXPECT_TRUE(rig.driver().find("versions.list.7")->visible);
  {
    const BusyVault busy(vault_);
    press_by_keyboard(rig, "versions.bring_back");
    expect_state(rig, "versions.bring_back", "Being changed…");
    rig.settle();
    expect_state(rig, "versions.error");
  }
  {
    const HeldVault held(rig.rig().vault());
    rig.pages = std::make_shared<FakePages>();
    press_by_keyboard(rig, "versions.look");
    expect_state(rig, "document.earlier", "Opening the document…");
  }
  rig.settle();
  expect_state(rig, "document.present");
  expect_state(rig, "document.page");
  expect_state(rig, "document.bring_back");
  save(rig, "earlier");
  rig.press(letter('E'), true);
  expect_state(rig, "export.earlier", "An earlier version is exported");
  press_by_keyboard(rig, "export.cancel");
  rig.settle();
  rig.pages = std::make_shared<FakePages>();
  press_by_keyboard(rig, "document.present");
  rig.settle();
  EXPECT_FALSE(rig.driver().has("document.earlier"));
  expect_state(rig, "document.page");
}

TEST_P(RecordsStates, Destroy) {
  file_typed(vault_, "medical", "Radiographie du thorax", "Imagerie", "2026-01-02");
  RigOptions looked = options();
  std::optional<EraseForecast> forecast;
  looked.exports.forecast = [&](const std::string& folder) -> Result<EraseForecast> {
    if (!forecast) {
      return fail(Code::kNotFound, "there is no such folder", folder);
    }
    return *forecast;
  };
  DossiersRig rig(vault_, looked);
  rig.choose_patient();
  rig.choose_document("Radiographie du thorax");
  rig.driver().press(Key::kDelete, false, true);
  expect_state(rig, "destroy.forecast", "The disk is being looked at…");
  rig.settle();
  expect_state(rig, "destroy.forecast", "What that will be worth on this disk");
  press_by_keyboard(rig, "destroy.cancel");
  EraseForecast made;
  made.verdict = Verdict::kNotGuaranteed;
  made.reasons = {Reason::kCopyOnWrite, Reason::kSharedExtents, Reason::kBlockLayerCopies};
  forecast = made;
  rig.press(Key::kDelete, false, true);
  expect_state(rig, "destroy.forecast");
  rig.type("Classé deux fois");
  {
    const BusyVault busy(vault_);
    press_by_keyboard(rig, "destroy.go");
    expect_state(rig, "destroy.go", "Being destroyed…");
    rig.settle();
    expect_state(rig, "destroy.error");
  }
  rig.press(Key::kEnter);  // the button has the keyboard still
  EXPECT_FALSE(rig.driver().has("destroy.go"));
  expect_state(rig, "documents.empty");
  const auto adm = vault_.practice().unlock("adm", "second");
  ASSERT_TRUE(adm);
  ASSERT_TRUE((*adm)->set_retention("medical", 20));
  file_typed(vault_, "medical", "Bilan", "Résultat", "2026-01-02");
  rig.press(Key::kF5);
  if (rig.driver().has("destroy.close")) {
    rig.click("destroy.close");
  }
  rig.choose_document("Bilan");
  expect_state(rig, "document.destroy");
  EXPECT_FALSE(rig.driver().enabled("document.destroy"));
  const ui::Command* command = rig.rig().commands().find("document.destroy");
  ASSERT_NE(command, nullptr);
  EXPECT_TRUE(reason_of(ui::Commands::availability_of(*command)).contains("2043"));
}

TEST_P(RecordsStates, Holds) {
  const Id held = file_typed(vault_, "medical", "Radiographie", "Imagerie", "2026-01-02");
  DossiersRig rig(vault_, options());
  rig.choose_patient();
  expect_state(rig, "patient.hold");
  rig.choose_document("Radiographie");
  EXPECT_TRUE(rig.rig().run("document.hold"));
  expect_state(rig, "hold.go", "Put on hold");
  rig.type("Réclamation");
  save(rig, "hold");
  {
    const BusyVault busy(vault_);
    press_by_keyboard(rig, "hold.go");
    expect_state(rig, "hold.go", "Being changed…");
    rig.settle();
    expect_state(rig, "hold.error");
  }
  rig.press(Key::kEnter);  // the button has the keyboard still
  expect_state(rig, "document.held", "On hold: nobody may destroy it");
  {
    const auto adm = vault_.practice().unlock("adm", "second");
    ASSERT_TRUE(adm);
    ASSERT_TRUE((*adm)->add_hold(vault_.patient(), "expertise"));
  }
  add_version(vault_, held, 500);
  rig.press(Key::kF5);
  expect_state(rig, "document.held");
  press_by_keyboard(rig, "document.lift_hold");
  rig.settle();
  expect_state(rig, "hold.go", "Lift the hold");
  rig.type("Réglée");
  press_by_keyboard(rig, "hold.go");
  rig.settle();
  expect_state(rig, "document.held", "On hold with all documents of the patient");
  rig.pages = std::make_shared<FakePages>();
  if (is_narrow()) {
    rig.press(Key::kLeft, false, false, true);
  }
  rig.choose_document("Radiographie");
  if (rig.driver().has("document.versions")) {
    rig.press(letter('H'), true);
    rig.pages = std::make_shared<FakePages>();
    rig.press(Key::kEnter);
    expect_state(rig, "document.earlier");
    expect_state(rig, "document.page");
  }
  save(rig, "held");
  if (is_narrow()) {
    rig.press(Key::kLeft, false, false, true);
  }
  expect_state(rig, "patient.lift_hold", "On hold");
  save(rig, "held-list");
  rig.click("patient.lift_hold");
  expect_state(rig, "hold.go");
}

TEST_P(RecordsStates, ADocumentThatDoesNotOpen) {
  file_typed(vault_, "medical", "Radiographie", "Imagerie", "2026-01-02");
  DossiersRig rig(vault_, options());
  rig.open_error = Error{Code::kDamaged, "the document could not be read", {}, "export it"};
  rig.choose_patient();
  rig.choose_document("Radiographie");
  expect_state(rig, "document.error");
  rig.open_error.reset();
  rig.click("document.retry");
  expect_state(rig, "document.page");
}

TEST_P(RecordsStates, Import) {
  std::vector<std::string> paths = {write_file(vault_, "scan.txt", "scan"),
                                    vault_.file("nowhere.txt")};
  DossiersRig rig(vault_, options());
  rig.settle();
  ASSERT_TRUE(rig.screen().drop(paths));
  rig.settle();
  press_by_keyboard(rig, "import.start");
  rig.settle();
  expect_state(rig, "import.start", "Choose the patient.");
  tab_to(rig, "import.patient.words");
  rig.type("zzz");
  expect_state(rig, "import.new_patient");
  rig.press(letter('A'), true);
  rig.type("dup");
  rig.press(Key::kEnter);
  {
    const HeldVault held(rig.rig().vault());
    press_by_keyboard(rig, "import.start");
    expect_state(rig, "import.stop");
  }
  rig.settle();
  expect_state(rig, "import.again");
  press_by_keyboard(rig, "import.finish");
  rig.settle();
  rig.screen().restore(R"({"import":"{\"paths\":[\"/tmp/scan.pdf\"],\"interrupted\":true}"})");
  rig.settle();
  expect_state(rig, "import.interrupted");
}

}  // namespace
}  // namespace coffre::test
