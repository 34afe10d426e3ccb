#include "app/viewer/pdf_fonts.h"

#include <algorithm>
#include <array>
#include <exception>
#include <fontconfig/fontconfig.h>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-font.h>
#include <poppler/cpp/poppler-global.h>

namespace coffre::viewer {
namespace {

// Names that mean one of the standard fonts, and families drawn to their widths.
struct Standard {
  const char* name;  // what Poppler asks Fontconfig for
  std::array<std::string_view, 4> names;
  std::array<std::string_view, 6> families;
};
constexpr std::array<Standard, 5> kStandards = {{
    {"Helvetica",
     {"helvetica", "arial", "arialunicodems"},
     {"nimbussans", "liberationsans", "texgyreheros", "arimo", "arial", "helvetica"}},
    {"Times",
     {"times", "timesroman", "timesnewroman"},
     {"nimbusroman", "liberationserif", "texgyretermes", "tinos", "timesnewroman", "times"}},
    {"Courier",
     {"courier", "couriernew", "courierstd"},
     {"nimbusmono", "liberationmono", "texgyrecursor", "cousine", "couriernew", "courier"}},
    {"Symbol", {"symbol"}, {"standardsymbols", "standardsymbolsl", "symbol", "symbolneu"}},
    {"ZapfDingbats", {"zapfdingbats"}, {"d050000l", "dingbats", "zapfdingbats"}},
}};

bool holds(const auto& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_subset_tag(std::string_view name) {
  return name.size() > 7 && name[6] == '+' &&
         std::all_of(name.begin(), name.begin() + 6, [](char c) { return c >= 'A' && c <= 'Z'; });
}

void cut_ending(std::string& name, std::string_view ending) {
  if (name.size() > ending.size() && name.ends_with(ending)) {
    name.resize(name.size() - ending.size());
  }
}

const Standard* standard_of(std::string_view name) {
  for (const Standard& standard : kStandards) {
    if (!name.empty() && holds(standard.names, name)) return &standard;
  }
  return nullptr;
}

// The file that Fontconfig has for a family.
std::string file_for(const char* family) {
  FcPattern* const wanted = FcPatternCreate();
  FcPatternAddString(wanted, FC_FAMILY, reinterpret_cast<const FcChar8*>(family));
  FcConfigSubstitute(nullptr, wanted, FcMatchPattern);
  FcDefaultSubstitute(wanted);
  FcResult result = FcResultNoMatch;
  FcPattern* const found = FcFontMatch(nullptr, wanted, &result);
  FcPatternDestroy(wanted);
  if (found == nullptr) return {};
  FcChar8* path = nullptr;
  std::string file;
  if (FcPatternGetString(found, FC_FILE, 0, &path) == FcResultMatch) {
    file = reinterpret_cast<const char*>(path);
  }
  FcPatternDestroy(found);
  return file;
}

}  // namespace

std::string plain_font_name(std::string_view name) {
  if (is_subset_tag(name)) name.remove_prefix(7);
  name = name.substr(0, name.find_first_of(",-"));
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      plain.push_back(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      plain.push_back(c);
    }
  }
  // What the foundries append: "ArialMT", "TimesNewRomanPSMT", "Nimbus Mono PS".
  cut_ending(plain, "mt");
  cut_ending(plain, "ps");
  for (const std::string_view style : {"italic", "oblique", "bold", "regular"}) {
    cut_ending(plain, style);
  }
  return plain;
}

bool may_stand_for(std::string_view family, std::string_view name) {
  if (family.empty()) return false;
  if (family == name) return true;
  const Standard* const standard = standard_of(name);
  return standard != nullptr && holds(standard->families, family);
}

PdfFonts::PdfFonts(ByteView content) : content_(content) {}
PdfFonts::~PdfFonts() = default;

bool PdfFonts::missing(std::uint32_t page) {
  try {
    if (!document_) {
      poppler::set_debug_error_function([](const std::string&, void*) {}, nullptr);
      document_.reset(poppler::document::load_from_raw_data(
          reinterpret_cast<const char*>(content_.data()), static_cast<int>(content_.size())));
    }
    if (!document_) return false;
    const std::unique_ptr<poppler::font_iterator> fonts(
        document_->create_font_iterator(static_cast<int>(page)));
    if (!fonts || !fonts->has_next()) return false;
    const std::vector<poppler::font_info> listed = fonts->next();
    return std::any_of(listed.begin(), listed.end(), [this](const poppler::font_info& font) {
      return !font.is_embedded() && font.type() != poppler::font_info::type3 && !has_stand_in(font);
    });
  } catch (const std::exception&) {
    return false;
  }
}

bool PdfFonts::has_stand_in(const poppler::font_info& font) {
  const std::string name = plain_font_name(font.name());
  // Poppler draws a standard font by its standard name, and lists it by its own.
  const Standard* const standard = standard_of(name);
  return may_stand_for(family_of(standard != nullptr ? file_for(standard->name) : font.file()),
                       name);
}

const std::string& PdfFonts::family_of(const std::string& file) {
  const auto known = families_.find(file);
  if (known != families_.end()) return known->second;
  std::string family;
  int faces = 0;
  FcPattern* const pattern =
      file.empty()
          ? nullptr
          : FcFreeTypeQuery(reinterpret_cast<const FcChar8*>(file.c_str()), 0, nullptr, &faces);
  if (pattern != nullptr) {
    FcChar8* name = nullptr;
    if (FcPatternGetString(pattern, FC_FAMILY, 0, &name) == FcResultMatch) {
      family = plain_font_name(reinterpret_cast<const char*>(name));
    }
    FcPatternDestroy(pattern);
  }
  return families_.emplace(file, std::move(family)).first->second;
}

}  // namespace coffre::viewer
