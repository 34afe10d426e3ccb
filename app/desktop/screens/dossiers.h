// Dossiers: the patients, the documents of the one in hand, the document beside them.
//
// Guarantees: shows what the vault gives this account and nothing else; an account that may file
// and not read sees its receipts of the day in place of the documents. Layout: three columns, or
// two, or one with a way back, by the width that is left at this scale. Threads: UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/screens/destroy_sheet.h"
#include "app/desktop/screens/document_pane.h"
#include "app/desktop/screens/document_pane_edit.h"
#include "app/desktop/screens/document_versions.h"
#include "app/desktop/screens/dossiers_documents.h"
#include "app/desktop/screens/dossiers_patients.h"
#include "app/desktop/screens/dossiers_titles.h"
#include "app/desktop/screens/export_sheet.h"
#include "app/desktop/screens/filed_today.h"
#include "app/desktop/screens/filed_today_requests.h"
#include "app/desktop/screens/hold_sheet.h"
#include "app/desktop/screens/import_sheet.h"
#include "app/desktop/screens/open_sheet.h"
#include "app/desktop/screens/patient_sheet.h"
#include "app/desktop/ui_core/screen.h"

namespace coffre::ui {

class DossiersScreen final : public Screen {
 public:
  DossiersScreen(Services& services, ReadPages read);

  [[nodiscard]] const char* id() const override { return "dossiers"; }
  [[nodiscard]] const char* label() const override;
  [[nodiscard]] const char* icon() const override;
  [[nodiscard]] bool is_available() const override;
  [[nodiscard]] int badge() const override;
  void add_commands(Commands& commands) override;
  void entered() override;
  void draw(Ui& ui, const Rect& area) override;
  void draw_sheets(Ui& ui) override;
  bool search(std::string_view words) override;
  bool drop(const std::vector<std::string>& paths) override;
  [[nodiscard]] std::string subject() const override;
  [[nodiscard]] std::string draft() const override;
  [[nodiscard]] DraftEnd draft_end() const override;
  void restore(std::string_view draft) override;

  // For tests.
  [[nodiscard]] DocumentPane& pane() { return pane_; }
  [[nodiscard]] const DocumentsTable& table() const { return table_; }
  [[nodiscard]] const ImportRun& import_run() const { return import_.run(); }

 private:
  // What the middle shows.
  enum class Middle : unsigned char { kNothing, kDocuments, kFiledToday, kRequests };
  enum class Columns : unsigned char { kOne, kTwo, kThree };

  [[nodiscard]] std::uint8_t patient_rights() const;
  [[nodiscard]] bool reads_patients() const;
  [[nodiscard]] bool is_shown() const;
  [[nodiscard]] const Patient* patient_in_hand() const;

  void add_patient_commands(Commands& commands);
  void add_list_commands(Commands& commands);
  void choose_patient(const Id& patient);
  void choose_unfiled();
  void show_middle(Middle middle);
  void go_back();
  void show_document(const Id& document);
  void open_document(const Document& document);  // wherever it is
  void choose_files();
  void refresh();
  void patient_saved(const Id& patient);
  void document_saved(const Document& document);
  void version_replaced(const Document& document);
  void filed(const ImportOrder& order);
  void destroyed(const Id& document);

  void draw_columns(Ui& ui, const Rect& area, Columns columns);
  void draw_left(Ui& ui, const Rect& area);
  void draw_left_head(Ui& ui, Rect& area);
  void draw_left_way(Ui& ui, Rect& area, const char* id, const char* icon, const char* label,
                     std::size_t count, Middle middle);
  void draw_left_state(Ui& ui, const Rect& area);
  void draw_middle(Ui& ui, const Rect& area, bool can_go_back);
  void draw_documents(Ui& ui, Rect area, bool can_go_back);
  void draw_head(Ui& ui, const Rect& head, bool can_go_back);
  void draw_nothing(Ui& ui, const Rect& area);

  Services& services_;
  PatientBook book_;
  PatientsColumn patients_;
  TitleSearch titles_;
  DocumentsTable table_;
  DocumentPane pane_;
  FiledToday filed_;
  RequestsList requests_;
  PatientSheet patient_sheet_;
  DocumentSheet document_sheet_;
  ImportSheet import_;
  ExportSheet export_;
  OpenSheet open_;
  VersionsSheet versions_;
  DestroySheet destroy_;
  HoldSheet hold_;

  Middle middle_ = Middle::kNothing;
  std::string words_;
  std::size_t searched_in_ = 0;  // 0: patients, 1: titles
  bool return_to_import_ = false;
  bool adding_patient_ = false;  // the sheet is saved, the list not read again yet
  int drawn_frame_ = -1;
  Alive alive_;
};

[[nodiscard]] std::unique_ptr<Screen> make_dossiers_screen(Services& services);

}  // namespace coffre::ui
