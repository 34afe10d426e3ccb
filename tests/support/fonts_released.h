// For test programs that draw with Cairo: what it and Fontconfig keep for the life of a process is
// no leak. Include it once in the program.
#pragma once

#include <fontconfig/fontconfig.h>

#include <cairo/cairo.h>
#include <gtest/gtest.h>

namespace coffre::test {

class FontsReleased final : public ::testing::Environment {
 public:
  void TearDown() override {
    cairo_debug_reset_static_data();
    FcFini();
  }
};
inline const ::testing::Environment* const kFontsReleased =
    ::testing::AddGlobalTestEnvironment(new FontsReleased);

}  // namespace coffre::test
