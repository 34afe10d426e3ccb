#include "app/desktop/ui_core/vault_host.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace coffre::ui {
namespace {

struct Item {
  std::uint64_t job = 0;
  std::shared_ptr<Progress> progress;
  // Gives the completion for the UI thread. The vault is null when none is open.
  std::function<Jobs::Completion(Vault*, Progress&)> work;
};

}  // namespace

// The vault's own mutexes are below this one's: no method of a Vault is called with mutex held,
// since a lock calls session_over() with the lease's mutex held.
struct VaultHost::State {
  State(VaultEnvironment given, Jobs& given_jobs)
      : environment(std::move(given)), jobs(given_jobs) {}

  VaultEnvironment environment;
  Jobs& jobs;

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<Item> queue;
  bool is_working = false;
  bool is_ended = false;
  bool must_journal_lock = false;
  bool is_unlocking = false;  // the wipe of an unlock that fails is no end of a session
  std::optional<LockCause> lock_wanted;
  std::uint64_t locks_asked = 0;
  std::uint64_t session = 0;  // counts the sessions that ended
  std::shared_ptr<Vault> vault;
  std::shared_ptr<const Policy> policy;
  std::shared_ptr<const UserView> me;
  std::optional<std::string> key_file;  // that the session was opened with
  std::optional<Error> memory_error;
  bool first_contact = false;
  std::function<void()> listener;

  std::thread worker;  // all operations
  std::thread locker;  // locks that must not wait for the worker's queue

  [[nodiscard]] std::shared_ptr<Vault> current() const {
    const std::lock_guard<std::mutex> guard(mutex);
    return vault;
  }

  void push(std::string label, bool can_cancel,
            std::function<Jobs::Completion(Vault*, Progress&)> work) {
    Item item;
    item.progress = jobs.begin_outside(std::move(label), can_cancel, &item.job);
    item.work = std::move(work);
    const std::lock_guard<std::mutex> guard(mutex);
    queue.push_back(std::move(item));
    changed.notify_all();
  }

  // On the thread that locked, with the lease's mutex held.
  void session_over() {
    std::function<void()> told;
    {
      const std::lock_guard<std::mutex> guard(mutex);
      if (is_unlocking) {
        return;
      }
      ++session;
      me.reset();
      key_file.reset();
      must_journal_lock = true;
      told = listener;
      changed.notify_all();
    }
    if (told) {
      told();
    }
  }

  // ---- On the worker
  void work();
  void look_again();
  void journal_lock();
  [[nodiscard]] Status open(const std::string& path);
  // `locks` is what locks_asked was when the unlock was asked for.
  [[nodiscard]] Status unlock(Credentials credentials, std::uint64_t locks);
  void close();

  // ---- On the locker
  void serve_locks();
};

void VaultHost::State::work() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return !queue.empty() || must_journal_lock || is_ended; });
    if (must_journal_lock) {
      is_working = true;
      lock.unlock();
      journal_lock();
      lock.lock();
      is_working = false;
      changed.notify_all();
      continue;
    }
    if (queue.empty()) {  // ended, and nothing is left to do
      lock.unlock();
      close();
      return;
    }
    Item item = std::move(queue.front());
    queue.pop_front();
    is_working = true;
    std::shared_ptr<Vault> open_now = vault;
    lock.unlock();
    Jobs::Completion completion = item.work(open_now.get(), *item.progress);
    look_again();
    // What the operation holds goes to the UI thread with its completion, to be destroyed there.
    auto kept = std::make_shared<decltype(item.work)>(std::move(item.work));
    jobs.finish_outside(item.job, completion
                                      ? [kept, completion = std::move(completion)] { completion(); }
                                      : Jobs::Completion([kept] {}));
    kept.reset();
    open_now.reset();  // its end, if it was closed, waits for its lease: not with the mutex held
    lock.lock();
    is_working = false;
    changed.notify_all();
  }
}

