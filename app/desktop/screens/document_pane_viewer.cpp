// The pages as the viewer's process draws them. Until it is part of the program, a document says
// so.
#include "app/desktop/screens/document_pane.h"

namespace coffre::ui {

ReadPages sandboxed_pages(std::string /*program*/) {
  return [](Vault&, const Document&) -> Result<StartPages> {
    return fail(Code::kUnsupported, N_("this build cannot show documents"));
  };
}

}  // namespace coffre::ui
