// All widgets together, in every theme and at 100 to 200 %: none is cut, none runs into another.
#include <gtest/gtest.h>

#include "app/desktop/ui_core/icons.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"
#include "tests/app/desktop/support/driver.h"

namespace coffre::ui {
namespace {

using test::Driver;

struct Gallery {
  Line search, name, wrong;
  PasswordLine password;
  std::size_t period = 1;
  std::size_t account = 0;
  std::size_t patient = 2;
  bool duplex = true;
  bool both = false;
  ListState list;
  SortState sort{2, true};
  std::vector<float> edges;

  Gallery() {
    name.set("Avis avant intervention");
    wrong.set("court");
    password.set("une phrase de passe");
  }

  void draw_fields(Ui& ui) {
    text(ui, TextKind::kTitle, "Exporter");
    gap(ui, 4);
    wrapped(ui, TextKind::kSmallMuted, "Lefèvre, Zoé · 3 pages · 1,2 Mo");
    gap(ui, size::kGapWide);
    text_field(ui, "g.search", "", search.span(),
               {.icon = icon::kSearch, .hint = "Patient, document, mot dans le texte"});
    gap(ui, size::kGapWide);
    text_field(ui, "g.name", "Pourquoi", name.span());
    gap(ui, size::kGapWide);
    password_field(ui, "g.password", "Phrase de passe", password.span());
    gap(ui, size::kGapWide);
    text_field(ui, "g.wrong", "Mot de passe", wrong.span(),
               {.error = "Trop court : il vaut 34 bits, il en faut 80."});
    gap(ui, size::kGapWide);
    const std::vector<std::string> accounts = {"Sophie Martin", "Dr Claire Aubry", "Paul Henry"};
    choice(ui, "g.account", "Utilisateur", accounts, account, {.icon = icon::kPerson});
    gap(ui, size::kGapWide);
    const Availability greyed = Availability::greyed("this account is suspended");
    text_field(ui, "g.greyed", "Titre", name.span(), {.availability = &greyed});
    gap(ui, size::kGapWide);
    const std::vector<std::string> periods = {"15 min", "1 h", "Ce soir"};
    segments(ui, "g.period", periods, period);
    gap(ui, size::kGapWide);
    checkbox(ui, "g.duplex", "Recto verso", duplex);
    gap(ui, size::kGapSmall);
    checkbox(ui, "g.both", "Retirer les pages blanches", both, greyed);
  }

  void draw_actions(Ui& ui) {
    button(ui, "g.cancel", "Annuler");
    same_line(ui);
    button(ui, "g.export", "Exporter", ButtonKind::kPrimary, icon::kExport);
    same_line(ui);
    button(ui, "g.delete", "Retirer…", ButtonKind::kDanger, icon::kRemovePerson);
    gap(ui, size::kGap);
    button(ui, "g.later", "Approuver", ButtonKind::kPrimary, icon::kKey,
           Availability::greyed("this account is suspended"));
    same_line(ui);
    icon_button(ui, "g.minus", icon::kMinus, "Réduire");
    same_line(ui, 0);
    icon_button(ui, "g.more", icon::kMore, "Plus");
    same_line(ui);
    link(ui, "g.link", "Mot de passe oublié");
    gap(ui, size::kGapWide);
    tag(ui, "g.tag0", TagKind::kMedical, "Médical");
    same_line(ui);
    tag(ui, "g.tag1", TagKind::kAdministrative, "Administratif");
    same_line(ui);
    tag(ui, "g.tag2", TagKind::kGood, "permis");
    same_line(ui);
    tag(ui, "g.tag3", TagKind::kWarning, "à revoir");
    same_line(ui);
    tag(ui, "g.tag4", TagKind::kBad, "refusé");
    same_line(ui);
    tag(ui, "g.tag5", TagKind::kNeutral, "26");
    gap(ui, size::kGapWide);
    notice(
        ui, "g.warning", NoticeKind::kWarning, "Ce que vaudra l’effacement ici",
        "Disque flash : la copie sera réécrite et relue, mais le disque peut en garder des restes "
        "que rien n’efface.");
    gap(ui, size::kGap);
    notice(ui, "g.good", NoticeKind::kGood, "",
           "18 204 entrées vérifiées, aucune modifiée ni retirée.");
    gap(ui, size::kGap);
    error_notice(ui, "g.bad",
                 {"Le coffre est utilisé par un autre programme.", "Réessayez dans un instant."});
    gap(ui, size::kGap);
    notice(ui, "g.info", NoticeKind::kInfo, "Proposé d’après le texte",
           "Vérifiez avant de ranger.");
    gap(ui, size::kGapWide);
    avatar(ui, "Dr Claire Aubry", 32);
    same_line(ui);
    avatar(ui, "Sophie Martin", 32);
    same_line(ui);
    spinner_text(ui, "Lecture des documents…");
    gap(ui, size::kGap);
    progress(ui, "g.progress", 0.6F, ui.px(160));
  }

