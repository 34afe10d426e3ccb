#include "app/viewer/document.h"

#include <fontconfig/fontconfig.h>

namespace coffre::viewer {

Result<std::unique_ptr<Document>> open_document(DocumentKind kind, ByteView content) {
  switch (kind) {
    case DocumentKind::kPdf:
      return open_pdf(content);
    case DocumentKind::kJpeg:
      return open_jpeg(content);
    case DocumentKind::kPng:
      return open_png(content);
    case DocumentKind::kTiff:
      return open_tiff(content);
    case DocumentKind::kWebp:
      return open_webp(content);
  }
  return fail(Code::kDamaged, "the document is not of a kind that can be shown");
}

void load_font_configuration() { (void)FcInit(); }

}  // namespace coffre::viewer
