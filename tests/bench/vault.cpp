// coffre_bench_vault DIRECTORY PATIENTS DOCUMENTS [SIZE]: makes a large vault, or makes one larger.
//
// Nothing is faked: documents go through Vault::import with their content and one signed entry
// each; patients are sealed records in large signed commits.
#include <cstdio>
#include <cstdlib>

#include "tests/bench/session.h"

namespace coffre {
namespace {

int run_program(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: coffre_bench_vault DIRECTORY PATIENTS DOCUMENTS [SIZE]\n", stderr);
    return 2;
  }
  const std::uint64_t patients = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t documents = std::strtoull(argv[3], nullptr, 10);
  const std::size_t size = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 1000;
  const auto vault = bench::open_session(argv[1]);
  const bench::Stopwatch patient_time;
  bench::add_patients(*vault, patients);
  const double patient_seconds = patient_time.seconds();
  const bench::Stopwatch document_time;
  if (documents != 0) {
    bench::file_documents(*vault, bench::some_patient(*vault), documents, size);
  }
  std::printf("patients %llu %.2f s, documents %llu %.2f s\n",
              static_cast<unsigned long long>(patients), patient_seconds,
              static_cast<unsigned long long>(documents), document_time.seconds());
  return 0;
}

}  // namespace
}  // namespace coffre

int main(int argc, char** argv) { return coffre::run_program(argc, argv); }
