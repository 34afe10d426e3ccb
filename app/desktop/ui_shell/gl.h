// The few calls of OpenGL that textures need, so that a test can watch them.
//
// Threads: UI thread only, with the window's context current.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace coffre::ui {

class Gl {
 public:
  virtual ~Gl() = default;
  // The longest side that a texture may have.
  [[nodiscard]] virtual std::uint32_t side_max() = 0;
  // RGBA8, linear filter, no mipmaps (each would hold the picture again); content undefined. 0: no
  // memory.
  [[nodiscard]] virtual unsigned create(std::uint32_t width, std::uint32_t height) = 0;
  // `rows` rows from row `top`; `stride` bytes a row.
  virtual void write(unsigned texture, std::uint32_t top, std::uint32_t width, std::uint32_t rows,
                     std::size_t stride, std::span<const std::byte> rgba) = 0;
  // Everything that was asked for is done when this returns.
  virtual void finish() = 0;
  virtual void remove(unsigned texture) = 0;
};

// That of the context which is current, whether GLX or EGL made it.
class SystemGl final : public Gl {
 public:
  [[nodiscard]] std::uint32_t side_max() override;
  [[nodiscard]] unsigned create(std::uint32_t width, std::uint32_t height) override;
  void write(unsigned texture, std::uint32_t top, std::uint32_t width, std::uint32_t rows,
             std::size_t stride, std::span<const std::byte> rgba) override;
  void finish() override;
  void remove(unsigned texture) override;

  // What a frame begins with.
  void clear(int width, int height, float red, float green, float blue);
};

}  // namespace coffre::ui
