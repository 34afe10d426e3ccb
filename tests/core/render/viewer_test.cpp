#include "core/render/viewer.h"

#include <cmath>
#include <fstream>
#include <sys/wait.h>
#include <thread>
#include <tiffio.h>

#include <gtest/gtest.h>

#include "app/viewer/sanitized.h"
#include "tests/core/render/viewer_fixture.h"
#include "tests/samples/sample.h"

namespace coffre {
namespace {

using test::open_viewer;

struct Sample {
  const char* name;
  const char* mime;
  Bytes bytes;
  double width_pt;
  double height_pt;
};

std::vector<Sample> samples() {
  using test::Inks;
  using test::PngKind;
  const auto inches = [](double pixels, double dpi) { return pixels * 72 / dpi; };
  return {
      {"pdf", "application/pdf", test::pdf_picture(), 200, 100},
      {"jpeg", "image/jpeg", test::jpeg_picture(200, 100, Inks::kThree, 0), 150, 75},
      {"jpeg, four inks", "image/jpeg", test::jpeg_picture(200, 100, Inks::kFour, 0), 150, 75},
      {"png", "image/png", test::png_picture(300, 150, PngKind::kPlain), 144, 72},
      {"png, interlaced", "image/png", test::png_picture(300, 150, PngKind::kInterlaced), 144, 72},
      {"png, 16 bits", "image/png", test::png_picture(300, 150, PngKind::kSixteenBits), 144, 72},
      {"tiff, lzw", "image/tiff", test::tiff_pictures(96, 48, 1, COMPRESSION_LZW, 1),
       inches(96, 96), 36},
      {"tiff, deflate", "image/tiff", test::tiff_pictures(96, 48, 1, COMPRESSION_ADOBE_DEFLATE, 1),
       72, 36},
      {"tiff, plain", "image/tiff", test::tiff_pictures(96, 48, 1, COMPRESSION_NONE, 1), 72, 36},
      {"webp", "image/webp", test::webp_picture(200, 100), 150, 75},
  };
}

TEST(Viewer, EveryKindIsDrawnWithItsColoursInTheirPlaces) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.name);
    const auto viewer = open_viewer(sample.bytes, sample.mime);
    ASSERT_TRUE(viewer) << viewer.error().what;
    EXPECT_EQ((*viewer)->pages(), 1U);
    const auto info = (*viewer)->page_info(0);
    ASSERT_TRUE(info);
    EXPECT_NEAR(info->width_pt, sample.width_pt, 0.05);
    EXPECT_NEAR(info->height_pt, sample.height_pt, 0.05);
    const auto image = (*viewer)->draw(0, 120, 0);
    ASSERT_TRUE(image) << image.error().what;
    EXPECT_EQ(image->width, 120U);
    EXPECT_EQ(image->height, 60U);
    EXPECT_EQ(test::quarters_of(*image), "RGBY");
    EXPECT_FALSE(image->fonts_missing);
    for (std::size_t at = 3; at < image->rgba.size(); at += 4) {
      ASSERT_EQ(std::to_integer<int>(image->rgba[at]), 255);
    }
    EXPECT_TRUE((*viewer)->text(0).value().words.empty());
  }
}

TEST(Viewer, QuarterTurnsAreClockwiseAndTheWidthIsThatAfterThem) {
  for (const Sample& sample : samples()) {
    SCOPED_TRACE(sample.name);
    const auto viewer = open_viewer(sample.bytes, sample.mime);
    ASSERT_TRUE(viewer);
    const std::vector<std::pair<int, std::string>> turns = {
        {1, "BRYG"}, {2, "YBGR"}, {3, "GYRB"}, {4, "RGBY"}, {-1, "GYRB"}};
    for (const auto& [quarter, wanted] : turns) {
      const auto image = (*viewer)->draw(0, 120, quarter);
      ASSERT_TRUE(image);
      EXPECT_EQ(image->width, 120U);
      EXPECT_EQ(image->height, quarter % 2 == 0 ? 60U : 240U);
      EXPECT_EQ(test::quarters_of(*image), wanted) << quarter;
    }
  }
}

