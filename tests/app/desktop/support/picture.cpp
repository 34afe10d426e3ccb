#include "tests/app/desktop/support/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <vector>

namespace coffre::test {
namespace {

struct Colour {
  float r = 0, g = 0, b = 0, a = 0;
};

Colour unpacked(ImU32 packed) {
  const auto part = [&](int shift) { return static_cast<float>(packed >> shift & 0xFF) / 255.0F; };
  return {part(IM_COL32_R_SHIFT), part(IM_COL32_G_SHIFT), part(IM_COL32_B_SHIFT),
          part(IM_COL32_A_SHIFT)};
}

class Picture {
 public:
  Picture(int width, int height, Colour ground)
      : width_(width),
        height_(height),
        pixels_(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), ground) {}

  // `grey`: how much of the texture is there at a place, 1 for no texture.
  template <typename Sample>
  void triangle(const std::array<ImDrawVert, 3>& corners, const ImVec4& clip,
                const Sample& sample) {
    const ImVec2 a = corners[0].pos;
    const ImVec2 b = corners[1].pos;
    const ImVec2 c = corners[2].pos;
    const float area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if (area == 0) {
      return;
    }
    const auto [left, right] = std::minmax({a.x, b.x, c.x});
    const auto [top, bottom] = std::minmax({a.y, b.y, c.y});
    const int x0 = std::max(0, static_cast<int>(std::floor(std::max(left, clip.x))));
    const int x1 = std::min(width_ - 1, static_cast<int>(std::ceil(std::min(right, clip.z))) - 1);
    const int y0 = std::max(0, static_cast<int>(std::floor(std::max(top, clip.y))));
    const int y1 = std::min(height_ - 1, static_cast<int>(std::ceil(std::min(bottom, clip.w))) - 1);
    for (int y = y0; y <= y1; ++y) {
      for (int x = x0; x <= x1; ++x) {
        const ImVec2 at(static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F);
        const float u = ((c.x - b.x) * (at.y - b.y) - (c.y - b.y) * (at.x - b.x)) / area;
        const float v = ((a.x - c.x) * (at.y - c.y) - (a.y - c.y) * (at.x - c.x)) / area;
        const float w = 1 - u - v;
        // The half-open edges keep two triangles of a rectangle from drawing a pixel twice.
        if (u < 0 || v < 0 || w <= 0) {
          continue;
        }
        blend(x, y, corners, {u, v, w}, sample);
      }
    }
  }

  bool write(const std::string& path) const {
    std::ofstream file(path, std::ios::binary);
    file << "P6\n" << width_ << " " << height_ << "\n255\n";
    for (const Colour& pixel : pixels_) {
      for (const float part : {pixel.r, pixel.g, pixel.b}) {
        file.put(static_cast<char>(std::clamp(part * 255.0F + 0.5F, 0.0F, 255.0F)));
      }
    }
    return file.good();
  }

 private:
  template <typename Sample>
  void blend(int x, int y, const std::array<ImDrawVert, 3>& corners,
             const std::array<float, 3>& weights, const Sample& sample) {
    Colour ink;
    ImVec2 uv(0, 0);
    for (std::size_t at = 0; at < 3; ++at) {
      const Colour corner = unpacked(corners[at].col);
      ink.r += corner.r * weights[at];
      ink.g += corner.g * weights[at];
      ink.b += corner.b * weights[at];
      ink.a += corner.a * weights[at];
      uv.x += corners[at].uv.x * weights[at];
      uv.y += corners[at].uv.y * weights[at];
    }
    const float alpha = ink.a * sample(uv);
    Colour& pixel = pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                            static_cast<std::size_t>(x)];
    pixel.r += (ink.r - pixel.r) * alpha;
    pixel.g += (ink.g - pixel.g) * alpha;
    pixel.b += (ink.b - pixel.b) * alpha;
  }

  int width_;
  int height_;
  std::vector<Colour> pixels_;
};

}  // namespace

bool write_picture(const ImDrawData& data, const ImFontAtlas& atlas, const ImVec4& ground,
                   const std::string& path) {
  Picture picture(static_cast<int>(data.DisplaySize.x), static_cast<int>(data.DisplaySize.y),
                  {ground.x, ground.y, ground.z, 1});
  const auto width = static_cast<float>(atlas.TexWidth);
  const auto height = static_cast<float>(atlas.TexHeight);
  const auto from_atlas = [&](ImVec2 uv) {
    const int x = std::clamp(static_cast<int>(uv.x * width), 0, atlas.TexWidth - 1);
    const int y = std::clamp(static_cast<int>(uv.y * height), 0, atlas.TexHeight - 1);
    const unsigned texel = atlas.TexPixelsRGBA32[y * atlas.TexWidth + x];
    return static_cast<float>(texel >> IM_COL32_A_SHIFT & 0xFF) / 255.0F;
  };
  for (int at = 0; at < data.CmdListsCount; ++at) {
    const ImDrawList& list = *data.CmdLists[at];
    for (const ImDrawCmd& command : list.CmdBuffer) {
      const bool own = command.GetTexID() == atlas.TexID;
      for (unsigned index = 0; index + 2 < command.ElemCount; index += 3) {
        std::array<ImDrawVert, 3> corners;
        for (unsigned corner = 0; corner < 3; ++corner) {
          const ImDrawIdx vertex =
              list.IdxBuffer[static_cast<int>(command.IdxOffset + index + corner)];
          corners[corner] = list.VtxBuffer[static_cast<int>(command.VtxOffset + vertex)];
        }
        if (own) {
          picture.triangle(corners, command.ClipRect, from_atlas);
        } else {
          picture.triangle(corners, command.ClipRect, [](ImVec2) { return 0.5F; });
        }
      }
    }
  }
  return picture.write(path);
}

}  // namespace coffre::test
