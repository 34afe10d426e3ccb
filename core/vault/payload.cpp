#include "core/vault/payload.h"

#include <flatbuffers/flatbuffers.h>

#include "core/vault/hints.h"
#include "core/vault/records_generated.h"

namespace coffre {
namespace {

// FlatBuffers' own builder memory, wiped when it is given back.
class WipingBuilderAllocator final : public flatbuffers::Allocator {
 public:
  std::uint8_t* allocate(std::size_t size) override {
    return WipingAllocator<std::uint8_t>{}.allocate(size);
  }
  void deallocate(std::uint8_t* data, std::size_t size) override {
    WipingAllocator<std::uint8_t>{}.deallocate(data, size);
  }
};

std::unexpected<Error> malformed() {
  return fail(Code::kDamaged, N_("a record is malformed"), {}, kRestoreHint);
}

using BytesOffset = flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>;

BytesOffset put_id(flatbuffers::FlatBufferBuilder& builder, const std::optional<Id>& id) {
  return id ? builder.CreateVector(id->bytes.data(), id->bytes.size()) : BytesOffset{};
}

template <typename Fixed>
std::optional<Fixed> take_fixed(const flatbuffers::Vector<std::uint8_t>* bytes) {
  if (bytes == nullptr) {
    return std::nullopt;
  }
  const Result<Fixed> made = Fixed::from({bytes->data(), bytes->size()});
  return made ? std::optional<Fixed>(*made) : std::nullopt;
}

std::string take_text(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : std::string(text->c_str(), text->size());
}

Result<Secret> finished(flatbuffers::FlatBufferBuilder& builder) {
  return Secret::copy_of({builder.GetBufferPointer(), builder.GetSize()});
}

// The verified root of a payload with this identifier; nullptr when it is malformed.
template <typename Table>
const Table* checked_root(ByteView payload, const char* identifier) {
  constexpr auto kTablesMax = static_cast<flatbuffers::uoffset_t>(kEarlierVersionsMax + 1);
  flatbuffers::Verifier verifier(payload.data(), payload.size(), 16, kTablesMax);
  return verifier.VerifyBuffer<Table>(identifier) ? flatbuffers::GetRoot<Table>(payload.data())
                                                  : nullptr;
}

constexpr std::size_t kBuilderSize = 512;

}  // namespace

Result<Secret> encode_patient(const Patient& patient) {
  WipingBuilderAllocator allocator;
  flatbuffers::FlatBufferBuilder builder(kBuilderSize, &allocator);
  const auto last = builder.CreateString(patient.last);
  const auto first = builder.CreateString(patient.first);
  const auto born = builder.CreateString(patient.born);
  builder.Finish(fb::CreatePatient(builder, last, first, born), "CPAT");
  return finished(builder);
}

Result<Patient> decode_patient(const Id& id, ByteView payload) {
  const fb::Patient* root = checked_root<fb::Patient>(payload, "CPAT");
  if (root == nullptr) {
    return malformed();
  }
  return Patient{id, take_text(root->last()), take_text(root->first()), take_text(root->born())};
}

namespace {

using EarlierOffset =
    flatbuffers::Offset<flatbuffers::Vector<flatbuffers::Offset<fb::EarlierVersion>>>;

EarlierOffset put_earlier(flatbuffers::FlatBufferBuilder& builder,
                          const std::vector<EarlierVersion>& earlier) {
  if (earlier.empty()) {
    return {};
  }
  std::vector<flatbuffers::Offset<fb::EarlierVersion>> made;
  made.reserve(earlier.size());
  for (const EarlierVersion& version : earlier) {
    const auto id = put_id(builder, version.id);
    const auto mime = builder.CreateString(version.mime);
    const auto hash = builder.CreateVector(version.content_sha256.bytes.data(), Hash::kSize);
    const auto author = put_id(builder, version.author);
    made.push_back(
        fb::CreateEarlierVersion(builder, id, mime, version.size, hash, version.stored_ms, author));
  }
  return builder.CreateVector(made);
}

// False: one of them makes no sense.
bool take_earlier(const fb::Document& root, std::vector<EarlierVersion>& out) {
  if (root.earlier() == nullptr) {
    return true;
  }
  out.reserve(root.earlier()->size());
  for (const fb::EarlierVersion* each : *root.earlier()) {
    const std::optional<Id> id = take_fixed<Id>(each->id());
    if (!id) {
      return false;
    }
    out.push_back({*id, take_text(each->mime()), each->size(),
                   take_fixed<Hash>(each->content_sha256()).value_or(Hash{}), each->stored_ms(),
                   take_fixed<Id>(each->author())});
  }
  return true;
}

}  // namespace

std::unexpected<Error> too_many_versions(const Id& document) {
  return fail(Code::kLimit, N_("a document has at most 500 earlier versions"),
              to_hex(document.view()), N_("file it anew as a document of its own"));
}

Result<Secret> encode_document(const Document& document) {
  if (document.earlier.size() > kEarlierVersionsMax) {
    return too_many_versions(document.id);
  }
  WipingBuilderAllocator allocator;
  flatbuffers::FlatBufferBuilder builder(kBuilderSize, &allocator);
  const auto patient = put_id(builder, document.patient);
  const auto type = builder.CreateString(document.type);
  const auto title = builder.CreateString(document.title);
  const auto date = builder.CreateString(document.date);
  const auto mime = builder.CreateString(document.mime);
  const auto version = put_id(builder, document.version);
  const auto hash = builder.CreateVector(document.content_sha256.bytes.data(), Hash::kSize);
  const auto author = put_id(builder, document.author);
  const auto changed_by = put_id(builder, document.changed_by);
  const auto earlier = put_earlier(builder, document.earlier);
  builder.Finish(
      fb::CreateDocument(builder, patient, type, title, date, mime, document.size, version,
                         document.filed_ms, hash, author, document.changed_ms, changed_by, earlier),
      "CDOC");
  return finished(builder);
}

Result<Document> decode_document(const Id& id, const Id& compartment, ByteView payload) {
  const fb::Document* root = checked_root<fb::Document>(payload, "CDOC");
  if (root == nullptr) {
    return malformed();
  }
  const std::optional<Id> version = take_fixed<Id>(root->version());
  if (!version) {
    return malformed();
  }
  Document document;
  document.id = id;
  document.compartment = compartment;
  document.patient = take_fixed<Id>(root->patient());
  document.type = take_text(root->type());
  document.title = take_text(root->title());
  document.date = take_text(root->date());
  document.mime = take_text(root->mime());
  document.size = root->size();
  document.version = *version;
  document.filed_ms = root->filed_ms();
  document.content_sha256 = take_fixed<Hash>(root->content_sha256()).value_or(Hash{});
  document.author = take_fixed<Id>(root->author());
  document.changed_ms = root->changed_ms();
  document.changed_by = take_fixed<Id>(root->changed_by());
  if (!take_earlier(*root, document.earlier)) {
    return malformed();
  }
  return document;
}

Result<Secret> encode_receipt(const Receipt& receipt) {
  WipingBuilderAllocator allocator;
  flatbuffers::FlatBufferBuilder builder(kBuilderSize, &allocator);
  const auto document = put_id(builder, receipt.document);
  const auto compartment = put_id(builder, receipt.compartment);
  const auto patient = put_id(builder, receipt.patient);
  const auto type = builder.CreateString(receipt.type);
  const auto title = builder.CreateString(receipt.title);
  builder.Finish(fb::CreateReceipt(builder, document, compartment, patient, type, title), "CRCP");
  return finished(builder);
}

Result<Receipt> decode_receipt(ByteView payload) {
  const fb::Receipt* root = checked_root<fb::Receipt>(payload, "CRCP");
  if (root == nullptr) {
    return malformed();
  }
  const std::optional<Id> document = take_fixed<Id>(root->document());
  const std::optional<Id> compartment = take_fixed<Id>(root->compartment());
  if (!document || !compartment) {
    return malformed();
  }
  return Receipt{*document,
                 *compartment,
                 take_fixed<Id>(root->patient()),
                 take_text(root->type()),
                 take_text(root->title()),
                 0};
}

Result<Secret> encode_request(const Request& request) {
  WipingBuilderAllocator allocator;
  flatbuffers::FlatBufferBuilder builder(kBuilderSize, &allocator);
  const auto document = put_id(builder, request.document);
  const auto words = builder.CreateString(request.words);
  builder.Finish(fb::CreateRequest(builder, document, static_cast<std::uint8_t>(request.kind),
                                   words, request.time_ms, request.closed),
                 "CREQ");
  return finished(builder);
}

Result<Request> decode_request(const Id& id, const Id& compartment, ByteView payload) {
  const fb::Request* root = checked_root<fb::Request>(payload, "CREQ");
  if (root == nullptr) {
    return malformed();
  }
  const std::optional<Id> document = take_fixed<Id>(root->document());
  if (!document || (root->kind() != 1 && root->kind() != 2)) {
    return malformed();
  }
  Request request;
  request.id = id;
  request.document = *document;
  request.compartment = compartment;
  request.kind = static_cast<RequestKind>(root->kind());
  request.words = take_text(root->words());
  request.time_ms = root->asked_ms();
  request.closed = root->closed();
  return request;
}

Result<Secret> encode_event(const Event& event) {
  WipingBuilderAllocator allocator;
  flatbuffers::FlatBufferBuilder builder(kBuilderSize, &allocator);
  const auto action = builder.CreateString(action_name(event.action));
  const auto outcome = builder.CreateString(outcome_name(event.outcome));
  const auto object = put_id(builder, event.object);
  const auto patient = put_id(builder, event.patient);
  const auto reason = builder.CreateString(event.reason);
  const auto recipient = builder.CreateString(event.recipient);
  const auto workstation = builder.CreateString(event.workstation);
  const auto session = put_id(builder, event.session);
  builder.Finish(fb::CreateEvent(builder, action, outcome, object, patient, reason, recipient,
                                 workstation, session, event.intent, event.count),
                 "CEVT");
  return finished(builder);
}

Result<Event> decode_event(ByteView payload) {
  const fb::Event* root = checked_root<fb::Event>(payload, "CEVT");
  if (root == nullptr) {
    return malformed();
  }
  Event event;
  const std::optional<Action> action = action_of(take_text(root->action()));
  if (!action) {
    return malformed();
  }
  event.action = *action;
  const std::string outcome = take_text(root->outcome());
  for (const Outcome known : {Outcome::kSuccess, Outcome::kFailure, Outcome::kStarted}) {
    if (outcome == outcome_name(known)) {
      event.outcome = known;
    }
  }
  event.object = take_fixed<Id>(root->object());
  event.patient = take_fixed<Id>(root->patient());
  event.reason = take_text(root->reason());
  event.recipient = take_text(root->recipient());
  event.workstation = take_text(root->workstation());
  event.session = take_fixed<Id>(root->session());
  event.intent = root->intent();
  event.count = root->count();
  return event;
}

}  // namespace coffre
