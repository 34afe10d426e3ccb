// import: files and folders into a compartment, one result for each path.
#include <nlohmann/json.hpp>

#include "app/cli/arguments.h"
#include "app/cli/erase_output.h"
#include "app/cli/erase_record_option.h"
#include "app/cli/erase_watch.h"
#include "app/cli/options.h"
#include "app/common/i18n.h"
#include "app/common/sources.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/base/time.h"

namespace coffre::cli {
namespace {

struct ImportArguments {
  std::vector<std::string> paths;
  std::string patient;
  std::string compartment;
  std::string type = "document";
  std::optional<std::string> title;
  std::optional<std::string> date;
  bool destroy_original = false;
  std::optional<std::string> record;
};

// What all documents of one call have in common.
struct Common {
  Id patient;
  Id compartment;
  std::string type;
  std::optional<std::string> title;
  std::string date;
  bool destroy_original = false;
};

// A source that may be destroyed, once its document is stored and was read back.
struct Candidate {
  EraseRequest file;
  std::optional<Status> read_back;
};

class Import {
 public:
  Import(Vault& vault, Output& output, Common common, std::vector<SourcePath> sources,
         RecordOfCall record)
      : vault_(vault),
        output_(output),
        common_(std::move(common)),
        sources_(std::move(sources)),
        record_(std::move(record)) {
    sizes_.resize(sources_.size());
    candidates_.resize(common_.destroy_original ? sources_.size() : 0);
  }

  Result<Exit> run() {
    // Before anything is read: what may not be filed is refused as a whole.
    COFFRE_TRY(vault_.may_deposit(common_.compartment, common_.patient));
    const Status status =
        vault_.import([this] { return next(); },
                      [this](std::size_t index, const Result<Id>& result) { done(index, result); });
    // Refused as a whole: the first refusal is the answer, and there are no results.
    if (stored_ == 0 && denied_) {
      return std::unexpected(*denied_);
    }
    if (!status && reported_ == 0) {
      return std::unexpected(status.error());
    }
    const Exit erased = destroy_originals();
    output_.value(results_);
    COFFRE_TRY(record_.finish(std::move(erasures_)));
    if (!status) {
      return std::unexpected(status.error());
    }
    return failed_ == 0 ? erased : Exit::kFailed;
  }

 private:
  std::optional<Result<NewDocument>> next() {
    vault_.renew();
    if (taken_ == sources_.size()) {
      return std::nullopt;
    }
    const std::size_t index = taken_++;
    return document(index);
  }

  Result<NewDocument> document(std::size_t index) {
    const SourcePath& source = sources_[index];
    COFFRE_TRY(source.status);
    COFFRE_TRY_ASSIGN(std::unique_ptr<FileSource> file, FileSource::open(source.path));
    sizes_[index] = file->size();
    NewDocument made;
    made.compartment = common_.compartment;
    made.patient = common_.patient;
    made.type = common_.type;
    made.title = common_.title ? *common_.title : title_of(source.path);
    made.date = common_.date;
    made.mime = file->mime();
    if (common_.destroy_original) {
      // Links on the way are followed here, once; the file has to be this very one.
      COFFRE_TRY_ASSIGN(std::string path, absolute_path(source.path));
      Candidate& candidate = candidates_[index];
      candidate.file = file->erase_request(std::move(path));
      made.read_back = [&candidate](const Status& status) { candidate.read_back = status; };
    }
    made.content = std::move(file);
    return made;
  }

  // Those that were read back; the others stay. What became of each goes into its result.
  Exit destroy_originals() {
    if (!common_.destroy_original) {
      return Exit::kDone;
    }
    std::vector<Original> originals;
    std::vector<std::size_t> places;  // of their results
    Exit exit = Exit::kDone;
    for (const auto& [index, place, id] : filed_) {
      const Candidate& candidate = candidates_[index];
      if (candidate.read_back && candidate.read_back->has_value()) {
        originals.push_back({id, candidate.file});
        places.push_back(place);
        continue;
      }
      results_[place]["erased"] = verdict_word(Verdict::kFailed);
      exit = Exit::kErasure;
      output_.line(fill(tr(N_("kept, as the stored copy could not be read back: {}")),
                        {sources_[index].path}));
      note_kept(sources_[index].path, id,
                candidate.read_back ? candidate.read_back->error() : not_read_back());
    }
    const Exit erased = erase(originals, places);
    return exit == Exit::kDone ? erased : exit;
  }

  Exit erase(const std::vector<Original>& originals, const std::vector<std::size_t>& places) {
    auto erased = erase_watched(originals);
    if (!erased) {
      for (std::size_t i = 0; i < places.size(); ++i) {
        results_[places[i]]["erased"] = verdict_word(Verdict::kFailed);
        note_kept(originals[i].file.path, originals[i].document, erased.error());
      }
      output_.line(fill(tr(N_("the originals are kept: {}")), {error_text(erased.error())}));
      return Exit::kErasure;
    }
    std::vector<EraseReport> reports;
    reports.reserve(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      ErasedOriginal& original = (*erased)[i];
      results_[places[i]]["erased"] = verdict_word(original.report.verdict);
      reports.push_back(original.report);
      erasures_.push_back(
          {std::move(original.report), entry(originals[i].document, original.entry)});
    }
    print_erasures(output_, reports);
    return erase_exit(reports);
  }