// What is stored as R G / B Y, looked at as the tag says (Exif 2.32, 4.6.4).
TEST(Viewer, TheEightOrientationsOfJpegAndTiffAreTurnedUpright) {
  const std::vector<std::string> wanted = {"RGBY", "GRYB", "YBGR", "BYRG",
                                           "RBGY", "BRYG", "YGBR", "GYRB"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const auto number = static_cast<std::uint16_t>(orientation);
    for (const bool tiff : {false, true}) {
      SCOPED_TRACE(std::to_string(orientation) + (tiff ? " tiff" : " jpeg"));
      const Bytes bytes = tiff ? test::tiff_pictures(96, 48, 1, COMPRESSION_LZW, number)
                               : test::jpeg_picture(96, 48, test::Inks::kThree, orientation);
      const auto viewer = open_viewer(bytes, tiff ? "image/tiff" : "image/jpeg");
      ASSERT_TRUE(viewer);
      const auto info = (*viewer)->page_info(0).value();
      EXPECT_EQ(info.width_pt > info.height_pt, orientation <= 4);
      const auto image = (*viewer)->draw(0, 96, 0);
      ASSERT_TRUE(image);
      EXPECT_EQ(test::quarters_of(*image), wanted[number - 1U]);
    }
  }
}

TEST(Viewer, WhatIsNotCoveredIsPaper) {
  const auto viewer =
      open_viewer(test::png_picture(64, 64, test::PngKind::kHalfCovered), "image/png");
  ASSERT_TRUE(viewer);
  const auto image = (*viewer)->draw(0, 64, 0);
  ASSERT_TRUE(image);
  EXPECT_TRUE(test::is_near(test::colour_at(*image, 0.25, 0.25), {255, 127, 127}));
}

TEST(Viewer, TheFaxCompressionsAreDrawnAtTheirDensity) {
  for (const int compression : {COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4}) {
    const auto viewer = open_viewer(
        test::tiff_fax(1728, 2200, static_cast<std::uint16_t>(compression)), "image/tiff");
    ASSERT_TRUE(viewer);
    EXPECT_NEAR((*viewer)->page_info(0).value().width_pt, 1728 * 72 / 200.0, 0.05);
    const auto image = (*viewer)->draw(0, 432, 0);
    ASSERT_TRUE(image);
    EXPECT_TRUE(test::is_near(test::colour_at(*image, 0.25, 0.5), test::kBlack));
    EXPECT_TRUE(test::is_near(test::colour_at(*image, 0.75, 0.5), test::kWhite));
  }
}

TEST(Viewer, EachPageOfATiffIsItsOwn) {
  const auto viewer = open_viewer(test::tiff_pictures(96, 48, 5, COMPRESSION_LZW, 1), "image/tiff");
  ASSERT_TRUE(viewer);
  EXPECT_EQ((*viewer)->pages(), 5U);
  for (const std::uint32_t page : {4U, 0U, 2U}) {
    const auto image = (*viewer)->draw(page, 96, 0);
    ASSERT_TRUE(image);
    EXPECT_EQ(image->height, 48 + page);
    EXPECT_EQ(test::quarters_of(*image), "RGBY");
  }
}

TEST(Viewer, APageThatIsNotThereIsNotFound) {
  for (const Sample& sample : samples()) {
    const auto viewer = open_viewer(sample.bytes, sample.mime);
    ASSERT_TRUE(viewer);
    EXPECT_EQ((*viewer)->page_info(1).error().code, Code::kNotFound);
    EXPECT_EQ((*viewer)->draw(0xffffffff, 10, 0).error().code, Code::kNotFound);
    EXPECT_TRUE((*viewer)->draw(0, 10, 0)) << "the next call works";
  }
}

