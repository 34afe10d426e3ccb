// A picture of what ImGui drew, without a graphics card: enough to look at a screen, not to compare
// pixels.
#pragma once

#include <imgui/imgui.h>
#include <string>

namespace coffre::test {

// A PPM of the whole window. Only the atlas's own texture is drawn; others are left grey. False
// when the file cannot be written.
[[nodiscard]] bool write_picture(const ImDrawData& data, const ImFontAtlas& atlas,
                                 const ImVec4& ground, const std::string& path);

}  // namespace coffre::test
