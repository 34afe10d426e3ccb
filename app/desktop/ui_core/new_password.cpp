#include "app/desktop/ui_core/new_password.h"

#include <algorithm>
#include <cmath>

#include "app/common/i18n.h"
#include "app/desktop/ui_core/draw.h"
#include "app/desktop/ui_core/icons.h"
#include "core/crypto/password_hash.h"

namespace coffre::ui {
namespace {

constexpr double kBitsShown = 128;  // the right end of the meter
constexpr float kMeterHeight = 6;

std::string whole(double bits) { return std::to_string(static_cast<int>(std::floor(bits))); }

}  // namespace

bool NewPassword::is_ready() const {
  return password_bits(first_.view()) >= kPasswordBitsMin && first_.view() == again_.view();
}

const char* NewPassword::reason() const {
  if (password_bits(first_.view()) < kPasswordBitsMin) {
    return N_("The password is too weak.");
  }
  return first_.view() == again_.view() ? "" : N_("The two passwords are not the same.");
}

Result<Secret> NewPassword::copy() const {
  if (!is_ready()) {
    return fail(Code::kFailed, N_("the password is too weak or was not repeated"));
  }
  return Secret::copy_of(as_bytes(first_.view()));
}

void NewPassword::clear() {
  first_.clear();
  again_.clear();
}

bool NewPassword::draw(Ui& ui, const std::string& id, bool focus) {
  FieldOptions options;
  options.icon = icon::kKey;
  options.focus = focus;
  password_field(ui, (id + ".password").c_str(), tr(N_("New password")), first_.span(), options);
  gap(ui, size::kGapSmall);
  draw_strength(ui, id + ".strength");
  gap(ui, size::kGapWide);
  FieldOptions again;
  again.icon = icon::kKey;
  const bool differs = !again_.empty() && !first_.view().starts_with(again_.view());
  const std::string error = differs ? tr(N_("The two passwords are not the same.")) : "";
  again.error = error;
  return password_field(ui, (id + ".again").c_str(), tr(N_("The same password again")),
                        again_.span(), again) == FieldEvent::kEntered;
}

void NewPassword::draw_strength(Ui& ui, const std::string& id) {
  const double bits = password_bits(first_.view());
  const bool is_strong = bits >= kPasswordBitsMin;
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 from = ImGui::GetCursorScreenPos();
  const float height = ui.px(kMeterHeight);
  ImDrawList& list = *ImGui::GetWindowDrawList();
  list.AddRectFilled(from, ImVec2(from.x + width, from.y + height), paint::colour(ui.theme.line),
                     height / 2);
  const auto part = static_cast<float>(std::min(1.0, bits / kBitsShown));
  if (part > 0) {
    list.AddRectFilled(from, ImVec2(from.x + std::max(height, width * part), from.y + height),
                       paint::colour(is_strong ? ui.theme.good.text : ui.theme.warning.text),
                       height / 2);
  }
  const float floor_at = from.x + width * static_cast<float>(kPasswordBitsMin / kBitsShown);
  list.AddRectFilled(ImVec2(floor_at - 1, from.y - 2), ImVec2(floor_at + 1, from.y + height + 2),
                     paint::colour(ui.theme.muted));
  ImGui::Dummy(ImVec2(width, height));
  gap(ui, 4);
  const std::string strength =
      is_strong
          ? fill(tr(N_("Strong enough: {} bits")), {whole(bits)})
          : fill(tr(N_("{} bits of the {} needed")),
                 {whole(bits), std::to_string(static_cast<int>(std::ceil(kPasswordBitsMin)))});
  const ImVec2 words_from = ImGui::GetCursorScreenPos();
  wrapped(ui, TextKind::kSmallStrong, strength);
  paint::note(ui, id, strength, {words_from, ImGui::GetItemRectMax()});
  if (!is_strong) {
    wrapped(ui, TextKind::kSmallMuted,
            tr(N_("Easiest to remember: five or six words that have nothing to do with each "
                  "other.")));
  }
}

}  // namespace coffre::ui