TEST(Viewer, ASizeThatIsTooLargeIsALimit) {
  const auto viewer = open_viewer(test::pdf_picture(), "application/pdf");
  ASSERT_TRUE(viewer);
  EXPECT_EQ((*viewer)->draw(0, 0, 0).error().code, Code::kLimit);
  EXPECT_EQ((*viewer)->draw(0, 16'385, 0).error().code, Code::kLimit);
  EXPECT_EQ((*viewer)->draw(0, 16'384, 0).error().code, Code::kLimit);
  EXPECT_TRUE((*viewer)->draw(0, 7'000, 0));
}

TEST(Viewer, WordsHaveTheirTextAndTheirPlace) {
  const auto viewer = open_viewer(
      test::pdf_page("BT /F 20 Tf 20 70 Td (Bonjour le) Tj 0 -50 Td (monde) Tj ET",
                     "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"),
      "application/pdf");
  ASSERT_TRUE(viewer);
  const auto text = (*viewer)->text(0);
  ASSERT_TRUE(text);
  ASSERT_EQ(text->words.size(), 3U);
  EXPECT_EQ(text->words[0].text, "Bonjour");
  EXPECT_EQ(text->words[1].text, "le");
  EXPECT_EQ(text->words[2].text, "monde");
  const PageWord& first = text->words[0];
  EXPECT_NEAR(first.x0, 0.1, 0.02);
  EXPECT_LT(first.y0, 0.3);
  EXPECT_GT(first.y1, 0.25);
  EXPECT_LT(first.x1, text->words[1].x0);
  EXPECT_GT(text->words[2].y0, 0.5) << "the second line is below";
}

TEST(Viewer, AScanOfTheSamplesIsDrawnAndRead) {
  const auto sample = samples::make_sample(0, "");
  ASSERT_TRUE(sample);
  ASSERT_TRUE(sample->name.ends_with(".pdf"));
  const auto viewer = open_viewer(sample->bytes, "application/pdf");
  ASSERT_TRUE(viewer);
  const auto image = (*viewer)->draw(0, 600, 0);
  ASSERT_TRUE(image);
  EXPECT_TRUE(test::has_ink(*image));
  EXPECT_FALSE(image->fonts_missing) << "its fonts are in the file, or it has none";
  samples::release_fonts();
}

TEST(Viewer, AStandardFontIsNotMissing) {
  for (const char* name :
       {"Helvetica", "Arial,Bold", "ArialMT", "TimesNewRomanPSMT", "Courier-BoldOblique"}) {
    const auto viewer = open_viewer(test::pdf_with_font(name), "application/pdf");
    ASSERT_TRUE(viewer);
    const auto image = (*viewer)->draw(0, 400, 0);
    ASSERT_TRUE(image);
    EXPECT_TRUE(test::has_ink(*image)) << name;
    EXPECT_FALSE(image->fonts_missing) << name;
  }
}

TEST(Viewer, AFontThatIsNotInstalledIsSaidToBeMissingOnItsPage) {
  const auto viewer = open_viewer(test::pdf_with_font("KristallgroteskSans"), "application/pdf");
  ASSERT_TRUE(viewer);
  const auto image = (*viewer)->draw(0, 400, 0);
  ASSERT_TRUE(image);
  EXPECT_TRUE(image->fonts_missing);
}

TEST(Viewer, WithoutAnyFontThePageIsDrawnAndSaidToLackThem) {
  ViewerOptions options = test::viewer_options();
  options.landlock_max = 0;  // nothing can be opened
  const auto viewer = open_viewer(test::pdf_with_font("Helvetica"), "application/pdf", options);
  ASSERT_TRUE(viewer);
  const auto image = (*viewer)->draw(0, 400, 0);
  ASSERT_TRUE(image);
  EXPECT_TRUE(image->fonts_missing);
}

TEST(Viewer, OlderKernelsShowTheSame) {
  for (int version = 0; version <= 7; ++version) {
    SCOPED_TRACE(version);
    ViewerOptions options = test::viewer_options();
    options.landlock_max = version;
    for (const Sample& sample : samples()) {
      const auto viewer = open_viewer(sample.bytes, sample.mime, options);
      ASSERT_TRUE(viewer) << sample.name;
      const auto image = (*viewer)->draw(0, 120, 0);
      ASSERT_TRUE(image) << sample.name;
      EXPECT_EQ(test::quarters_of(*image), "RGBY") << sample.name;
    }
  }
}

TEST(Viewer, TheProcessGoesWithTheViewer) {
  int id = 0;
  {
    const auto viewer = open_viewer(test::pdf_picture(), "application/pdf");
    ASSERT_TRUE(viewer);
    id = (*viewer)->process_id();
    ASSERT_TRUE(std::ifstream("/proc/" + std::to_string(id) + "/limits")) << "the control";
  }
  EXPECT_FALSE(std::ifstream("/proc/" + std::to_string(id) + "/limits"));
}

TEST(Viewer, TheProcessHasItsLimits) {
  const auto viewer = open_viewer(test::pdf_picture(), "application/pdf");
  ASSERT_TRUE(viewer);
  std::ifstream file("/proc/" + std::to_string((*viewer)->process_id()) + "/limits");
  std::string limits{std::istreambuf_iterator<char>(file), {}};
  // One space for several.
  limits.erase(std::unique(limits.begin(), limits.end(),
                           [](char a, char b) { return a == ' ' && b == ' '; }),
               limits.end());
  for (const char* line : {"Max core file size 0 0", "Max file size 0 0", "Max processes 0 0",
                           "Max cpu time 300 300", "Max open files 128 128",
                           viewer::kSanitized ? "Max address space unlimited unlimited"
                                              : "Max address space 1073741824 1073741824",
                           "Max locked memory 0 0"}) {
    EXPECT_NE(limits.find(line), std::string::npos) << line << "\n" << limits;
  }
}

TEST(Viewer, AClosedViewerAnswersNothingAndHasNoProcess) {
  const auto viewer = open_viewer(test::pdf_picture(), "application/pdf");
  ASSERT_TRUE(viewer);
  (*viewer)->close();
  EXPECT_EQ((*viewer)->process_id(), 0);
  EXPECT_EQ((*viewer)->draw(0, 10, 0).error().code, Code::kFailed);
  EXPECT_EQ((*viewer)->page_info(0).error().code, Code::kFailed);
  EXPECT_EQ((*viewer)->text(0).error().code, Code::kFailed);
  (*viewer)->close();
}

TEST(Viewer, PixelsOfTheLastPageAreGoneBeforeTheNextCall) {
  const auto viewer = open_viewer(test::pdf_picture(), "application/pdf");
  ASSERT_TRUE(viewer);
  const auto image = (*viewer)->draw(0, 400, 0);
  ASSERT_TRUE(image);
  const std::span<const std::byte> before = image->rgba;
  const auto all_zero = [](std::span<const std::byte> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
  };
  ASSERT_FALSE(all_zero(before)) << "the control";
  ASSERT_TRUE((*viewer)->page_info(0));
  EXPECT_TRUE(all_zero(before)) << "the memory is the viewer's until it closes";
  ASSERT_TRUE((*viewer)->draw(0, 400, 0));
  ASSERT_FALSE((*viewer)->draw(7, 400, 0));
  EXPECT_TRUE(all_zero(before));
}

TEST(Viewer, AClosingThreadWaitsUntilThePictureWasTaken) {
  const auto viewer = open_viewer(test::pdf_picture(), "application/pdf");
  ASSERT_TRUE(viewer);
  const int process = (*viewer)->process_id();
  std::thread closing;
  bool kept = false;
  const Status drawn = (*viewer)->draw(0, 400, 0, [&](const PageImage& image) {
    const std::vector<std::byte> before(image.rgba.begin(), image.rgba.end());
    closing = std::thread([&] { (*viewer)->close(); });
    siginfo_t ended{};
    // The process is killed first: close() is on its way to the pixels.
    ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOWAIT), 0);
    for (int turn = 0; turn < 10'000; ++turn) std::this_thread::yield();
    kept = std::ranges::equal(image.rgba, before);
  });
  closing.join();
  EXPECT_TRUE(drawn);
  EXPECT_TRUE(kept);
  EXPECT_FALSE((*viewer)->draw(0, 400, 0));
}

TEST(Viewer, OnlyTheFiveKindsCanBeShown) {
  for (const char* mime :
       {"application/pdf", "image/jpeg", "image/png", "image/tiff", "image/webp"}) {
    EXPECT_TRUE(can_be_shown(mime));
  }
  for (const char* mime : {"text/plain", "image/svg+xml", "", "application/octet-stream"}) {
    EXPECT_FALSE(can_be_shown(mime));
    EXPECT_EQ(open_viewer(as_bytes("x"), mime).error().code, Code::kFailed);
  }
}

}  // namespace
}  // namespace coffre
