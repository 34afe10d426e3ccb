// coffre_make_template DIR: makes the vault that the tests of the vault copy, so that a run of all
// of them stretches its passwords once. DIR is emptied first.
#include <cstdio>
#include <filesystem>

#include "tests/core/vault/practice.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: coffre_make_template DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path directory = argv[1];
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  coffre::test::make_template(directory.string());
  return 0;
}
