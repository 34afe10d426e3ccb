#include "tests/app/desktop/screens/dossiers_fixture.h"

#include <fstream>

#include <gtest/gtest.h>

#include "core/vault/rows.h"

namespace coffre::test {

ImTextureID CountedTextures::create(std::uint32_t width, std::uint32_t height, std::size_t stride,
                                    std::span<const std::byte> rgba) {
  EXPECT_GE(stride, std::size_t{width} * 4);
  EXPECT_GE(rgba.size(), stride * (height - 1) + std::size_t{width} * 4);
  if (refuse) {
    return nullptr;
  }
  // A number that is never looked behind.
  const auto made = reinterpret_cast<ImTextureID>(next_++);  // NOLINT(performance-no-int-to-ptr)
  live.insert(made);
  return made;
}

void CountedTextures::destroy(ImTextureID texture) {
  EXPECT_EQ(live.erase(texture), 1U) << "a texture is destroyed twice";
}

Result<ui::PageSize> FakePages::size(std::uint32_t /*page*/) { return ui::PageSize{595, 842}; }

Result<ui::DrawnPage> FakePages::draw(std::uint32_t page, std::uint32_t width, int quarter_turns) {
  if (closed) {
    return fail(Code::kFailed, "closed");
  }
  if (broken.contains(page)) {
    return fail(Code::kFailed, "the page is broken");
  }
  drawn.push_back(page);
  widths.push_back(width);
  ui::DrawnPage made;
  made.width = width;
  const double ratio = (quarter_turns & 1) != 0 ? 595.0 / 842 : 842.0 / 595;
  made.height = static_cast<std::uint32_t>(width * ratio);
  made.stride = std::size_t{width} * 4;
  made.rgba.resize(made.stride * made.height, std::byte{0xFF});
  made.fonts_missing = without_fonts.contains(page);
  return made;
}

Result<std::vector<ui::PageWordBox>> FakePages::text(std::uint32_t page) {
  std::vector<ui::PageWordBox> boxes;
  if (page < words.size()) {
    float top = 0.1F;
    for (const std::string& word : words[page]) {
      boxes.push_back({0.1F, top, 0.4F, top + 0.02F, word});
      top += 0.05F;
    }
  }
  return boxes;
}

DossiersRig::DossiersRig(VaultFixture& vault, const RigOptions& options) : rig_(vault, options) {
  ui::Services& all = rig_.services();
  services_ = std::make_unique<ui::Services>(ui::Services{.clock = all.clock,
                                                          .jobs = all.jobs,
                                                          .vault = all.vault,
                                                          .commands = all.commands,
                                                          .toasts = all.toasts,
                                                          .textures = textures,
                                                          .viewer_program = {},
                                                          .choose_paths = all.choose_paths,
                                                          .go = all.go,
                                                          .session_end = all.session_end,
                                                          .exports = all.exports});
  auto made = std::make_unique<ui::DossiersScreen>(*services_, reader());
  screen_ = made.get();
  rig_.show(std::move(made));
}

ui::ReadPages DossiersRig::reader() {
  return [this](Vault& vault, const Document& document,
                const std::optional<EarlierVersion>& earlier) -> Result<ui::StartPages> {
    std::uint64_t bytes = 0;
    COFFRE_TRY(vault.view_document(
        document.id, {},
        [&](ByteView part) {
          bytes += part.size();
          return Status();
        },
        earlier ? std::optional<Id>(earlier->id) : std::nullopt));
    opened.push_back(document.title);
    sizes.push_back(bytes);
    return [this]() -> Result<std::shared_ptr<ui::DocumentPages>> {
      if (open_error) {
        return std::unexpected<Error>(*open_error);
      }
      return pages;
    };
  };
}

void DossiersRig::settle() {
  for (int round = 0; round < 4; ++round) {
    do {
      rig_.vault().wait_until_idle();
      services_->jobs.wait_until_done();
    } while (services_->jobs.drain());
    driver().frames(2);
  }
}

void DossiersRig::click(std::string_view id) {
  driver().click(id);
  settle();
}

void DossiersRig::type(std::string_view words) {
  driver().type(words);
  settle();
}

void DossiersRig::press(ui::Key key, bool ctrl, bool shift, bool alt) {
  driver().press(key, ctrl, shift, alt);
  settle();
}

void DossiersRig::choose_patient() {
  settle();
  click("patients.0");
}

void DossiersRig::choose_document(std::string_view title) {
  const ui::DocumentsTable& table = screen_->table();
  for (std::size_t at = 0; at < table.shown().size(); ++at) {
    if (table.all()[table.shown()[at]].title == title) {
      click("documents." + std::to_string(at));
      return;
    }
  }
  ADD_FAILURE() << "not in the table: " << title;
}

std::string write_file(VaultFixture& vault, const std::string& name, std::string_view content) {
  const std::string path = vault.file(name);
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

Id plant_unreadable(VaultFixture& vault, ObjectKind kind) {
  const Result<std::unique_ptr<Vault>> secretary = vault.practice().unlock("sec", "second");
  EXPECT_TRUE(secretary);
  Vault::Impl& impl = (*secretary)->impl();
  Id id;
  const Status planted = impl.commit([&](Commit& commit) -> Status {
    const bool is_patient = kind == ObjectKind::kPatient;
    const Id place = compartment_of(**secretary, is_patient ? "administrative" : "medical");
    COFFRE_TRY_ASSIGN(id, system_random().id());
    COFFRE_TRY_ASSIGN(SealingEnvelope * envelope, commit.envelope(place));
    const RecordRow row{kind, place, 1, envelope->id, {}};
    COFFRE_TRY_ASSIGN(const Bytes body, seal_record(envelope->key, system_random(),
                                                    impl.log.vault(), id, row, sample_bytes(40)));
    COFFRE_TRY(commit.insert(Table::kRecords, id.view(), body, place));
    return commit.add_event(impl.event(Action::kDeposit));
  });
  EXPECT_TRUE(planted);
  return id;
}

Id add_version(VaultFixture& vault, const Id& document, std::size_t size, const std::string& user) {
  Result<std::unique_ptr<Vault>> author = vault.practice().unlock(user, "second");
  EXPECT_TRUE(author);
  const Result<Document> before = (*author)->document(document);
  EXPECT_TRUE(before);
  bool given = false;
  EXPECT_TRUE((*author)->import(
      [&]() -> std::optional<Result<NewDocument>> {
        if (std::exchange(given, true)) {
          return std::nullopt;
        }
        NewDocument made;
        made.compartment = before->compartment;
        made.mime = "application/pdf";
        made.content = std::make_unique<MemorySource>(sample_bytes(size));
        made.version_of = document;
        return made;
      },
      [](std::size_t, const Result<Id>& result) { EXPECT_TRUE(result); }));
  const Result<Document> after = (*author)->document(document);
  EXPECT_TRUE(after);
  return after->version;
}

Id file_typed(VaultFixture& vault, const std::string& compartment, const std::string& title,
              const std::string& type, const std::string& date) {
  Result<std::unique_ptr<Vault>> owner = vault.practice().unlock("marie");
  EXPECT_TRUE(owner);
  bool given = false;
  Id made;
  const Status status = (*owner)->import(
      [&]() -> std::optional<Result<NewDocument>> {
        if (std::exchange(given, true)) {
          return std::nullopt;
        }
        NewDocument document;
        document.compartment = compartment_of(**owner, compartment);
        document.patient = vault.patient();
        document.type = type;
        document.title = title;
        document.date = date;
        document.mime = "application/pdf";
        document.content = std::make_unique<MemorySource>(sample_bytes(100));
        return document;
      },
      [&](std::size_t, const Result<Id>& result) {
        EXPECT_TRUE(result);
        made = result.value_or(Id{});
      });
  EXPECT_TRUE(status);
  return made;
}

}  // namespace coffre::test
