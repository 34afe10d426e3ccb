// Padding and payloads: what unpadded() accepts is what padded() makes; what a payload said is said
// again by its own encoding.
#include "core/vault/payload.h"
#include "core/vault/rows.h"
#include "tests/fuzz/fuzz.h"

namespace coffre {
namespace {

void check_payload(ByteView payload) {
  if (const auto patient = decode_patient(Id{}, payload)) {
    const Secret encoded = encode_patient(*patient).value();
    const Patient again = decode_patient(Id{}, encoded.expose()).value();
    COFFRE_ASSERT(again.last == patient->last && again.first == patient->first &&
                  again.born == patient->born);
  }
  if (const auto document = decode_document(Id{}, Id{}, payload)) {
    const Secret encoded = encode_document(*document).value();
    const Document again = decode_document(Id{}, Id{}, encoded.expose()).value();
    COFFRE_ASSERT(again.patient == document->patient && again.title == document->title &&
                  again.version == document->version && again.size == document->size &&
                  again.content_sha256 == document->content_sha256);
  }
  if (const auto receipt = decode_receipt(payload)) {
    const Secret encoded = encode_receipt(*receipt).value();
    const Receipt again = decode_receipt(encoded.expose()).value();
    COFFRE_ASSERT(again.document == receipt->document && again.title == receipt->title &&
                  again.patient == receipt->patient && again.type == receipt->type);
  }
  if (const auto request = decode_request(Id{}, Id{}, payload)) {
    const Secret encoded = encode_request(*request).value();
    const Request again = decode_request(Id{}, Id{}, encoded.expose()).value();
    COFFRE_ASSERT(again.document == request->document && again.kind == request->kind &&
                  again.words == request->words && again.closed == request->closed);
  }
  if (const auto event = decode_event(payload)) {
    const Secret encoded = encode_event(*event).value();
    const Event again = decode_event(encoded.expose()).value();
    COFFRE_ASSERT(again.action == event->action && again.outcome == event->outcome &&
                  again.object == event->object && again.reason == event->reason &&
                  again.session == event->session && again.count == event->count);
  }
}

}  // namespace
}  // namespace coffre

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coffre;  // NOLINT(google-build-using-namespace): the name is libFuzzer's
  const ByteView input(data, size);
  if (const auto payload = unpadded(input)) {
    const Secret again = padded(*payload).value();
    expect_same(std::as_const(again).expose(), input);
  }
  // As the vault has it: at the place that padded() gives it, 8 bytes into a Secret.
  if (size != 0 && size <= 65'536) {
    const Secret padded_input = padded(input).value();
    check_payload(unpadded(padded_input.expose()).value());
  }
  return 0;
}
