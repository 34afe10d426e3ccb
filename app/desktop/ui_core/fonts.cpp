#include "app/desktop/ui_core/fonts.h"

#include <array>
#include <cmath>
#include <imgui/imgui_freetype.h>
#include <string>

#include "app/desktop/ui_core/icons.h"
#include "core/base/file.h"

namespace coffre::ui {
namespace {

constexpr std::size_t kFontBytesMax = std::size_t{16} << 20;

// FreeType is asked for the height of a line; Inter's is 3408 of 2816 units an em, Material Icons'
// one em.
constexpr float kInterLine = 3408.0F / 2816.0F;
// The middle of a capital letter over the baseline, in ems.
constexpr float kInterMiddle = 0.3636F;

constexpr std::array kInterFolders = {"/usr/share/fonts/opentype/inter",
                                      "/usr/local/share/fonts/opentype/inter",
                                      "/usr/share/fonts/inter", "/usr/local/share/fonts/inter"};
constexpr std::array kIconFolders = {
    "/usr/share/fonts/truetype/material-design-icons-iconfont",
    "/usr/local/share/fonts/truetype/material-design-icons-iconfont",
    "/usr/share/fonts/material-design-icons-iconfont"};

// Pairs of first and last; 0 ends. They have to outlive the build of the atlas.
constexpr std::array<ImWchar, 27> kTextRanges = {
    0x0020, 0x007E, 0x00A0, 0x017F,  // Latin of Western and Central Europe
    0x0192, 0x0192, 0x01A0, 0x01A1, 0x01AF, 0x01B0, 0x0218, 0x021B,  // Vietnamese, Romanian
    0x1EA0, 0x1EF9,                                                  // Vietnamese
    0x2010, 0x2027, 0x202F, 0x203A,                                  // punctuation
    0x20AC, 0x20AC, 0x2190, 0x2193,                                  // euro, arrows
    0x2212, 0x2212, 0x2264, 0x2265,                                  // minus, at most, at least
    0};
// What a password is shown as, and the character that ImGui shows it with.
constexpr std::array<ImWchar, 5> kSecretRange = {0x002A, 0x002A, 0x2022, 0x2022, 0};

struct Files {
  Bytes regular, medium, semibold, icons;
};

template <std::size_t Count>
Result<Bytes> read_font(const std::array<const char*, Count>& folders, const char* name) {
  for (const char* folder : folders) {
    Result<Bytes> bytes = read_file(std::string(folder) + "/" + name, kFontBytesMax);
    if (bytes || bytes.error().code != Code::kNotFound) {
      return bytes;
    }
  }
  return fail(Code::kNotFound, N_("a font is missing"), name,
              N_("install fonts-inter and fonts-material-design-icons-iconfont"));
}

Result<Files> read_files() {
  Files files;
  COFFRE_TRY_ASSIGN(files.regular, read_font(kInterFolders, "Inter-Regular.otf"));
  COFFRE_TRY_ASSIGN(files.medium, read_font(kInterFolders, "Inter-Medium.otf"));
  COFFRE_TRY_ASSIGN(files.semibold, read_font(kInterFolders, "Inter-SemiBold.otf"));
  COFFRE_TRY_ASSIGN(files.icons, read_font(kIconFolders, "MaterialIcons-Regular.ttf"));
  return files;
}

// The icons that icons.h names; the ranges end with 0.
ImVector<ImWchar> icon_ranges() {
  ImFontGlyphRangesBuilder builder;
  for (const char* glyph : icon::kAll) {
    builder.AddText(glyph);
  }
  ImVector<ImWchar> ranges;
  builder.BuildRanges(&ranges);
  return ranges;
}

class Builder {
 public:
  Builder(ImFontAtlas& atlas, Files& files, float scale)
      : atlas_(atlas), files_(files), scale_(scale), icon_ranges_(icon_ranges()) {}

  ImFont* text(Bytes& file, float em, bool with_icons) {
    ImFont* font = add(file, std::round(em * scale_ * kInterLine), kTextRanges.data(), nullptr);
    if (with_icons) {
      // An icon is a quarter larger than the text, and its middle is that of a capital letter.
      const float icon = std::round(em * scale_ * 1.25F);
      ImFontConfig merged;
      merged.MergeMode = true;
      merged.GlyphOffset.y = std::round(icon / 2 - kInterMiddle * em * scale_);
      add(files_.icons, icon, icon_ranges_.Data, &merged);
    }
    return font;
  }
  ImFont* icons(float size) {
    return add(files_.icons, std::round(size * scale_), icon_ranges_.Data, nullptr);
  }
  ImFont* secret(float em) {
    return add(files_.regular, std::round(em * scale_ * kInterLine), kSecretRange.data(), nullptr);
  }

 private:
  ImFont* add(Bytes& file, float line, const ImWchar* ranges, const ImFontConfig* base) {
    ImFontConfig config = base == nullptr ? ImFontConfig() : *base;
    config.FontDataOwnedByAtlas = false;
    config.FontBuilderFlags = ImGuiFreeTypeBuilderFlags_LightHinting;
    config.OversampleH = 1;
    return atlas_.AddFontFromMemoryTTF(file.data(), static_cast<int>(file.size()), line, &config,
                                       ranges);
  }

  ImFontAtlas& atlas_;
  Files& files_;
  float scale_;
  ImVector<ImWchar> icon_ranges_;
};

}  // namespace

Result<Fonts> load_fonts(ImFontAtlas& atlas, float scale) {
  COFFRE_ASSERT(scale >= 1.0F && scale <= 4.0F);
  atlas.Clear();
  COFFRE_TRY_ASSIGN(Files files, read_files());
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  atlas.Flags |= ImFontAtlasFlags_NoPowerOfTwoHeight;
  atlas.TexDesiredWidth = scale > 1.5F ? 4096 : 2048;
  Builder builder(atlas, files, scale);
  Fonts fonts;
  fonts.text = builder.text(files.regular, 16, true);
  fonts.strong = builder.text(files.semibold, 16, true);
  fonts.button = builder.text(files.medium, 16, false);
  fonts.small = builder.text(files.regular, 13, true);
  fonts.small_strong = builder.text(files.semibold, 13, false);
  fonts.label = builder.text(files.medium, 13, false);
  fonts.title = builder.text(files.semibold, 20, true);
  fonts.icons = builder.icons(20);
  fonts.icons_small = builder.icons(16);
  fonts.icons_large = builder.icons(40);
  fonts.secret = builder.secret(16);
  const bool built = atlas.Build();
  if (built) {
    fonts.secret->AddRemapChar(0x002A, 0x2022, true);
  }
  // The fonts' files go with this function: nothing may look into them later.
  atlas.ClearInputData();
  if (!built) {
    atlas.Clear();
    return fail(Code::kFailed, N_("a font cannot be read"), "Inter, Material Icons",
                N_("install fonts-inter and fonts-material-design-icons-iconfont"));
  }
  return fonts;
}

}  // namespace coffre::ui
