#include "app/desktop/ui_shell/textures.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace coffre::ui {
namespace {

// A card that keeps the pixels of deleted textures, as real ones do, and tells what was asked.
class FakeGl final : public Gl {
 public:
  struct Memory {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<std::byte> pixels;
    bool alive = true;
    bool waits = false;  // written, and not waited for
  };

  std::uint32_t side_max() override { return 4096; }
  unsigned create(std::uint32_t width, std::uint32_t height) override {
    if (refuses) {
      return 0;
    }
    const unsigned name = static_cast<unsigned>(memory.size()) + 1;
    memory[name] = {.width = width,
                    .height = height,
                    .pixels = std::vector<std::byte>(keeps ? std::size_t{width} * height * 4 : 0)};
    return name;
  }
  void write(unsigned texture, std::uint32_t top, std::uint32_t width, std::uint32_t rows,
             std::size_t stride, std::span<const std::byte> rgba) override {
    Memory& to = memory.at(texture);
    ASSERT_TRUE(to.alive);
    ASSERT_EQ(width, to.width);
    ASSERT_LE(top + rows, to.height);
    ASSERT_GE(rgba.size(), stride * (rows - 1) + std::size_t{width} * 4);
    rows_max = std::max(rows_max, rows);
    to.waits = true;
    if (!keeps) {
      return;
    }
    for (std::uint32_t row = 0; row < rows; ++row) {
      std::memcpy(to.pixels.data() + std::size_t{top + row} * width * 4, rgba.data() + row * stride,
                  std::size_t{width} * 4);
    }
  }
  void finish() override {
    for (auto& [name, each] : memory) {
      each.waits = false;
    }
  }
  void remove(unsigned texture) override {
    ASSERT_TRUE(memory.at(texture).alive);
    ASSERT_FALSE(memory.at(texture).waits) << "deleted before the zeros arrived";
    memory.at(texture).alive = false;
  }

  [[nodiscard]] bool holds(std::byte pattern) const {
    return std::any_of(memory.begin(), memory.end(), [&](const auto& each) {
      const auto& pixels = each.second.pixels;
      return std::find(pixels.begin(), pixels.end(), pattern) != pixels.end();
    });
  }
  [[nodiscard]] std::size_t alive() const {
    return static_cast<std::size_t>(std::count_if(
        memory.begin(), memory.end(), [](const auto& each) { return each.second.alive; }));
  }

