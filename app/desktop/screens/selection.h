// Selection: the document in hand, shared by the screen that shows it and the sheets that act on
// it.
//
// Guarantees: it lives as long as a screen of the session holds it, so that nothing of it is left
// after the lock. Threads: UI thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/desktop/ui_core/screen.h"
#include "core/vault/types.h"

namespace coffre::ui {

struct Selection {
  std::optional<Document> document;
  std::string patient_name;  // "Lefèvre, Zoé"; empty: none, or not for this account
  // The version that is looked at, one of the document's; nullopt: the present one.
  std::optional<EarlierVersion> earlier;
};

// The one of this session: each screen that uses it keeps what this returns.
[[nodiscard]] inline std::shared_ptr<Selection> share_selection(Services& services) {
  std::shared_ptr<Selection> selection = services.selection.lock();
  if (!selection) {
    selection = std::make_shared<Selection>();
    services.selection = selection;
  }
  return selection;
}

}  // namespace coffre::ui
