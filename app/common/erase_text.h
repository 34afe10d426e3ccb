// What an erasure has to say, in words for a person. The texts are to be translated (tr()).
#pragma once

#include "core/erase/erase.h"

namespace coffre {

[[nodiscard]] const char* verdict_text(Verdict verdict);
[[nodiscard]] const char* reason_text(Reason reason);
// What is where after a failure.
[[nodiscard]] const char* left_text(Left left);
[[nodiscard]] const char* uncovered_text(Uncovered uncovered);

// The reasons in the language of the program, with commas; after a failure also what is left.
[[nodiscard]] std::string reasons_text(const EraseReport& report);

// What a verdict comes to, in two or three words for a table.
[[nodiscard]] const char* worth_word(Verdict verdict, Medium medium);
// What erasing somewhere will be worth, as sentences in the language of the program.
[[nodiscard]] std::string forecast_text(const EraseForecast& forecast);

// What became of a document that was destroyed in the vault. After kNotGuaranteed and kFailed the
// reasons follow.
[[nodiscard]] const char* destroyed_text(Verdict verdict);
// The same with the reasons, as one sentence in the language of the program.
[[nodiscard]] std::string destroyed_words(Verdict verdict, const std::vector<Reason>& reasons);
// What destroying a document in a vault that lies there will be worth.
[[nodiscard]] std::string destruction_forecast_text(const EraseForecast& forecast);

}  // namespace coffre