  Result<std::vector<ErasedOriginal>> erase_watched(const std::vector<Original>& originals) {
    EraseWatch watch(output_);
    return vault_.erase_originals(originals, [&](const EraseProgress& progress) {
      vault_.renew();
      watch.show(progress);
    });
  }

  static Error not_read_back() {
    return {Code::kFailed, N_("the stored copy could not be read back"), {}, ""};
  }

  [[nodiscard]] RecordedEntry entry(const Id& document,
                                    std::optional<std::uint64_t> sequence) const {
    return {.vault = vault_.policy().vault(), .document = document, .sequence = sequence};
  }

  // One that was not begun, for the record.
  void note_kept(const std::string& path, const Id& document, Error error) {
    EraseReport report;
    report.path = path;
    report.error = std::move(error);
    erasures_.push_back({std::move(report), entry(document, std::nullopt)});
  }

  void done(std::size_t index, const Result<Id>& result) {
    COFFRE_ASSERT(index < sources_.size());
    ++reported_;
    const std::string& path = sources_[index].path;
    if (result) {
      ++stored_;
      const std::string id = hex_of(*result);
      filed_.push_back({index, results_.size(), *result});
      results_.push_back(
          {{"id", id}, {"source", path}, {"size", sizes_[index]}, {"erased", false}});
      output_.line(fill(tr(N_("{}  {}  stored: {}")), {id, readable_size(sizes_[index]), path}));
      return;
    }
    ++failed_;
    const Error& error = result.error();
    if (error.code == Code::kDenied && !denied_) {
      denied_ = error;
    }
    Json entry = error_json(error);
    results_.push_back({{"source", path},
                        {"error", std::move(entry["error"])},
                        {"message", std::move(entry["message"])}});
    if (stored_ > 0 || !denied_) {
      output_.line(fill(tr(N_("not stored: {}")), {error_text(error)}));
    }
  }

  Vault& vault_;
  Output& output_;
  Common common_;
  std::vector<SourcePath> sources_;
  std::vector<std::uint64_t> sizes_;
  Json results_ = Json::array();
  std::size_t taken_ = 0;
  std::size_t reported_ = 0;
  std::size_t stored_ = 0;
  std::size_t failed_ = 0;
  std::optional<Error> denied_;

  // With destroy_original.
  struct Filed {
    std::size_t index;
    std::size_t place;  // in results_
    Id id;
  };
  std::vector<Candidate> candidates_;
  std::vector<Filed> filed_;
  std::vector<RecordedErasure> erasures_;
  RecordOfCall record_;
};

// Asked before the first file is opened; the vault asks again for every document.
Status may_deposit(Vault& vault, const Id& compartment, const std::string& name) {
  COFFRE_TRY_ASSIGN(const UserView me, vault.me());
  const User* user = vault.policy().user(me.id);
  if (user == nullptr || (vault.policy().rights(*user, compartment) & right::kDeposit) == 0) {
    return fail(Code::kDenied, N_("there is no such compartment, or you may not use it"), name);
  }
  return {};
}

Result<Exit> import(Context& context, const ImportArguments& arguments) {
  Common common;
  common.type = arguments.type;
  common.title = arguments.title;
  common.destroy_original = arguments.destroy_original;
  COFFRE_TRY_ASSIGN(common.patient, id_argument(arguments.patient));
  if (arguments.date) {
    COFFRE_TRY_ASSIGN(common.date, checked_date(*arguments.date));
  }
  COFFRE_TRY_ASSIGN(Vault * vault, context.session());
  COFFRE_TRY_ASSIGN(common.compartment, compartment_argument(*vault, arguments.compartment));
  COFFRE_TRY(may_deposit(*vault, common.compartment, arguments.compartment));
  COFFRE_TRY_ASSIGN(std::vector<SourcePath> sources, find_sources(arguments.paths));
  std::vector<std::string> paths;
  paths.reserve(sources.size());
  for (const SourcePath& source : sources) {
    paths.push_back(source.path);
  }
  COFFRE_TRY_ASSIGN(RecordOfCall record, RecordOfCall::start(context, arguments.record, paths));
  return Import(*vault, context.output(), std::move(common), std::move(sources), std::move(record))
      .run();
}

}  // namespace

void add_import_command(Registry& registry) {
  const auto arguments = std::make_shared<ImportArguments>();
  CLI::App& made = registry.command(registry.root(), "import",
                                    N_("stores files, or the files in folders"), arguments, import);
  text_option(made, "PATH", arguments->paths, tr(N_("files and folders")))->required();
  text_option(made, "--patient", arguments->patient, tr(N_("the patient's id")))->required();
  text_option(made, "--compartment", arguments->compartment, tr(N_("the compartment")))->required();
  text_option(made, "--type", arguments->type, tr(N_("their type")));
  text_option(made, "--title", arguments->title, tr(N_("their title; otherwise each file's name")));
  text_option(made, "--date", arguments->date, tr(N_("their date, YYYY-MM-DD; otherwise today")));
  CLI::Option* destroy =
      made.add_flag("--destroy-original", arguments->destroy_original,
                    tr(N_("erases each file once its stored copy was read back and compared")));
  record_option(made, arguments->record)->needs(destroy);
}

}  // namespace coffre::cli
