// Requests to readers: somebody who filed a document wrongly, and cannot change it, asks for it.
//
// Only those of compartments that the account reads come here. A request is closed by who has the
// right to change documents there; the others see it. One that somebody sealed so that nobody can
// read it is told with their name, and closed like the others. Threads: UI thread only.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "app/desktop/screens/alive.h"
#include "app/desktop/ui_core/screen.h"
#include "app/desktop/ui_core/widgets.h"

namespace coffre::ui {

class RequestsList {
 public:
  using Show = std::function<void(const Document&)>;
  using Destroy = std::function<void(const Document&, std::string_view reason)>;
  // `show` is asked to show the document of a request; `destroy` to ask whether one that is to be
  // withdrawn shall be destroyed, for the reason that the request gives.
  RequestsList(Services& services, Show show, Destroy destroy)
      : services_(services), show_(std::move(show)), destroy_(std::move(destroy)) {}

  void load();
  [[nodiscard]] std::size_t count() const { return requests_.size() + left_out_.size(); }
  void draw(Ui& ui, const Rect& area);

 private:
  void draw_one(Ui& ui, std::size_t at);
  // Reads the document and gives it on.
  void take_document(const Request& request, const Show& take);
  void draw_left_out(Ui& ui);
  [[nodiscard]] bool may_close(const Id& compartment) const;
  [[nodiscard]] bool may_destroy(const Request& request) const;
  void close(const std::vector<Id>& requests);

  Services& services_;
  Show show_;
  Destroy destroy_;
  std::vector<Request> requests_;
  std::vector<UnreadableRecord> left_out_;
  std::optional<Error> error_;
  Alive alive_;
};

}  // namespace coffre::ui