// Takes copies of what the UI looks at.
void VaultHost::State::look_again() {
  const std::shared_ptr<Vault> open_now = current();
  if (!open_now) {
    const std::lock_guard<std::mutex> guard(mutex);
    policy.reset();
    me.reset();
    memory_error.reset();
    first_contact = false;
    return;
  }
  std::uint64_t before = 0;
  {
    const std::lock_guard<std::mutex> guard(mutex);
    before = session;
  }
  auto now = std::make_shared<const Policy>(open_now->policy());
  std::shared_ptr<const UserView> person;
  if (open_now->state() == SessionState::kUnlocked) {
    if (Result<UserView> mine = open_now->me()) {
      person = std::make_shared<const UserView>(*std::move(mine));
    }
  }
  const std::lock_guard<std::mutex> guard(mutex);
  policy = std::move(now);
  memory_error = open_now->memory_error();
  if (session == before && person) {
    me = std::move(person);
  }
}

void VaultHost::State::journal_lock() {
  std::shared_ptr<Vault> locked;
  {
    const std::lock_guard<std::mutex> guard(mutex);
    must_journal_lock = false;
    locked = vault;
  }
  if (locked) {
    // The listener ran inside the lock: wait until that is over.
    locked->lock();
    // A lock is a fact: when it cannot be journaled (disk full, busy) there is nobody to tell, and
    // the unlock's own entry without an end says the same.
    static_cast<void>(locked->journal_lock());
  }
}

Status VaultHost::State::open(const std::string& path) {
  close();
  COFFRE_TRY_ASSIGN(std::unique_ptr<Vault> opened, Vault::open(path, environment));
  opened->on_locked([this] { session_over(); });
  const bool is_first = opened->first_contact();
  const std::lock_guard<std::mutex> guard(mutex);
  vault = std::move(opened);
  first_contact = is_first;
  return {};
}

Status VaultHost::State::unlock(Credentials credentials, std::uint64_t locks) {
  const std::shared_ptr<Vault> open_now = current();
  if (!open_now) {
    return fail(Code::kNotFound, N_("no vault is open"), {}, N_("open a vault first"));
  }
  open_now->lock();  // a lock that is under way ends first
  const auto set_unlocking = [this](bool on) {
    const std::lock_guard<std::mutex> guard(mutex);
    is_unlocking = on;
  };
  set_unlocking(true);
  std::optional<std::string> used = credentials.key_file;
  const Status unlocked = open_now->unlock(std::move(credentials));
  set_unlocking(false);
  COFFRE_TRY(unlocked);
  bool is_late = false;
  {
    const std::lock_guard<std::mutex> guard(mutex);
    is_late = locks_asked != locks;
  }
  if (is_late) {
    open_now->lock();
  }
  if (open_now->state() == SessionState::kUnlocked) {
    const std::lock_guard<std::mutex> guard(mutex);
    key_file = std::move(used);
    first_contact = false;
    return {};
  }
  // A lock came in the middle: the journal says "unlocked", so it has to say "locked" too.
  const std::lock_guard<std::mutex> guard(mutex);
  must_journal_lock = true;
  return fail(Code::kLocked, N_("the vault is locked"), {}, N_("unlock it again"));
}

void VaultHost::State::close() {
  std::shared_ptr<Vault> closing = current();
  if (!closing) {
    return;
  }
  closing->lock();
  bool must_journal = false;
  {
    const std::lock_guard<std::mutex> guard(mutex);
    must_journal = must_journal_lock;
  }
  if (must_journal) {
    journal_lock();
  }
  const std::lock_guard<std::mutex> guard(mutex);
  vault.reset();
  me.reset();
}

void VaultHost::State::serve_locks() {
  std::unique_lock<std::mutex> lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return lock_wanted || is_ended; });
    if (!lock_wanted) {
      return;
    }
    const LockCause cause = *lock_wanted;
    std::shared_ptr<Vault> locking = vault;
    lock.unlock();
    if (locking) {
      locking->lock(cause);
    }
    locking.reset();
    lock.lock();
    lock_wanted.reset();
    changed.notify_all();
  }
}

VaultHost::VaultHost(VaultEnvironment environment, Jobs& jobs)
    : state_(std::make_unique<State>(std::move(environment), jobs)) {
  state_->worker = std::thread([this] { state_->work(); });
  state_->locker = std::thread([this] { state_->serve_locks(); });
}

VaultHost::~VaultHost() {
  if (const std::shared_ptr<Vault> open_now = state_->current()) {
    open_now->lock();
  }
  {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    state_->is_ended = true;
    state_->changed.notify_all();
  }
  state_->worker.join();
  state_->locker.join();
}