  std::map<unsigned, Memory> memory;
  std::uint32_t rows_max = 0;
  bool refuses = false;
  bool keeps = true;  // the pixels
};

constexpr std::byte kPattern{0xA7};

std::vector<std::byte> picture(std::uint32_t width, std::uint32_t height) {
  return std::vector<std::byte>(std::size_t{width} * height * 4, kPattern);
}

TEST(TexturePool, APictureArrivesRowByRow) {
  FakeGl gl;
  TexturePool pool(gl);
  std::vector<std::byte> padded(std::size_t{16} * 3, std::byte{1});
  std::memset(padded.data() + 16, 2, 8);
  std::memset(padded.data() + 32, 3, 8);
  ASSERT_NE(pool.create(2, 3, 16, padded), nullptr);
  const auto& pixels = gl.memory.at(1).pixels;
  ASSERT_EQ(pixels.size(), 24U);
  EXPECT_EQ(pixels[0], std::byte{1});
  EXPECT_EQ(pixels[8], std::byte{2});
  EXPECT_EQ(pixels[23], std::byte{3});
}

TEST(TexturePool, DestroyedPixelsAreOverwrittenBeforeTheyAreGivenBack) {
  FakeGl gl;
  TexturePool pool(gl);
  const ImTextureID page = pool.create(100, 333, 400, picture(100, 333));
  ASSERT_NE(page, nullptr);
  ASSERT_TRUE(gl.holds(kPattern));
  pool.destroy(page);
  EXPECT_FALSE(gl.holds(kPattern));
  EXPECT_FALSE(gl.memory.at(1).waits);
}

TEST(TexturePool, ADestroyedTextureServesTheNextPictureOfItsSize) {
  FakeGl gl;
  TexturePool pool(gl);
  for (int page = 0; page < 20; ++page) {
    const ImTextureID texture = pool.create(50, 70, 200, picture(50, 70));
    ASSERT_NE(texture, nullptr);
    pool.destroy(texture);
    pool.end_frame();
  }
  EXPECT_EQ(gl.memory.size(), 1U);
}

TEST(TexturePool, TheSameTextureIsNotDestroyedTwice) {
  FakeGl gl;
  TexturePool pool(gl);
  const ImTextureID first = pool.create(8, 8, 32, picture(8, 8));
  pool.destroy(first);
  const ImTextureID second = pool.create(8, 8, 32, picture(8, 8));
  ASSERT_EQ(first, second);
  pool.destroy(nullptr);
  EXPECT_TRUE(gl.holds(kPattern));
}

TEST(TexturePool, TheLockOverwritesAndDeletesEverything) {
  FakeGl gl;
  TexturePool pool(gl);
  for (std::uint32_t width = 10; width < 40; ++width) {
    ASSERT_NE(pool.create(width, 500, width * 4, picture(width, 500)), nullptr);
  }
  pool.wipe();
  EXPECT_FALSE(gl.holds(kPattern));
  EXPECT_EQ(gl.alive(), 0U);
  EXPECT_EQ(pool.bytes(), 0U);
  EXPECT_NE(pool.create(10, 10, 40, picture(10, 10)), nullptr);
}

TEST(TexturePool, ZerosComeInStripsNotInASecondPicture) {
  FakeGl gl;
  TexturePool pool(gl);
  const ImTextureID page = pool.create(10, 1000, 40, picture(10, 1000));
  gl.rows_max = 0;
  pool.destroy(page);
  EXPECT_EQ(gl.rows_max, 64U);
  EXPECT_FALSE(gl.holds(kPattern));
}

TEST(TexturePool, NumberAndBytesAreBounded) {
  FakeGl gl;
  gl.keeps = false;
  TexturePool pool(gl);
  const std::vector<std::byte> large = picture(4096, 4096);  // 64 MiB each
  for (int count = 0; count < 8; ++count) {
    ASSERT_NE(pool.create(4096, 4096, 4096 * 4, large), nullptr);
  }
  EXPECT_EQ(pool.bytes(), TexturePool::kBytesMax);
  EXPECT_EQ(pool.create(4096, 4096, 4096 * 4, large), nullptr);
  EXPECT_EQ(pool.create(1, 1, 4, picture(1, 1)), nullptr);
}

TEST(TexturePool, KeptTexturesMakeRoomForNewOnes) {
  FakeGl gl;
  TexturePool pool(gl);
  for (std::size_t count = 0; count < TexturePool::kTexturesMax * 2; ++count) {
    const auto width = static_cast<std::uint32_t>(count + 1);
    const ImTextureID texture = pool.create(width, 1, width * 4, picture(width, 1));
    ASSERT_NE(texture, nullptr) << count;
    pool.destroy(texture);
  }
  EXPECT_LE(gl.alive(), TexturePool::kTexturesMax);
}

TEST(TexturePool, SizesThatLieAreRefused) {
  FakeGl gl;
  TexturePool pool(gl);
  const std::vector<std::byte> small = picture(4, 4);
  EXPECT_EQ(pool.create(0, 4, 16, small), nullptr);
  EXPECT_EQ(pool.create(4, 0, 16, small), nullptr);
  EXPECT_EQ(pool.create(4, 5, 16, small), nullptr);  // too few bytes
  EXPECT_EQ(pool.create(4, 4, 12, small), nullptr);  // rows overlap
  EXPECT_EQ(pool.create(4, 3, 18, small), nullptr);  // not whole pixels
  EXPECT_EQ(pool.create(5000, 1, 20000, picture(5000, 1)), nullptr);
  EXPECT_TRUE(gl.memory.empty());
  gl.refuses = true;
  EXPECT_EQ(pool.create(4, 4, 16, small), nullptr);
  EXPECT_EQ(pool.bytes(), 0U);
}

}  // namespace
}  // namespace coffre::ui
