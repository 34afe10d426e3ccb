#include "app/desktop/screens/import_sheet_run.h"

#include <algorithm>

#include "app/common/i18n.h"
#include "app/common/sources.h"
#include "core/base/file.h"

namespace coffre::ui {

// A file that ends early when the import is cancelled, and says how far it is.
class ImportRun::WatchedFile final : public ContentSource {
 public:
  WatchedFile(std::unique_ptr<FileSource> file, std::shared_ptr<Work> work, Progress& progress,
              float begin, float share)
      : file_(std::move(file)),
        work_(std::move(work)),
        progress_(progress),
        begin_(begin),
        share_(share) {}

  [[nodiscard]] std::uint64_t size() const override { return file_->size(); }
  [[nodiscard]] Status read(MutableByteView out) override {
    if (work_->cancelled || progress_.should_stop()) {
      return fail(Code::kFailed, N_("the import was cancelled"));
    }
    COFFRE_TRY(file_->read(out));
    read_ += out.size();
    const double part =
        static_cast<double>(read_) / static_cast<double>(std::max<std::uint64_t>(file_->size(), 1));
    progress_.set(begin_ + share_ * static_cast<float>(std::min(part, 1.0)));
    return {};
  }
  [[nodiscard]] Status finish() override { return file_->finish(); }

 private:
  std::unique_ptr<FileSource> file_;
  std::shared_ptr<Work> work_;
  Progress& progress_;
  float begin_;
  float share_;
  std::uint64_t read_ = 0;
};

// One group on the vault's thread.
class ImportRun::Group {
 public:
  Group(std::shared_ptr<Work> work, const ImportOrder& order, std::size_t begin, std::size_t end,
        std::size_t count)
      : work_(std::move(work)),
        order_(order),
        begin_(begin),
        end_(end),
        count_(count),
        candidates_(order.destroy_originals ? end - begin : 0) {}

  Status run(Vault& vault, Progress& progress) {
    COFFRE_TRY(vault.may_deposit(order_.compartment, order_.patient));
    std::size_t next = begin_;
    const Status imported = vault.import(
        [&]() -> std::optional<Result<NewDocument>> {
          if (progress.should_stop()) {
            work_->cancelled = true;
          }
          if (next == end_ || work_->cancelled) {
            return std::nullopt;
          }
          return document(next++, progress);
        },
        [&](std::size_t index, const Result<Id>& result) { done(begin_ + index, result); });
    if (order_.destroy_originals) {
      destroy_originals(vault);
    }
    return imported;
  }

 private:
  // A file that may be destroyed once its document was read back.
  struct Candidate {
    EraseRequest file;
    std::optional<Status> read_back;
  };

  static EraseReport kept_report(const std::string& path, const Error& error) {
    EraseReport report;
    report.path = path;
    report.error = error;
    return report;
  }

  void destroy_originals(Vault& vault) const {
    std::vector<Original> originals;
    std::vector<std::size_t> places;
    {
      const std::lock_guard<std::mutex> guard(work_->mutex);
      for (std::size_t index = begin_; index < end_; ++index) {
        ImportedFile& file = work_->files[index];
        const Candidate& candidate = candidates_[index - begin_];
        if (file.state != ImportedFile::State::kStored) {
          continue;
        }
        if (work_->cancelled) {
          file.original =
              kept_report(file.path, Error{Code::kFailed, N_("the import was cancelled"), {}, ""});
        } else if (!candidate.read_back || !*candidate.read_back) {
          file.original = kept_report(
              file.path,
              Error{Code::kFailed, N_("the stored copy could not be read back"), {}, ""});
        } else {
          originals.push_back({*file.document, candidate.file});
          places.push_back(index);
        }
      }
    }
    const auto reports = vault.erase_originals(originals, {});
    const std::lock_guard<std::mutex> guard(work_->mutex);
    for (std::size_t at = 0; at < places.size(); ++at) {
      ImportedFile& file = work_->files[places[at]];
      file.original = reports ? (*reports)[at].report : kept_report(file.path, reports.error());
      file.original_entry = reports ? (*reports)[at].entry : std::nullopt;
    }
  }

  Result<NewDocument> document(std::size_t index, Progress& progress) {
    std::string path;
    {
      const std::lock_guard<std::mutex> guard(work_->mutex);
      path = work_->files[index].path;
      if (work_->files[index].error) {  // it was no file when it was found
        return std::unexpected<Error>(*work_->files[index].error);
      }
    }
    COFFRE_TRY_ASSIGN(std::unique_ptr<FileSource> file, FileSource::open(path));
    NewDocument made;
    made.compartment = order_.compartment;
    made.patient = order_.patient;
    made.type = order_.type;
    made.title = order_.title ? *order_.title : title_of(path);
    made.date = order_.date;
    made.mime = file->mime();
    if (order_.destroy_originals) {
      // Links on the way are followed here, once; the file has to be this very one.
      COFFRE_TRY_ASSIGN(std::string whole, absolute_path(path));
      Candidate& candidate = candidates_[index - begin_];
      candidate.file = file->erase_request(std::move(whole));
      made.read_back = [&candidate](const Status& status) { candidate.read_back = status; };
    }
    const float share = 1.0F / static_cast<float>(count_);
    made.content = std::make_unique<WatchedFile>(std::move(file), work_, progress,
                                                 static_cast<float>(index) * share, share);
    return made;
  }

