// Answers requests about one document until nobody asks any more.
//
// Guarantees: one reply to each well-formed request, within the limits of the protocol; the pixels
// of a reply are opaque. An ill-formed request, or the other side's end, ends the loop. A request
// that keeps the processor for kRequestSeconds ends the process (the other side has stopped
// waiting long before, or has gone). Threads: one.
#pragma once

#include <memory>

#include "app/viewer/document.h"
#include "core/base/viewer_protocol.h"

namespace coffre::viewer {

inline constexpr unsigned kRequestSeconds = 60;

class Service {
 public:
  // Both must outlive it.
  Service(ByteView content, MutableByteView shared) : content_(content), shared_(shared) {}

  // The reply; pixels and words are in the shared memory.
  [[nodiscard]] Reply answer(const Request& request);

 private:
  [[nodiscard]] Status open(const Request& request, Reply& reply);
  [[nodiscard]] Status info(const Request& request, Reply& reply);
  [[nodiscard]] Status draw(const Request& request, Reply& reply);
  [[nodiscard]] Status words(const Request& request, Reply& reply);

  ByteView content_;
  MutableByteView shared_;
  std::unique_ptr<Document> document_;
};

// The status that stands for an error of a document.
[[nodiscard]] ReplyStatus status_of(Code code);

// Requests come and replies go on kChannelFd.
void serve(Service& service);
// The one reply of a viewer that could not enter its sandbox.
void answer_no_sandbox();

}  // namespace coffre::viewer
