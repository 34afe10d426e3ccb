// The pool of textures: pages and thumbnails on their way to the screen.
//
// glDeleteTextures() leaves the pixels where they were, in the driver's memory or the card's. So a
// texture is overwritten, and the overwriting waited for, before it is deleted or used again; no
// mipmaps and no pixel buffers, which would be copies.
//
// Guarantees: number and bytes are bounded; after destroy() or wipe() returned, the pixels of what
// was destroyed are overwritten, as far as the driver keeps a texture in one place. Not covered:
// what the driver copied elsewhere by itself, and what is on the screen until the next frame.
// Threads: UI thread only.
#pragma once

#include <vector>

#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_shell/gl.h"

namespace coffre::ui {

class TexturePool final : public Textures {
 public:
  static constexpr std::size_t kTexturesMax = 512;
  static constexpr std::uint64_t kBytesMax = std::uint64_t{512} << 20;
  // Zeroed textures that are kept for the next picture of the same size.
  static constexpr std::uint64_t kKeptBytesMax = std::uint64_t{64} << 20;

  explicit TexturePool(Gl& gl);
  TexturePool(const TexturePool&) = delete;
  TexturePool& operator=(const TexturePool&) = delete;
  ~TexturePool() override;  // the context must still be current

  [[nodiscard]] ImTextureID create(std::uint32_t width, std::uint32_t height, std::size_t stride,
                                   std::span<const std::byte> rgba) override;
  // Overwritten now, deleted by end_frame(): this frame may still be drawn with it, as a blank.
  void destroy(ImTextureID texture) override;

  // After the frame was drawn: deletes what is neither in use nor worth keeping.
  void end_frame();
  // At the lock: everything is overwritten and deleted, whoever still holds it.
  void wipe();

  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  struct Entry {
    unsigned name = 0;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    bool in_use = false;
    [[nodiscard]] std::uint64_t bytes() const {
      return std::uint64_t{width} * std::uint64_t{height} * 4;
    }
  };
  [[nodiscard]] Entry* find_kept(std::uint32_t width, std::uint32_t height);
  [[nodiscard]] bool make_room(std::uint64_t bytes);
  void overwrite(const Entry& entry);
  // Deletes kept textures, the oldest first, until at most `bytes` of them are left.
  void shrink_kept(std::uint64_t bytes);

  Gl& gl_;
  std::uint32_t side_max_ = 0;
  std::vector<Entry> entries_;
  std::uint64_t bytes_ = 0;
  std::vector<std::byte> zeros_;
};

}  // namespace coffre::ui
