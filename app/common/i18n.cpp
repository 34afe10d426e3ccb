#include "app/common/i18n.h"

#include <array>
#include <atomic>
#include <clocale>
#include <libintl.h>
#include <limits.h>
#include <optional>
#include <stdlib.h>
#include <unistd.h>

// GNU gettext: "a program can change the language at run time" by this counter.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming): its name there
extern "C" int _nl_msg_cat_cntr;

namespace coffre {
namespace {

constexpr const char* kDomain = "coffre";

// nullopt: a language that we do not speak.
std::optional<Language> spoken(std::string_view name) {
  const std::string_view base = name.substr(0, name.find_first_of("_.@"));
  if (base == "fr") {
    return Language::kFrench;
  }
  if (base == "en" || base == "C" || base == "POSIX") {
    return Language::kEnglish;
  }
  return std::nullopt;
}

bool is_set(const char* value) { return value != nullptr && *value != '\0'; }

// The folder of this program's file; empty when the system does not say.
std::string program_directory() {
  std::array<char, PATH_MAX> path{};
  const ssize_t size = readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0 || static_cast<std::size_t>(size) >= path.size()) {
    return {};
  }
  const std::string_view whole(path.data(), static_cast<std::size_t>(size));
  return std::string(whole.substr(0, whole.rfind('/')));
}

// Beside an installed program, in a build tree, or where the installation was configured to be.
std::string catalogue_directory() {
  const std::string program = program_directory();
  if (!program.empty()) {
    for (const char* relative : {"/../share/locale", "/../../share/locale"}) {
      std::string folder = program + relative;
      if (access((folder + "/fr/LC_MESSAGES/coffre.mo").c_str(), R_OK) == 0) {
        return folder;
      }
    }
  }
  return COFFRE_LOCALE_DIR;
}

std::atomic<Language> chosen{Language::kEnglish};

}  // namespace

Language language_of(const char* language, const char* lc_all, const char* lc_messages,
                     const char* lang) {
  std::string_view locale;
  for (const char* value : {lc_all, lc_messages, lang}) {
    if (is_set(value)) {
      locale = value;
      break;
    }
  }
  if (is_set(language) && locale != "C" && locale != "POSIX") {
    std::string_view rest = language;
    while (!rest.empty()) {
      const std::size_t end = rest.find(':');
      if (const auto found = spoken(rest.substr(0, end))) {
        return *found;
      }
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
  }
  return spoken(locale).value_or(Language::kEnglish);
}

void start_language() {
  const Language language =
      language_of(getenv("LANGUAGE"), getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG"));
  // NOLINTBEGIN(concurrency-mt-unsafe): called before any thread runs.
  std::setlocale(LC_ALL, "C.UTF-8");
  // NOLINTEND(concurrency-mt-unsafe)
  bindtextdomain(kDomain, catalogue_directory().c_str());
  bind_textdomain_codeset(kDomain, "UTF-8");
  textdomain(kDomain);
  choose_language(language);
}

void choose_language(Language language) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the caller sees to it (see the header).
  setenv("LANGUAGE", language == Language::kFrench ? "fr" : "en", 1);
  ++_nl_msg_cat_cntr;  // gettext's documented sign that the language changed
  chosen = language;
}

Language current_language() { return chosen; }

const char* tr(const char* message) {
  // gettext("") is the catalogue's own header.
  return *message == '\0' ? message : dgettext(kDomain, message);
}

std::string fill(std::string_view text, std::initializer_list<std::string_view> parts) {
  std::string out;
  const auto* part = parts.begin();
  for (std::size_t at = 0; at < text.size();) {
    if (text.substr(at, 2) == "{}" && part != parts.end()) {
      out += *part++;
      at += 2;
    } else {
      out += text[at++];
    }
  }
  return out;
}

}  // namespace coffre
