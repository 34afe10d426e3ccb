// The language that text is given in: French or English, by the text of the environment's
// variables, without any generated locale (a fresh Debian has only C and C.UTF-8).
//
// Guarantees: tr() never fails; a message without a translation stays English. Numbers, dates and
// the order of bytes do not depend on the language: the locale is always C.UTF-8.
// Threads: start_language() before any thread; choose_language() while no other thread translates
// or reads the environment; tr() from any.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace coffre {

enum class Language : unsigned char { kEnglish, kFrench };

// What the variables LANGUAGE, LC_ALL, LC_MESSAGES and LANG say, in this order: the first that is
// not empty decides (of LANGUAGE, its first entry that is French, English, C or POSIX). A null
// pointer means that the variable is not set. LC_ALL=C or POSIX switches LANGUAGE off, as gettext
// does.
[[nodiscard]] Language language_of(const char* language, const char* lc_all,
                                   const char* lc_messages, const char* lang);

// Sets the locale and the catalogue for the process from its environment.
void start_language();

// Another language from now on (the desktop's menu); what tr() gave before stays valid.
void choose_language(Language language);
[[nodiscard]] Language current_language();

// The translation of a message id.
[[nodiscard]] const char* tr(const char* message);

// `text` with each "{}" replaced by the next part.
[[nodiscard]] std::string fill(std::string_view text,
                               std::initializer_list<std::string_view> parts);

}  // namespace coffre
