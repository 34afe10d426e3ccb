// Fonts: Inter for text, Material Icons merged in, drawn by FreeType for one scale.
//
// Guarantees: every character of our texts and of French names has a glyph (Latin of Western and
// Central Europe and of Vietnamese, punctuation, arrows); an unknown one shows as a replacement.
// Sizes are those of a style sheet: 16 px is the em, not the line. Not covered: Greek, Cyrillic and
// other scripts, kerning. Threads: UI thread only.
#pragma once

#include "app/desktop/ui_core/ui.h"
#include "core/base/error.h"

namespace coffre::ui {

// Fills `atlas` (what it held is gone) and builds its picture; the caller uploads it. 1 <= scale <=
// 4. kNotFound when the system has not got the fonts (`on` names the file); the atlas is then
// empty.
[[nodiscard]] Result<Fonts> load_fonts(ImFontAtlas& atlas, float scale);

}  // namespace coffre::ui
