// The records' screen for tests: a practice, a person at the screen, and pages that are drawn by a
// fake, so that neither a display nor the viewer's process is needed.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "app/desktop/screens/dossiers.h"
#include "tests/app/desktop/screens/screen_rig.h"

namespace coffre::test {

// Textures that exist as numbers only, counted.
class CountedTextures final : public ui::Textures {
 public:
  [[nodiscard]] ImTextureID create(std::uint32_t width, std::uint32_t height, std::size_t stride,
                                   std::span<const std::byte> rgba) override;
  void destroy(ImTextureID texture) override;

  bool refuse = false;
  std::set<ImTextureID> live;

 private:
  std::uintptr_t next_ = 0x1000;
};

// A document of white pages; each call is counted.
class FakePages final : public ui::DocumentPages {
 public:
  [[nodiscard]] std::uint32_t pages() const override { return count; }
  [[nodiscard]] Result<ui::PageSize> size(std::uint32_t page) override;
  [[nodiscard]] Result<ui::DrawnPage> draw(std::uint32_t page, std::uint32_t width,
                                           int quarter_turns) override;
  [[nodiscard]] Result<std::vector<ui::PageWordBox>> text(std::uint32_t page) override;
  void close() override { closed = true; }

  std::uint32_t count = 3;
  std::set<std::uint32_t> broken;
  std::set<std::uint32_t> without_fonts;
  std::vector<std::vector<std::string>> words;  // by page, one below the other
  std::vector<std::uint32_t> drawn;
  std::vector<std::uint32_t> widths;
  std::atomic<bool> closed{false};
};

class DossiersRig {
 public:
  explicit DossiersRig(VaultFixture& vault, const RigOptions& options = {});

  // Lets everything be answered that was asked, and draws until all is in place.
  void settle();
  void click(std::string_view id);
  void type(std::string_view words);
  void press(ui::Key key, bool ctrl = false, bool shift = false, bool alt = false);
  // Chooses the only patient, then the document with this title.
  void choose_patient();
  void choose_document(std::string_view title);
  [[nodiscard]] bool shows(std::string_view words) { return driver().shows(words); }
  [[nodiscard]] Driver& driver() { return rig_.driver(); }
  [[nodiscard]] ScreenRig& rig() { return rig_; }
  [[nodiscard]] ui::DossiersScreen& screen() { return *screen_; }
  [[nodiscard]] ui::PageView& view() { return screen_->pane().pages(); }

  CountedTextures textures;
  std::shared_ptr<FakePages> pages = std::make_shared<FakePages>();
  std::optional<Error> open_error;   // what opening a document fails with
  std::vector<std::string> opened;   // titles, in order
  std::vector<std::uint64_t> sizes;  // of the contents that were read for them

 private:
  [[nodiscard]] ui::ReadPages reader();

  std::unique_ptr<ui::Services> services_;
  ScreenRig rig_;
  ui::DossiersScreen* screen_ = nullptr;
};

// A text file of this content in the fixture's directory; its path.
std::string write_file(VaultFixture& vault, const std::string& name, std::string_view content);
// The secretary, with a program of her own, puts a record that nobody can read
// where such records lie.
Id plant_unreadable(VaultFixture& vault, ObjectKind kind);
// Another content of so many bytes, filed by this user with a program of their own: its id.
Id add_version(VaultFixture& vault, const Id& document, std::size_t size,
               const std::string& user = "prac");
// A document of the fixture's patient with a type and a day.
Id file_typed(VaultFixture& vault, const std::string& compartment, const std::string& title,
              const std::string& type, const std::string& date);

}  // namespace coffre::test
