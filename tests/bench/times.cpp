// coffre_bench_times DIRECTORY [ROUNDS [DOCUMENTS]]: what a session costs on this vault, phase by
// phase. One line of JSON per round: seconds of each phase, and the median of one more document.
//
// unlock_rest is an unlock without its password hash, which is measured beside it; list is
// everything from the closed file to the list of all documents and patients, password hash left
// out.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

#include "core/base/parallel.h"
#include "core/vault/vault_impl.h"
#include "tests/bench/session.h"

namespace coffre {
namespace {

// Seconds of all cores that this process used: steadier than the wall on a busy machine.
double cpu_seconds() {
  struct rusage used{};
  (void)getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double password_hash_seconds(const PasswordCost& cost) {
  const Bytes salt(kPasswordSaltSize, 7);
  double best = 1e9;
  for (int i = 0; i < 2; ++i) {
    const bench::Stopwatch time;
    const Secret hashed =
        bench::value_or_end(hash_password(as_bytes(bench::kPassword), salt, cost));
    best = std::min(best, time.seconds());
  }
  return best;
}

double load_seconds(Vault& vault) {
  Vault::Impl& impl = vault.impl();
  const bench::Stopwatch time;
  const LoadedState state = bench::value_or_end(
      load_state(*impl.store, impl.note, impl.log.policy, ChangeTracker(), impl.log.state_root));
  return state.tree.size() == 0 ? 0 : time.seconds();
}

double one_more_document(Vault& vault, int documents) {
  if (documents == 0) return 0;
  const Id patient = bench::some_patient(vault);
  std::vector<double> times;
  for (int i = 0; i < documents; ++i) {
    const bench::Stopwatch time;
    bench::file_documents(vault, patient, 1, 200'000);
    times.push_back(time.seconds());
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

void round(const char* directory, int documents) {
  const bench::Stopwatch open_time;
  auto vault = bench::value_or_end(
      Vault::open(bench::vault_path(directory), bench::environment_in(directory)));
  const double open = open_time.seconds();
  const double hash = password_hash_seconds(vault->policy().cost());
  const bench::Stopwatch unlock_time;
  bench::ok_or_end(vault->unlock(bench::credentials()));
  const double unlock = unlock_time.seconds();
  const double cpu_before = cpu_seconds();
  const bench::Stopwatch documents_time;
  std::size_t listed = bench::value_or_end(vault->documents({})).size();
  const double document_list = documents_time.seconds();
  const double document_cpu = cpu_seconds() - cpu_before;
  const bench::Stopwatch patients_time;
  listed += bench::value_or_end(vault->patients({})).size();
  const double patient_list = patients_time.seconds();
  vault->renew();
  const double cpu_between = cpu_seconds();
  const double load = load_seconds(*vault);
  const double load_cpu = cpu_seconds() - cpu_between;
  vault->renew();
  const double more = one_more_document(*vault, documents);
  struct rusage used{};
  (void)getrusage(RUSAGE_SELF, &used);
  std::printf(
      "{\"listed\": %zu, \"open\": %.4f, \"hash\": %.4f, \"unlock_rest\": %.4f, \"load_rows\": "
      "%.4f, \"load_cpu\": %.4f, \"documents\": %.4f, \"documents_cpu\": %.4f, \"patients\": %.4f, "
      "\"list\": %.4f, \"one_more_ms\": %.3f, "
      "\"peak_mib\": %ld}\n",
      listed, open, hash, unlock - hash, load, load_cpu, document_list, document_cpu, patient_list,
      open + unlock - hash + std::max(document_list, patient_list), more * 1000,
      used.ru_maxrss / 1024);
}

int run_program(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: coffre_bench_times DIRECTORY [ROUNDS [DOCUMENTS]]\n", stderr);
    return 2;
  }
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  const int documents = argc > 3 ? std::atoi(argv[3]) : 0;
  for (int i = 0; i < rounds; ++i) round(argv[1], documents);
  return 0;
}

}  // namespace
}  // namespace coffre

int main(int argc, char** argv) { return coffre::run_program(argc, argv); }
