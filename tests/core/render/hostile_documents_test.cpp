// Documents that are broken or made to harm: an answer or an error, in time, and the program that
// asked goes on.
#include <filesystem>
#include <tiffio.h>

#include <gtest/gtest.h>

#include "app/viewer/sanitized.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "tests/core/render/viewer_fixture.h"
#include "tests/samples/letters.h"
#include "tests/support/temp_dir.h"

namespace coffre {
namespace {

using test::open_viewer;

constexpr std::int64_t kAnswerMs = 10'000;

// Opens and draws what there is; returns what came of it: "drawn" or the code of the error.
std::string look_at(ByteView bytes, const std::string& mime) {
  const std::int64_t start = system_clock().steady_ms();
  const auto viewer = open_viewer(bytes, mime);
  EXPECT_LE(system_clock().steady_ms() - start, kAnswerMs);
  if (!viewer) return std::string(code_name(viewer.error().code));
  const std::int64_t opened = system_clock().steady_ms();
  const auto image = (*viewer)->draw(0, 800, 0);
  EXPECT_LE(system_clock().steady_ms() - opened, kAnswerMs);
  if (image) (void)(*viewer)->text(0);
  return image ? "drawn" : std::string(code_name(image.error().code));
}

std::string mime_of_name(const std::filesystem::path& path) {
  const std::string ending = path.extension();
  if (ending == ".pdf") return "application/pdf";
  if (ending == ".png") return "image/png";
  return ending == ".jpg" ? "image/jpeg" : "image/tiff";
}

TEST(HostileDocuments, EveryFileOfTheSharedDocumentsIsAnsweredInTime) {
  const auto readme = test::shared_file("documents/README.md");
  if (!readme) GTEST_SKIP() << "the shared documents are not here";
  int drawn = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::filesystem::path(*readme).parent_path())) {
    const auto path = entry.path();
    if (path.extension() == ".md") continue;
    SCOPED_TRACE(path.filename());
    const auto bytes = read_file(path, std::size_t{64} << 20);
    ASSERT_TRUE(bytes);
    const std::string seen = look_at(*bytes, mime_of_name(path));
    if (path.filename() == "invalid.pdf") {
      EXPECT_NE(seen, "") << "drawn or refused";
    } else {
      EXPECT_EQ(seen, "drawn");
      ++drawn;
    }
  }
  EXPECT_GT(drawn, 5);
}

struct Seed {
  const char* mime;
  Bytes bytes;
};

std::vector<Seed> seeds() {
  return {{"application/pdf", test::pdf_picture()},
          {"application/pdf", test::pdf_with_font("Helvetica")},
          {"image/jpeg", test::jpeg_picture(64, 64, test::Inks::kThree, 6)},
          {"image/jpeg", test::jpeg_picture(64, 64, test::Inks::kFour, 0)},
          {"image/png", test::png_picture(64, 64, test::PngKind::kInterlaced)},
          {"image/tiff", test::tiff_pictures(64, 64, 2, COMPRESSION_LZW, 1)},
          {"image/tiff", test::tiff_fax(64, 64, COMPRESSION_CCITTFAX4)},
          {"image/webp", test::webp_picture(64, 64)}};
}

TEST(HostileDocuments, ChangedDocumentsAreAnswered) {
  constexpr int kRounds = 6;
  samples::Dice dice(20261125);
  for (const Seed& seed : seeds()) {
    for (int round = 0; round < kRounds; ++round) {
      Bytes changed = seed.bytes;
      for (int i = 0; i <= round; ++i) {
        changed[dice.below(changed.size())] = static_cast<Byte>(dice.next());
      }
      if (round == kRounds - 1) changed.resize(changed.size() / 2);
      EXPECT_NE(look_at(changed, seed.mime), "") << seed.mime;
    }
  }
}

TEST(HostileDocuments, OneKindUnderTheNameOfAnotherIsRefused) {
  for (const Seed& seed : seeds()) {
    for (const char* mime :
         {"application/pdf", "image/jpeg", "image/png", "image/tiff", "image/webp"}) {
      if (mime != std::string_view(seed.mime)) {
        EXPECT_EQ(look_at(seed.bytes, mime), "failed");
      }
    }
  }
}

