#include "app/desktop/ui_shell/textures.h"

#include <algorithm>

namespace coffre::ui {
namespace {

// One strip of zeros serves every texture: a page is overwritten in a few calls without as much
// memory again.
constexpr std::uint32_t kStripRows = 64;

ImTextureID id_of(unsigned name) {
  // ImGui's backend takes the name of a texture for a pointer.
  // NOLINTNEXTLINE(performance-no-int-to-ptr)
  return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(name));
}

unsigned name_of(ImTextureID texture) {
  return static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(texture));
}

}  // namespace

TexturePool::TexturePool(Gl& gl) : gl_(gl), side_max_(gl.side_max()) {}

TexturePool::~TexturePool() { wipe(); }

ImTextureID TexturePool::create(std::uint32_t width, std::uint32_t height, std::size_t stride,
                                std::span<const std::byte> rgba) {
  if (width == 0 || height == 0 || width > side_max_ || height > side_max_ || stride % 4 != 0 ||
      stride < std::size_t{width} * 4 ||
      rgba.size() < stride * (height - 1) + std::size_t{width} * 4) {
    return nullptr;
  }
  Entry* entry = find_kept(width, height);
  if (entry == nullptr) {
    const Entry fresh{.name = 0, .width = width, .height = height, .in_use = false};
    if (!make_room(fresh.bytes())) {
      return nullptr;
    }
    const unsigned name = gl_.create(width, height);
    if (name == 0) {
      return nullptr;
    }
    entries_.push_back(fresh);
    entry = &entries_.back();
    entry->name = name;
    bytes_ += entry->bytes();
  }
  entry->in_use = true;
  gl_.write(entry->name, 0, width, height, stride, rgba);
  return id_of(entry->name);
}

TexturePool::Entry* TexturePool::find_kept(std::uint32_t width, std::uint32_t height) {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return !entry.in_use && entry.width == width && entry.height == height;
  });
  return found == entries_.end() ? nullptr : &*found;
}

bool TexturePool::make_room(std::uint64_t bytes) {
  if (bytes > kBytesMax) {
    return false;
  }
  if (bytes_ + bytes > kBytesMax || entries_.size() >= kTexturesMax) {
    shrink_kept(0);
  }
  return bytes_ + bytes <= kBytesMax && entries_.size() < kTexturesMax;
}

void TexturePool::destroy(ImTextureID texture) {
  const unsigned name = name_of(texture);
  for (Entry& entry : entries_) {
    if (entry.name == name && entry.in_use) {
      overwrite(entry);
      gl_.finish();
      entry.in_use = false;
    }
  }
}

void TexturePool::overwrite(const Entry& entry) {
  const std::size_t stride = std::size_t{entry.width} * 4;
  const std::size_t wanted = stride * std::min(kStripRows, entry.height);
  if (zeros_.size() < wanted) {
    zeros_.assign(wanted, std::byte{0});
  }
  for (std::uint32_t top = 0; top < entry.height; top += kStripRows) {
    const std::uint32_t rows = std::min(kStripRows, entry.height - top);
    gl_.write(entry.name, top, entry.width, rows, stride, std::span(zeros_).first(stride * rows));
  }
}

void TexturePool::shrink_kept(std::uint64_t bytes) {
  std::uint64_t kept = 0;
  for (const Entry& entry : entries_) {
    kept += entry.in_use ? 0 : entry.bytes();
  }
  std::erase_if(entries_, [&](const Entry& entry) {
    if (entry.in_use || kept <= bytes) {
      return false;
    }
    kept -= entry.bytes();
    bytes_ -= entry.bytes();
    gl_.remove(entry.name);
    return true;
  });
}

void TexturePool::end_frame() { shrink_kept(kKeptBytesMax); }

void TexturePool::wipe() {
  for (Entry& entry : entries_) {
    if (entry.in_use) {
      overwrite(entry);
    }
    entry.in_use = false;
  }
  gl_.finish();
  shrink_kept(0);
}

}  // namespace coffre::ui
