// The whole way of a real document to pixels: vault, memory, the viewer's process.
#include <gtest/gtest.h>

#include "tests/app/desktop/screens/dossiers_fixture.h"
#include "tests/samples/sample.h"

namespace coffre::test {
namespace {

class DocumentViewerTest : public testing::Test {
 protected:
  static void TearDownTestSuite() { samples::release_fonts(); }

  // Files the content as the owner and reads it back for the screen.
  Result<std::shared_ptr<ui::DocumentPages>> open(Bytes content, const char* mime) {
    COFFRE_TRY_ASSIGN(vault_, practice_.unlock("marie"));
    bool given = false;
    Id id;
    COFFRE_TRY(vault_->import(
        [&]() -> std::optional<Result<NewDocument>> {
          if (std::exchange(given, true)) {
            return std::nullopt;
          }
          NewDocument document;
          document.compartment = compartment_of(*vault_, "medical");
          document.patient = practice_.patient();
          document.title = "Scan";
          document.mime = mime;
          document.content = std::make_unique<MemorySource>(std::move(content));
          return document;
        },
        [&](std::size_t, const Result<Id>& result) { id = result.value_or(Id{}); }));
    COFFRE_TRY_ASSIGN(const Document document, vault_->document(id));
    COFFRE_TRY_ASSIGN(const ui::StartPages start,
                      ui::sandboxed_pages(COFFRE_VIEWER)(*vault_, document, std::nullopt));
    return start();
  }

  Practice practice_;
  std::unique_ptr<Vault> vault_;
};

TEST_F(DocumentViewerTest, AScanIsDrawnAndItsTextFound) {
  const Result<samples::Sample> sample = samples::make_sample(0, {});
  ASSERT_TRUE(sample);
  ASSERT_TRUE(sample->name.ends_with(".pdf")) << sample->name;
  const auto pages = open(sample->bytes, "application/pdf");
  ASSERT_TRUE(pages) << pages.error().what;
  ASSERT_GE((*pages)->pages(), 1U);
  const Result<ui::PageSize> size = (*pages)->size(0);
  ASSERT_TRUE(size);
  EXPECT_GT(size->height_pt, size->width_pt);
  const Result<ui::DrawnPage> drawn = (*pages)->draw(0, 300, 1);
  ASSERT_TRUE(drawn);
  EXPECT_EQ(drawn->width, 300U);
  EXPECT_LT(drawn->height, 300U) << "it lies on its side";
  EXPECT_TRUE(std::ranges::any_of(drawn->rgba, [](std::byte b) { return b != std::byte{255}; }));
  EXPECT_TRUE((*pages)->text(0));
  (*pages)->close();
  EXPECT_FALSE((*pages)->draw(0, 300, 0));
}

TEST_F(DocumentViewerTest, ABrokenDocumentIsAnError) {
  const auto pages = open(sample_bytes(5'000), "application/pdf");
  ASSERT_FALSE(pages);
  EXPECT_STRNE(pages.error().what, "");
}

TEST_F(DocumentViewerTest, AKindThatCannotBeShownIsNotEvenRead) {
  const auto pages = open(sample_bytes(100), "application/octet-stream");
  ASSERT_FALSE(pages);
  EXPECT_EQ(pages.error().code, Code::kUnsupported);
}

}  // namespace
}  // namespace coffre::test