TEST(HostileDocuments, PromisedPixelsAreALimitBeforeTheyAreMemory) {
  EXPECT_EQ(look_at(test::png_bomb(30'000, 30'000), "image/png"), "limit");
  EXPECT_EQ(look_at(test::png_bomb(900'000, 10), "image/png"), "limit");
  // Within the limit, but there are no pixels.
  EXPECT_EQ(look_at(test::png_bomb(9'000, 9'000), "image/png"), "failed");
}

TEST(HostileDocuments, ATiffThatPromisesTooMuchIsALimit) {
  Bytes tiff = test::tiff_pictures(64, 64, 1, COMPRESSION_LZW, 1);
  // Both sides of 64 in the directory, little-endian: entries 0x0100 and 0x0101.
  int changed = 0;
  for (std::size_t at = 0; at + 12 <= tiff.size(); ++at) {
    if (tiff[at + 1] == 1 && tiff[at] <= 1 && tiff[at + 8] == 64 && tiff[at + 4] == 1) {
      tiff[at + 9] = 0x7f;
      ++changed;
    }
  }
  ASSERT_EQ(changed, 2);
  EXPECT_EQ(look_at(tiff, "image/tiff"), "limit");
}

// Eight gibibytes of spaces: minutes of work, and not a byte of memory.
TEST(HostileDocuments, AStreamThatBlowsUpEndsWithThePatience) {
  ViewerOptions options = test::viewer_options();
  options.patience_ms = 2'000;
  const auto viewer = open_viewer(test::pdf_bomb(std::size_t{8} << 30), "application/pdf", options);
  ASSERT_TRUE(viewer);
  const std::int64_t start = system_clock().steady_ms();
  const auto image = (*viewer)->draw(0, 100, 0);
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, Code::kFailed);
  EXPECT_LE(system_clock().steady_ms() - start, options.patience_ms);
  EXPECT_EQ((*viewer)->process_id(), 0);
}

TEST(HostileDocuments, AHundredThousandPagesAreCountedAndTheLastIsDrawn) {
  ViewerOptions options = test::viewer_options();
  if (viewer::kSanitized) options.patience_ms = 60'000;  // several times as slow
  const auto viewer = open_viewer(test::pdf_pages(100'000), "application/pdf", options);
  ASSERT_TRUE(viewer);
  EXPECT_EQ((*viewer)->pages(), 100'000U);
  const auto image = (*viewer)->draw(99'999, 400, 0);
  ASSERT_TRUE(image);
  EXPECT_TRUE(test::has_ink(*image));
}

TEST(HostileDocuments, ScriptsAndLinksAreOnlyALook) {
  const std::string more =
      "/OpenAction << /S /JavaScript /JS (app.alert\\('x'\\); while\\(true\\){}) >> "
      "/AA << /WC << /S /Launch /F (/bin/true) >> >> "
      "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (while\\(true\\){}) >>] >> >>";
  const auto viewer =
      open_viewer(test::pdf_page("1 0 0 rg 0 0 200 100 re f", "", more), "application/pdf");
  ASSERT_TRUE(viewer);
  const auto image = (*viewer)->draw(0, 100, 0);
  ASSERT_TRUE(image);
  EXPECT_TRUE(test::is_near(test::colour_at(*image, 0.5, 0.5), test::kRed));
}

TEST(HostileDocuments, AFormThatDrawsItselfEnds) {
  test::PdfMaker maker;
  maker.add_stream("", "/X Do");
  maker.add(
      "<< /Type /Page /Parent 3 0 R /MediaBox [0 0 200 100] /Contents 1 0 R "
      "/Resources << /XObject << /X 4 0 R >> >> >>");
  maker.add("<< /Type /Pages /Kids [2 0 R] /Count 1 >>");
  maker.add_stream(
      "/Type /XObject /Subtype /Form /BBox [0 0 200 100] "
      "/Resources << /XObject << /X 4 0 R >> >>",
      "/X Do /X Do");
  EXPECT_NE(
      look_at(maker.finish(maker.add("<< /Type /Catalog /Pages 3 0 R >>")), "application/pdf"), "");
}

TEST(HostileDocuments, ATreeOfPagesThatBitesItsTailIsRefused) {
  test::PdfMaker maker;
  maker.add("<< /Type /Pages /Kids [1 0 R 1 0 R] /Count 5 >>");
  EXPECT_EQ(
      look_at(maker.finish(maker.add("<< /Type /Catalog /Pages 1 0 R >>")), "application/pdf"),
      "failed");
}

TEST(HostileDocuments, NothingIsNoDocument) {
  EXPECT_EQ(look_at({}, "application/pdf"), "failed");
  EXPECT_EQ(look_at(as_bytes("x"), "image/tiff"), "failed");
}

}  // namespace
}  // namespace coffre