  void draw_list(Ui& ui, const Rect& area) {
    const std::vector<std::string> patients = {"Bernard, Lucie", "Fontaine, Émile", "Lefèvre, Zoé",
                                               "Nguyễn, Anh", "Œillet, Françoise"};
    const std::vector<Column> columns = {
        {"name", "Titre", 0}, {"place", "Dossier", 110}, {"date", "Date", 110}};
    place(area.min);
    table_head(ui, "g.table", columns, sort, edges);
    const float top = area.min.y + ui.px(40);
    const float row = ui.px(size::kRow + 16);
    if (begin_list(ui, "g.list", list, patients.size(), row,
                   {{area.min.x, top}, {area.max.x, top + 5 * row}})) {
      list_rows(ui, "g.list", list, patients.size(), row, static_cast<std::ptrdiff_t>(patient),
                [&](std::size_t at, const Rect& place_of, bool) {
                  const float left = place_of.min.x + ui.px(size::kGapWide);
                  const float middle = (place_of.min.y + place_of.max.y) / 2;
                  text_in(ui, TextKind::kStrong, patients[at],
                          {{left, place_of.min.y + ui.px(4)}, {edges[1], middle + ui.px(2)}});
                  text_in(ui, TextKind::kSmallMuted, "né(e) le 17/09/1991",
                          {{left, middle}, {edges[1], place_of.max.y - ui.px(4)}});
                  tag_in(ui, "g.row", TagKind::kMedical, "Médical",
                         {{edges[1] + ui.px(12), place_of.min.y}, {edges[2], place_of.max.y}});
                  text_in(ui, TextKind::kMuted, "19/11/2026",
                          {{edges[2] + ui.px(12), place_of.min.y}, {edges[3], place_of.max.y}});
                });
    }
    end_list(ui);
    place({area.min.x, top + 5 * row + ui.px(8)});
    begin_panel(ui, "g.empty.panel",
                {{area.min.x, top + 5 * row + ui.px(8)}, {area.max.x, area.max.y}}, ui.theme.panel);
    empty_state(ui, "g.empty", icon::kPatients, "Aucun document pour ce patient",
                "Ajoutez des fichiers, numérisez, ou déposez-les dans la fenêtre.");
    end_panel(ui);
  }

  void draw(Ui& ui) {
    const ImVec2 whole = ImGui::GetIO().DisplaySize;
    const float first = ui.px(400);
    const float second = ui.px(860);
    if (begin_panel(ui, "g.left", {{0, 0}, {first, whole.y}}, ui.theme.side)) {
      draw_fields(ui);
    }
    end_panel(ui);
    if (begin_panel(ui, "g.middle", {{first, 0}, {second, whole.y}}, ui.theme.panel)) {
      draw_actions(ui);
    }
    end_panel(ui);
    if (begin_panel(ui, "g.right", {{second, 0}, whole}, ui.theme.panel, 0)) {
      draw_list(ui, {{second, 0}, whole});
    }
    end_panel(ui);
  }
};

class GalleryTest : public testing::TestWithParam<std::tuple<ThemeKind, float>> {};

TEST_P(GalleryTest, NothingIsCutAndFieldsAndButtonsStandApart) {
  const auto [theme, scale] = GetParam();
  Driver driver(theme, scale, {1280 * scale, 800 * scale});
  Gallery gallery;
  driver.frame([&](Ui& ui) { gallery.draw(ui); });
  driver.press(Key::kTab);
  driver.press(Key::kTab);
  driver.hover("g.cancel");
  EXPECT_EQ(driver.cut(), std::vector<std::string>{});
  EXPECT_EQ(driver.doubled(), (std::vector<std::string>(4, "g.row")));
  std::vector<const SeenWidget*> pressable;
  for (const SeenWidget& widget : driver.seen()) {
    if (widget.id.starts_with("g.") && !widget.id.contains(".eye") &&
        !widget.id.contains(".hint") && !widget.id.starts_with("g.row") &&
        !widget.id.starts_with("g.list")) {
      for (const SeenWidget* other : pressable) {
        const bool apart = widget.min.x >= other->max.x - 1 || other->min.x >= widget.max.x - 1 ||
                           widget.min.y >= other->max.y - 1 || other->min.y >= widget.max.y - 1;
        EXPECT_TRUE(apart) << widget.id << " over " << other->id;
      }
      pressable.push_back(&widget);
    }
  }
  EXPECT_GT(pressable.size(), 20U);
  driver.save_picture("gallery-" + std::to_string(static_cast<int>(theme)) + "-" +
                      std::to_string(static_cast<int>(scale * 100)));
}

INSTANTIATE_TEST_SUITE_P(Themes, GalleryTest,
                         testing::Combine(testing::Values(ThemeKind::kLight, ThemeKind::kDark,
                                                          ThemeKind::kContrast),
                                          testing::Values(1.0F, 1.25F, 2.0F)));

TEST(Gallery, ASheetOverIt) {
  Driver driver;
  Gallery gallery;
  bool open = true;
  Line line;
  const std::vector<std::string> items = {"Médical", "Administratif", "Gestion"};
  std::size_t chosen = 1;
  driver.frame([&](Ui& ui) {
    gallery.draw(ui);
    if (begin_sheet(ui, "g.sheet", "Nouveau patient", 460, open)) {
      text_field(ui, "g.sheet.last", "Nom", line.span());
      gap(ui, size::kGapWide);
      choice(ui, "g.sheet.place", "Dossier", items, chosen);
      gap(ui, size::kGapLarge);
      button(ui, "g.sheet.ok", "Créer le dossier", ButtonKind::kPrimary, icon::kCheck);
      end_sheet(ui);
    }
  });
  driver.frames(3);
  driver.click("g.sheet.place");
  EXPECT_EQ(driver.cut(), std::vector<std::string>{});
  EXPECT_TRUE(driver.has("g.sheet.place.2"));
  driver.save_picture("sheet");
}

}  // namespace
}  // namespace coffre::ui
