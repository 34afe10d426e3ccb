// FlatBuffers payloads of records and events. docs/FORMAT.md §5, §6.
//
// Guarantees: decoding verifies the buffer, its identifier, and every length against our limits
// before a field is read. Encoded payloads are Secrets.
#pragma once

#include "core/base/secret.h"
#include "core/vault/types.h"

namespace coffre {

inline constexpr std::size_t kTitleBytesMax = 1024;
inline constexpr std::size_t kReasonBytesMax = 1024;
inline constexpr std::size_t kEarlierVersionsMax = 500;

[[nodiscard]] Result<Secret> encode_patient(const Patient& patient);
[[nodiscard]] Result<Patient> decode_patient(const Id& id, ByteView payload);
[[nodiscard]] std::unexpected<Error> too_many_versions(const Id& document);
// kLimit above kEarlierVersionsMax.
[[nodiscard]] Result<Secret> encode_document(const Document& document);
[[nodiscard]] Result<Document> decode_document(const Id& id, const Id& compartment,
                                               ByteView payload);
// `time_ms` is not part of a receipt: it is its entry's.
[[nodiscard]] Result<Secret> encode_receipt(const Receipt& receipt);
[[nodiscard]] Result<Receipt> decode_receipt(ByteView payload);
// Without `from`, which is the name of who made the envelope.
[[nodiscard]] Result<Secret> encode_request(const Request& request);
[[nodiscard]] Result<Request> decode_request(const Id& id, const Id& compartment, ByteView payload);
[[nodiscard]] Result<Secret> encode_event(const Event& event);
[[nodiscard]] Result<Event> decode_event(ByteView payload);

}  // namespace coffre
