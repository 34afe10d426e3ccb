// page: one page of a document as the viewer draws it, journaled as a look at the document.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/options.h"
#include "app/cli/png_output.h"
#include "app/common/i18n.h"
#include "core/base/file.h"
#include "core/base/os.h"
#include "core/render/viewer.h"

namespace coffre::cli {
namespace {

constexpr std::uint32_t kPageMax = 1'000'000;
constexpr std::uint32_t kWidthMax = 16'384;
constexpr std::int64_t kPatienceMs = 9'000;  // for opening and drawing together

struct PageArguments {
  std::string id;
  std::uint32_t page = 1;
  std::uint32_t width = 1240;  // A4 at 150 dpi
  std::string to;
  std::string reason;
};

// The document's bytes, in memory only.
Result<MemoryFile> content_of(Vault& vault, const Id& id, const std::string& reason) {
  COFFRE_TRY_ASSIGN(MemoryFile content, MemoryFile::create("coffre"));
  COFFRE_TRY(vault.view_document(id, reason, [&](ByteView bytes) {
    vault.renew();
    return content.append(bytes);
  }));
  COFFRE_TRY(content.seal());
  return content;
}

Result<Exit> show_page(Context& context, const PageArguments& arguments) {
  COFFRE_TRY_ASSIGN(const Id id, id_argument(arguments.id));
  if (arguments.reason.empty() || arguments.to.empty()) {
    return fail(Code::kInvalidArgument, N_("this is required"),
                arguments.to.empty() ? "--to" : "--reason",
                N_("see coffrectl --help, or --help after a command"));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(const Document document, vault->document(id));
  // Both are told before anything is journaled; the link at the end refuses a name again.
  if (!can_be_shown(document.mime)) {
    return fail(Code::kUnsupported, N_("documents of this type cannot be shown"), document.mime,
                N_("export it to look at it in another program"));
  }
  COFFRE_TRY(check_new_copy(arguments.to, kKeepDefaultMs));
  COFFRE_TRY_ASSIGN(MemoryFile content, content_of(*vault, id, arguments.reason));
  const std::int64_t start_ms = system_clock().steady_ms();
  ViewerOptions options;
  options.patience_ms = kPatienceMs;
  COFFRE_TRY_ASSIGN(const auto viewer, Viewer::open(std::move(content), document.mime, options));
  vault->renew();
  viewer->set_patience(
      std::max<std::int64_t>(kPatienceMs - (system_clock().steady_ms() - start_ms), 500));
  COFFRE_TRY_ASSIGN(const PageImage image,
                    viewer->draw(arguments.page - 1, arguments.width, /*quarter_turns=*/0));
  COFFRE_TRY_ASSIGN(
      const WipedBytes png,
      encode_png(image.width, image.height, image.stride,
                 {reinterpret_cast<const Byte*>(image.rgba.data()), image.rgba.size()}));
  COFFRE_TRY_ASSIGN(ExportCopy copy, vault->new_copy(id, arguments.to, kKeepDefaultMs));
  COFFRE_TRY(copy.write(png));
  COFFRE_TRY(copy.commit());
  Output& output = context.output();
  if (image.fonts_missing) {
    output.note(
        tr(N_("fonts of this page are missing here: its text may look different, or be absent")));
  }
  output.value({{"pages", viewer->pages()}, {"width", image.width}, {"height", image.height}});
  output.line(fill(tr(N_("Page {} of {} is in {} until {}: then the next sweep erases it.")),
                   {std::to_string(arguments.page), std::to_string(viewer->pages()), arguments.to,
                    format_time(copy.entry().deadline_ms)}));
  return Exit::kDone;
}

}  // namespace

void add_page_command(Registry& registry) {
  const auto arguments = std::make_shared<PageArguments>();
  CLI::App& made =
      registry.command(registry.root(), "page", N_("draws a page of a document as a PNG picture"),
                       arguments, show_page);
  text_option(made, "DOC", arguments->id, tr(N_("the document's id")))->required();
  made.add_option("--page", arguments->page, tr(N_("the page's number, from 1")))
      ->check(CLI::Range(1U, kPageMax))
      ->option_text(tr(N_("NUMBER")));
  made.add_option("--width", arguments->width, tr(N_("how many pixels wide")))
      ->check(CLI::Range(1U, kWidthMax))
      ->option_text(tr(N_("NUMBER")));
  text_option(made, "--to", arguments->to, tr(N_("a new file")))->required();
  text_option(made, "--reason", arguments->reason, tr(N_("why; it is journaled")))->required();
}

}  // namespace coffre::cli
