// One request to the desktop portal's file chooser, from the question whether there is a portal to
// the answer of the user. FileDialog runs it on a thread.
//
// The order: read the chooser's version (this starts the portal and says who it is), call OpenFile
// or SaveFile, then wait for the Response of the request that it made.
// Specification:
// https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.FileChooser.html
// Threads: one; run() is called once. `is_cancelled` is set by others, with a signal of `wakeup`.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "app/desktop/platform/bus.h"
#include "app/desktop/platform/file_dialog.h"

namespace coffre::desktop {

class PortalRequest {
 public:
  PortalRequest(const FileDialogOptions& options, const FileDialogRequest& request, bool saves,
                const Wakeup& wakeup, const std::atomic<bool>& is_cancelled)
      : options_(options),
        request_(request),
        saves_(saves),
        wakeup_(wakeup),
        is_cancelled_(is_cancelled) {}

  [[nodiscard]] FileDialog::Answer run();

 private:
  static int on_version(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_handle(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_response(sd_bus_message* message, void* self, sd_bus_error* error);
  static int on_owner_changed(sd_bus_message* message, void* self, sd_bus_error* error);

  [[nodiscard]] bool ask_version();
  [[nodiscard]] bool ask_dialog();
  [[nodiscard]] BusMessage dialog_call(const std::string& token) const;
  void close() const;

  const FileDialogOptions& options_;
  const FileDialogRequest& request_;
  bool saves_;
  const Wakeup& wakeup_;
  const std::atomic<bool>& is_cancelled_;
  Bus bus_;
  std::string portal_;    // the portal's connection, once it answered
  std::string handle_;    // of the request: as it has to be, then as the portal said
  bool is_open_ = false;  // the portal took the request
  std::optional<FileDialog::Answer> answer_;
};

}  // namespace coffre::desktop