  void done(std::size_t index, const Result<Id>& result) const {
    const std::lock_guard<std::mutex> guard(work_->mutex);
    ImportedFile& file = work_->files[index];
    if (result) {
      file.state = ImportedFile::State::kStored;
      file.document = *result;
    } else {
      file.state =
          work_->cancelled ? ImportedFile::State::kCancelled : ImportedFile::State::kFailed;
      file.error = result.error();
    }
  }

  std::shared_ptr<Work> work_;
  ImportOrder order_;
  std::size_t begin_;
  std::size_t end_;
  std::size_t count_;
  std::vector<Candidate> candidates_;
};

ImportRun::~ImportRun() { work_->cancelled = true; }

void ImportRun::start(ImportOrder order, const std::vector<std::string>& paths) {
  order_ = std::move(order);
  work_ = std::make_shared<Work>();
  next_ = 0;
  running_ = true;
  // Folders are read, which may take a while: off the UI thread.
  const auto found = std::make_shared<Result<std::vector<SourcePath>>>();
  services_.jobs.start({}, false, [paths, found, take = alive_.guard([this, found] {
                         if (!*found) {
                           work_->files.emplace_back();
                           stop_rest(found->error());
                           return;
                         }
                         for (const SourcePath& source : **found) {
                           ImportedFile file;
                           file.path = source.path;
                           if (!source.status) {
                             file.error = source.status.error();
                           }
                           work_->files.push_back(std::move(file));
                         }
                         next_group();
                       })](Progress&) -> Jobs::Completion {
    *found = find_sources(paths);
    return take;
  });
}

void ImportRun::cancel() { work_->cancelled = true; }

std::vector<ImportedFile> ImportRun::files() const {
  const std::lock_guard<std::mutex> guard(work_->mutex);
  return work_->files;
}

ImportRun::Unstored ImportRun::unstored() const {
  return [work = work_]() -> std::optional<std::vector<std::string>> {
    const std::lock_guard<std::mutex> guard(work->mutex);
    if (work->files.empty()) {
      return std::nullopt;
    }
    std::vector<std::string> paths;
    for (const ImportedFile& file : work->files) {
      if (file.state != ImportedFile::State::kStored && !file.path.empty()) {
        paths.push_back(file.path);
      }
    }
    return paths;
  };
}

std::size_t ImportRun::count() const {
  const std::lock_guard<std::mutex> guard(work_->mutex);
  return work_->files.size();
}

std::size_t ImportRun::count_of(ImportedFile::State state) const {
  const std::lock_guard<std::mutex> guard(work_->mutex);
  return static_cast<std::size_t>(std::ranges::count(work_->files, state, &ImportedFile::state));
}

void ImportRun::next_group() {
  const std::size_t count = work_->files.size();
  if (next_ >= count || work_->cancelled) {
    stop_rest(std::nullopt);
    return;
  }
  const std::size_t begin = next_;
  const std::size_t end = std::min(begin + kGroupMax, count);
  next_ = end;
  // Every group is a job of its own under the same words: to who looks at it, it is one.
  services_.vault.ask_job<void>(
      fill(count == 1 ? tr(N_("Filing {} document")) : tr(N_("Filing {} documents")),
           {std::to_string(count)}),
      true,
      [group = std::make_shared<Group>(work_, order_, begin, end, count)](
          Vault& vault, Progress& progress) { return group->run(vault, progress); },
      alive_.guard([this, begin, end](const Status& status) { group_done(begin, end, status); }));
}

void ImportRun::group_done(std::size_t begin, std::size_t end, const Status& status) {
  if (!status) {
    const std::lock_guard<std::mutex> guard(work_->mutex);
    for (std::size_t index = begin; index < end; ++index) {
      ImportedFile& file = work_->files[index];
      if (file.state == ImportedFile::State::kWaiting) {
        file.state = ImportedFile::State::kFailed;
        file.error = status.error();
      }
    }
  }
  // What failed for one group as a whole (no right, no space, locked) fails for the next too.
  if (!status && !work_->cancelled) {
    stop_rest(status.error());
    return;
  }
  next_group();
}

void ImportRun::stop_rest(const std::optional<Error>& error) {
  {
    const std::lock_guard<std::mutex> guard(work_->mutex);
    for (ImportedFile& file : work_->files) {
      if (file.state == ImportedFile::State::kWaiting) {
        file.state = error ? ImportedFile::State::kFailed : ImportedFile::State::kCancelled;
        file.error = error ? error : file.error;
      }
    }
  }
  running_ = false;
  finished_();
}

}  // namespace coffre::ui
