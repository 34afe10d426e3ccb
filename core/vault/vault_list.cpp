// Documents: the list of those that the account reads.
#include <algorithm>
#include <iterator>

#include "core/base/parallel.h"
#include "core/vault/vault_impl.h"

namespace coffre {
namespace {

// Documents as they are found, in blocks: what lies there is not moved when more come. No room is
// taken for what may not come: all of a block is wiped when it is freed, touched or not.
constexpr std::size_t kBlockDocuments = 1024;
using DocumentBlocks = std::vector<std::vector<Document>>;

void add_to(DocumentBlocks& blocks, Document&& document) {
  if (blocks.empty() || blocks.back().size() == kBlockDocuments) {
    blocks.emplace_back().reserve(kBlockDocuments);
  }
  blocks.back().push_back(std::move(document));
}

std::vector<Document> joined(std::vector<DocumentBlocks> slots) {
  std::size_t count = 0;
  for (const DocumentBlocks& blocks : slots) {
    for (const std::vector<Document>& block : blocks) {
      count += block.size();
    }
  }
  std::vector<Document> all;
  all.reserve(count);
  for (DocumentBlocks& blocks : slots) {
    for (std::vector<Document>& block : blocks) {
      std::ranges::move(block, std::back_inserter(all));
      block = {};  // its memory serves what comes next
    }
  }
  return all;
}

}  // namespace

Result<std::vector<Document>> Vault::documents(const DocumentFilter& filter,
                                               std::vector<UnreadableRecord>* left_out) {
  return impl_->with_keys([&](Lease::Use&) -> Result<std::vector<Document>> {
    Impl& self = *impl_;
    const std::size_t slots = worker_count();
    std::vector<DocumentBlocks> found(slots);
    COFFRE_TRY(self.scan_records(
        ObjectKind::kDocument, filter.compartment, slots,
        [&](std::size_t slot, std::int64_t, const Id& id, const Id& compartment,
            ByteView payload) -> Status {
          COFFRE_TRY_ASSIGN(Document document, decode_document(id, compartment, payload));
          if (!filter.patient || document.patient == filter.patient) {
            add_to(found[slot], std::move(document));
          }
          return {};
        },
        left_out));
    // Each slot scanned a range of rising row numbers: in this order they are as they were filed.
    std::vector<Document> all = joined(std::move(found));
    Event event = self.event(Action::kView);
    event.patient = filter.patient;
    event.count = static_cast<std::uint32_t>(all.size());
    COFFRE_TRY(self.record_event(event));
    return all;
  });
}

}  // namespace coffre
