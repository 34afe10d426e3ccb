#include "core/journal/note.h"

#include <charconv>
#include <optional>

namespace coffre {
namespace {

constexpr std::string_view kNamePrefix = "coffre.vault/";
constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 and a space begin a signature line
constexpr std::size_t kOriginDigits = 32;
constexpr std::size_t kSignerDigits = 16;
constexpr std::size_t kNoteSizeMax = 512;
constexpr Byte kEd25519Type = 1;

std::unexpected<Error> damaged_note() {
  return fail(Code::kDamaged, N_("the checkpoint of the journal is damaged"));
}

std::array<Byte, 4> key_hash_of(std::string_view name, const SigningPublicKey& key) {
  constexpr std::array<Byte, 2> kType{'\n', kEd25519Type};
  const Hash hash = sha256({as_bytes(name), kType, key.view()});
  return {hash.bytes[0], hash.bytes[1], hash.bytes[2], hash.bytes[3]};
}

// The text up to the next `end`, which is taken too; nullopt when there is none.
std::optional<std::string_view> take_until(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return taken;
}

bool is_name(std::string_view text, std::size_t digits) {
  return text.starts_with(kNamePrefix) && text.size() == kNamePrefix.size() + digits &&
         text.find_first_not_of("0123456789abcdef", kNamePrefix.size()) == std::string_view::npos;
}

// Decimal as std::to_string writes it: no sign, no leading zero, below 2^64.
std::optional<std::uint64_t> number_of(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

Status parse_body(std::string_view& rest, Checkpoint& checkpoint) {
  const auto origin = take_until(rest, '\n');
  if (!origin || !is_name(*origin, kOriginDigits)) return damaged_note();
  checkpoint.origin = *origin;
  const auto number = take_until(rest, '\n');
  const auto size = number ? number_of(*number) : std::nullopt;
  if (!size) return damaged_note();
  checkpoint.size = *size;
  const auto base64 = take_until(rest, '\n');
  if (!base64) return damaged_note();
  const auto root = from_base64(*base64);
  if (!root || root->size() != Hash::kSize) return damaged_note();
  COFFRE_TRY_ASSIGN(checkpoint.root, Hash::from(*root));
  return {};
}

Status parse_signature(std::string_view rest, Checkpoint& checkpoint) {
  if (!rest.starts_with(kDash)) return damaged_note();
  rest.remove_prefix(kDash.size());
  const auto signer = take_until(rest, ' ');
  if (!signer || !is_name(*signer, kSignerDigits)) return damaged_note();
  checkpoint.signer = *signer;
  const auto base64 = take_until(rest, '\n');
  if (!base64 || !rest.empty()) return damaged_note();
  const auto bytes = from_base64(*base64);
  if (!bytes || bytes->size() != checkpoint.key_hash.size() + Signature::kSize)
    return damaged_note();
  const ByteView view(*bytes);
  std::copy_n(view.begin(), checkpoint.key_hash.size(), checkpoint.key_hash.begin());
  COFFRE_TRY_ASSIGN(checkpoint.signature, Signature::from(view.last(Signature::kSize)));
  return {};
}

}  // namespace

std::string Checkpoint::origin_of(const Hash& vault) {
  return std::string(kNamePrefix) + to_hex(vault.view().first(kOriginDigits / 2));
}

std::string Checkpoint::signer_of(const Hash& key_id) {
  return std::string(kNamePrefix) + to_hex(key_id.view().first(kSignerDigits / 2));
}

std::string Checkpoint::body() const {
  return origin + '\n' + std::to_string(size) + '\n' + to_base64(root.view()) + '\n';
}

std::string Checkpoint::encode() const {
  Writer signed_by;
  signed_by.raw(ByteView(key_hash)).fixed(signature);
  return body() + '\n' + std::string(kDash) + signer + ' ' + to_base64(signed_by.view()) + '\n';
}

Checkpoint Checkpoint::sign(const Hash& vault, std::uint64_t size, const Hash& root,
                            const Hash& key_id, const SigningKey& key) {
  Checkpoint made;
  made.origin = origin_of(vault);
  made.size = size;
  made.root = root;
  made.signer = signer_of(key_id);
  made.key_hash = key_hash_of(made.signer, key.public_key());
  made.signature = key.sign(as_bytes(made.body()));
  return made;
}

Result<Checkpoint> Checkpoint::parse(ByteView note) {
  if (note.size() > kNoteSizeMax) return damaged_note();
  std::string_view rest = as_text(note);
  Checkpoint checkpoint;
  COFFRE_TRY(parse_body(rest, checkpoint));
  if (!rest.starts_with('\n')) return damaged_note();
  rest.remove_prefix(1);
  COFFRE_TRY(parse_signature(rest, checkpoint));
  return checkpoint;
}

Status Checkpoint::verify(const Hash& vault, const Hash& key_id,
                          const SigningPublicKey& key) const {
  if (origin != origin_of(vault)) {
    return fail(Code::kDamaged, N_("the checkpoint belongs to another vault"));
  }
  if (signer != signer_of(key_id) || key_hash != key_hash_of(signer, key)) {
    return fail(Code::kDamaged, N_("the checkpoint is signed by another key"));
  }
  if (!verify_signature(key, as_bytes(body()), signature)) {
    return fail(Code::kDamaged, N_("the signature of the checkpoint is wrong"));
  }
  return {};
}

}  // namespace coffre