void VaultHost::open(const std::string& path, Done done) {
  path_ = path;
  state_->push({}, false, [state = state_.get(), path, done = std::move(done)](Vault*, Progress&) {
    auto result = std::make_shared<Status>(state->open(path));
    return [result, done] { done(std::move(*result)); };
  });
}

void VaultHost::create(const std::string& path, InitOptions options, Credentials owner,
                       std::function<void(Result<Hash>)> done) {
  auto given = std::make_shared<Credentials>(std::move(owner));
  state_->push({}, false,
               [state = state_.get(), path, options = std::move(options), given,
                done = std::move(done)](Vault*, Progress&) {
                 auto result = std::make_shared<Result<Hash>>(
                     Vault::create(path, options, *given, state->environment));
                 given->password.wipe();
                 return [result, done] { done(std::move(*result)); };
               });
}

void VaultHost::unlock(Credentials credentials, Done done) {
  auto given = std::make_shared<Credentials>(std::move(credentials));
  std::uint64_t locks = 0;
  {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    locks = state_->locks_asked;
  }
  state_->push({}, false,
               [state = state_.get(), given, locks, done = std::move(done)](Vault*, Progress&) {
                 auto result = std::make_shared<Status>(state->unlock(std::move(*given), locks));
                 return [result, done] { done(std::move(*result)); };
               });
}

void VaultHost::close() {
  path_.clear();
  state_->push({}, false, [state = state_.get()](Vault*, Progress&) {
    state->close();
    return Jobs::Completion();
  });
}

void VaultHost::post(std::string label, bool can_cancel, Operation operation) {
  state_->push(std::move(label), can_cancel,
               [operation = std::move(operation)](Vault* vault, Progress& progress) {
                 return vault == nullptr ? Jobs::Completion() : operation(*vault, progress);
               });
}

bool VaultHost::is_open() const { return state_->current() != nullptr; }

std::shared_ptr<const Policy> VaultHost::policy() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->policy;
}

std::shared_ptr<const UserView> VaultHost::me() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->me;
}

std::optional<std::string> VaultHost::key_file() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->key_file;
}

std::uint8_t VaultHost::rights(const Id& compartment) const {
  const auto rules = policy();
  const auto person = me();
  const User* user = rules && person ? rules->user(person->id) : nullptr;
  return user == nullptr ? 0 : rules->rights(*user, compartment);
}

std::uint8_t VaultHost::vault_rights() const {
  const auto rules = policy();
  const auto person = me();
  const User* user = rules && person ? rules->user(person->id) : nullptr;
  return user == nullptr ? 0 : rules->vault_rights(*user);
}

bool VaultHost::can_read(const Id& compartment) const {
  const auto rules = policy();
  const auto person = me();
  const User* user = rules && person ? rules->user(person->id) : nullptr;
  return user != nullptr && rules->is_reader(*user, compartment);
}

std::optional<Error> VaultHost::memory_error() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->memory_error;
}

bool VaultHost::first_contact() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->first_contact;
}

void VaultHost::wait_until_idle() {
  std::unique_lock<std::mutex> lock(state_->mutex);
  state_->changed.wait(lock, [this] {
    return state_->queue.empty() && !state_->is_working && !state_->must_journal_lock &&
           !state_->lock_wanted;
  });
}

SessionState VaultHost::state() const {
  const std::shared_ptr<Vault> open_now = state_->current();
  return open_now ? open_now->state() : SessionState::kLocked;
}

LockCause VaultHost::lock_cause() const {
  const std::shared_ptr<Vault> open_now = state_->current();
  return open_now ? open_now->lock_cause() : LockCause::kNone;
}

std::int64_t VaultHost::remaining_ms() const {
  const std::shared_ptr<Vault> open_now = state_->current();
  return open_now ? open_now->remaining_ms() : 0;
}

void VaultHost::renew() {
  if (const std::shared_ptr<Vault> open_now = state_->current()) {
    open_now->renew();
  }
}

void VaultHost::lock(LockCause cause) {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  ++state_->locks_asked;
  if (!state_->lock_wanted) {
    state_->lock_wanted = cause;
  }
  state_->changed.notify_all();
}

void VaultHost::on_locked(std::function<void()> listener) {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  state_->listener = std::move(listener);
}

}  // namespace coffre::ui
