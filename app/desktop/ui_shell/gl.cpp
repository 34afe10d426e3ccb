#include "app/desktop/ui_shell/gl.h"

#include <GLFW/glfw3.h>

namespace coffre::ui {
namespace {

constexpr GLenum kClampToEdge = 0x812F;  // GL_CLAMP_TO_EDGE, of OpenGL 1.2

}  // namespace

// These are all OpenGL 1.1, which libGL hands to whatever made the current context, GLX or EGL.

std::uint32_t SystemGl::side_max() {
  GLint side = 0;
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side);
  return side > 0 ? static_cast<std::uint32_t>(side) : 0;
}

unsigned SystemGl::create(std::uint32_t width, std::uint32_t height) {
  while (glGetError() != GL_NO_ERROR) {
  }
  GLuint texture = 0;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, static_cast<GLint>(kClampToEdge));
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, static_cast<GLint>(kClampToEdge));
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, static_cast<GLsizei>(width), static_cast<GLsizei>(height),
               0, GL_RGBA, GL_UNSIGNED_BYTE, nullptr);
  if (glGetError() != GL_NO_ERROR) {
    glDeleteTextures(1, &texture);
    return 0;
  }
  return texture;
}

void SystemGl::write(unsigned texture, std::uint32_t top, std::uint32_t width, std::uint32_t rows,
                     std::size_t stride, std::span<const std::byte> rgba) {
  glBindTexture(GL_TEXTURE_2D, texture);
  glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
  glPixelStorei(GL_UNPACK_ROW_LENGTH, static_cast<GLint>(stride / 4));
  glTexSubImage2D(GL_TEXTURE_2D, 0, 0, static_cast<GLint>(top), static_cast<GLsizei>(width),
                  static_cast<GLsizei>(rows), GL_RGBA, GL_UNSIGNED_BYTE, rgba.data());
  glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
}

void SystemGl::finish() { glFinish(); }

void SystemGl::remove(unsigned texture) {
  const GLuint name = texture;
  glDeleteTextures(1, &name);
}

void SystemGl::clear(int width, int height, float red, float green, float blue) {
  glViewport(0, 0, width, height);
  glClearColor(red, green, blue, 1.0F);
  glClear(GL_COLOR_BUFFER_BIT);
}

}  // namespace coffre::ui
