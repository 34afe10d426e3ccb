// The pages as the viewer's process draws them: it gets the content in memory, and nothing else.
#include <algorithm>
#include <utility>

#include "app/desktop/screens/document_pane.h"
#include "core/base/memory_file.h"
#include "core/render/viewer.h"

namespace coffre::ui {
namespace {

class ViewerPages final : public DocumentPages {
 public:
  explicit ViewerPages(std::unique_ptr<Viewer> viewer) : viewer_(std::move(viewer)) {}

  [[nodiscard]] std::uint32_t pages() const override { return viewer_->pages(); }
  [[nodiscard]] Result<PageSize> size(std::uint32_t page) override {
    COFFRE_TRY_ASSIGN(const PageInfo info, viewer_->page_info(page));
    return PageSize{info.width_pt, info.height_pt};
  }
  [[nodiscard]] Result<DrawnPage> draw(std::uint32_t page, std::uint32_t width,
                                       int quarter_turns) override {
    DrawnPage drawn;
    // A copy: the next call overwrites the picture. A lock that comes meanwhile waits for it.
    COFFRE_TRY(viewer_->draw(page, width, quarter_turns, [&](const PageImage& image) {
      drawn.width = image.width;
      drawn.height = image.height;
      drawn.stride = image.stride;
      drawn.fonts_missing = image.fonts_missing;
      drawn.rgba.assign(image.rgba.begin(), image.rgba.end());
    }));
    return drawn;
  }
  [[nodiscard]] Result<std::vector<PageWordBox>> text(std::uint32_t page) override {
    COFFRE_TRY_ASSIGN(PageText found, viewer_->text(page));
    std::vector<PageWordBox> boxes;
    boxes.reserve(found.words.size());
    for (PageWord& word : found.words) {
      boxes.push_back({word.x0, word.y0, word.x1, word.y1, std::move(word.text)});
    }
    return boxes;
  }
  void close() override { viewer_->close(); }

 private:
  std::unique_ptr<Viewer> viewer_;
};

}  // namespace

ReadPages sandboxed_pages(std::string program) {
  return [program = std::move(program)](
             Vault& vault, const Document& document,
             const std::optional<EarlierVersion>& earlier) -> Result<StartPages> {
    const std::string& mime = earlier ? earlier->mime : document.mime;
    if (!can_be_shown(mime)) {
      return fail(Code::kUnsupported, N_("this kind of document cannot be shown"), {},
                  N_("export it to look at it in another program"));
    }
    COFFRE_TRY_ASSIGN(MemoryFile file, MemoryFile::create("document"));
    // Shared, because a function can be copied: the first call takes it.
    const auto content = std::make_shared<MemoryFile>(std::move(file));
    COFFRE_TRY(vault.view_document(
        document.id, {}, [&](ByteView bytes) { return content->append(bytes); },
        earlier ? std::optional<Id>(earlier->id) : std::nullopt));
    COFFRE_TRY(content->seal());
    return [content, program, mime]() -> Result<std::shared_ptr<DocumentPages>> {
      ViewerOptions options;
      options.program = program;
      COFFRE_TRY_ASSIGN(std::unique_ptr<Viewer> viewer,
                        Viewer::open(std::move(*content), mime, options));
      return std::make_shared<ViewerPages>(std::move(viewer));
    };
  };
}

}  // namespace coffre::ui
