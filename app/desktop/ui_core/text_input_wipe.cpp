#include "app/desktop/ui_core/text_input_wipe.h"

#include <cstdlib>
#include <imgui/imgui_internal.h>
#include <malloc.h>
#include <string.h>
#include <type_traits>

#include "core/base/error.h"

namespace coffre::ui {
namespace {

void* allocate(std::size_t size, void* /*user*/) {
  void* block = std::malloc(size);
  COFFRE_ASSERT(block != nullptr || size == 0);  // ImGui writes without looking
  return block;
}

void release(void* block, void* /*user*/) {
  if (block != nullptr) {
    explicit_bzero(block, malloc_usable_size(block));
    std::free(block);
  }
}

// All that was allocated, not only what is in use.
template <typename T>
void wipe(ImVector<T>& vector) {
  if (vector.Data != nullptr) {
    explicit_bzero(vector.Data, static_cast<std::size_t>(vector.Capacity) * sizeof(T));
  }
  vector.Size = 0;
}

void wipe_state(ImGuiInputTextState& state) {
  wipe(state.TextW);
  wipe(state.TextA);
  wipe(state.InitialTextA);
  state.ClearFreeMemory();
  static_assert(std::is_trivially_copyable_v<decltype(state.Stb)>);
  explicit_bzero(&state.Stb, sizeof(state.Stb));
  state.ID = 0;
  state.CurLenW = 0;
  state.CurLenA = 0;
  state.TextAIsValid = false;
}

}  // namespace

void use_wiping_allocator() { ImGui::SetAllocatorFunctions(allocate, release); }

void wipe_input_state() {
  ImGuiContext* const context = ImGui::GetCurrentContext();
  if (context == nullptr) {
    return;
  }
  ImGuiInputTextState& state = context->InputTextState;
  // Else the text would be copied back into the field's buffer.
  if (state.ID != 0 && context->ActiveId == state.ID) {
    ImGui::ClearActiveID();
  }
  wipe_state(state);
  wipe(context->IO.InputQueueCharacters);
  wipe(context->ClipboardHandlerData);
  explicit_bzero(context->TempBuffer, sizeof(context->TempBuffer));
}

void forget_field(ImGuiID field) {
  ImGuiContext* const context = ImGui::GetCurrentContext();
  if (context->ActiveId != field && context->InputTextState.ID == field) {
    wipe_state(context->InputTextState);
  }
}

}  // namespace coffre::ui
