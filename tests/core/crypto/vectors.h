// Test vectors of others, read from JSON files.
#pragma once

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "core/base/bytes.h"

namespace coffre::test {

// The parsed file; null when it is absent or not JSON.
inline nlohmann::json load_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) return nullptr;
  nlohmann::json parsed = nlohmann::json::parse(file, nullptr, false);
  return parsed.is_discarded() ? nlohmann::json(nullptr) : parsed;
}

// Vectors of this repository, which must be there.
inline nlohmann::json own_vectors(const std::string& name) {
  return load_json(std::string(COFFRE_TEST_DATA) + "/vectors/" + name);
}

// Wycheproof's files lie outside the repository.
inline nlohmann::json wycheproof(const std::string& name) {
  return load_json(std::string(COFFRE_SHARED) + "/vectors/wycheproof_" + name + "_test.json");
}

inline std::string text_field(const nlohmann::json& object, const char* field) {
  return object.at(field).get<std::string>();
}

inline Bytes hex_field(const nlohmann::json& object, const char* field) {
  Result<Bytes> bytes = from_hex(text_field(object, field));
  EXPECT_TRUE(bytes.has_value()) << field;
  return bytes.has_value() ? *std::move(bytes) : Bytes{};
}

inline Bytes bytes_of(ByteView view) { return {view.begin(), view.end()}; }

}  // namespace coffre::test

#define COFFRE_SKIP_WITHOUT(vectors) \
  if ((vectors).is_null())           \
  GTEST_SKIP() << "NOT RUN: the Wycheproof vectors are not in ../shared/vectors"
