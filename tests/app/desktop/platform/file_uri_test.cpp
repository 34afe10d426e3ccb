#include "app/desktop/platform/file_uri.h"

#include <gtest/gtest.h>

namespace coffre::desktop {
namespace {

std::string path_or_code(std::string_view uri) {
  const auto path = path_of_file_uri(uri);
  return path ? *path : "(" + std::string(code_name(path.error().code)) + ")";
}

// The examples of RFC 8089, appendices A and B, and what desktops send.
TEST(FileUri, LocalFilesGiveTheirPath) {
  EXPECT_EQ(path_or_code("file:///path/to/file"), "/path/to/file");
  EXPECT_EQ(path_or_code("file:/path/to/file"), "/path/to/file");
  EXPECT_EQ(path_or_code("file://localhost/path/to/file"), "/path/to/file");
  EXPECT_EQ(path_or_code("FILE://LocalHost/a"), "/a");
  EXPECT_EQ(path_or_code("file:///home/zoe/Scans/"), "/home/zoe/Scans");
  EXPECT_EQ(path_or_code("file:///"), "/");
  EXPECT_EQ(path_or_code("file:///a//b"), "/a/b");
}

TEST(FileUri, EscapesAreTheBytesOfTheName) {
  EXPECT_EQ(path_or_code("file:///Compte%20rendu%20%2350%25.pdf"), "/Compte rendu #50%.pdf");
  EXPECT_EQ(path_or_code("file:///L%C3%A9a%c3%a9.pdf"),
            "/L\xc3\xa9"
            "a\xc3\xa9.pdf");
  EXPECT_EQ(path_or_code("file:///%FF%FE"), "/\xff\xfe");
  EXPECT_EQ(path_or_code("file:///two%0Alines"), "/two\nlines");
  EXPECT_EQ(path_or_code("file:///..."), "/...");
  EXPECT_EQ(path_or_code("file:///%253f"), "/%3f");  // decoded once only
}

TEST(FileUri, NamesThatNobodyEscapedAreUnderstood) {
  EXPECT_EQ(path_or_code("file:///Compte rendu.pdf"), "/Compte rendu.pdf");
  EXPECT_EQ(path_or_code("file:///Léa.pdf"), "/Léa.pdf");
}

TEST(FileUri, OtherSchemesAndComputersAreRefused) {
  for (const char* const uri :
       {"http://localhost/a", "sftp://server/a", "smb://server/share/a", "trash:///a", "/a", "a",
        "", "files:///a", "file://server/a", "file://localhost.evil.example/a",
        "file:////server/share/a", "file://127.0.0.1/a", "file://user@localhost/a",
        "file://localhost:80/a"}) {
    EXPECT_EQ(path_or_code(uri), "(unsupported)") << uri;
  }
}

TEST(FileUri, WhatMisleadsIsRefused) {
  for (const char* const uri : {"file:///home/../etc/shadow",
                                "file:///home/%2e%2e/etc/shadow",
                                "file:///home/.%2E/a",
                                "file:///./a",
                                "file:///a/.",
                                "file:///a/..",
                                "file:///a%2Fb",
                                "file:///a%2fb",
                                "file:///a%00b",
                                "file:///a%00",
                                "file:///a?b",
                                "file:///a#b",
                                "file:///a\nb",
                                "file:///a\x7f",
                                "file:///a%",
                                "file:///a%4",
                                "file:///a%zz",
                                "file:///a%+1",
                                "file:a",
                                "file:",
                                "file://",
                                "file://localhost"}) {
    EXPECT_EQ(path_or_code(uri), "(usage)") << uri;
  }
  EXPECT_EQ(path_or_code(std::string_view("file:///a\0b", 11)), "(usage)");
}

TEST(FileUri, TheLongestPathIsTheLongest) {
  const std::string longest = "/" + std::string(kPathSizeMax - 1, 'a');
  EXPECT_EQ(path_or_code("file://" + longest), longest);
  EXPECT_EQ(path_or_code("file://" + longest + "a"), "(limit)");
  std::string escaped = "file:///";
  for (std::size_t i = 0; i < kPathSizeMax - 1; ++i) escaped += "%61";
  EXPECT_EQ(path_or_code(escaped), longest);
  EXPECT_EQ(path_or_code("file:///" + std::string(1 << 20, 'a')), "(limit)");
}

TEST(FileUri, TheErrorNamesTheAddressPrintable) {
  const auto path = path_of_file_uri("file:///a%00\x1b[31m" + std::string(10'000, 'x'));
  ASSERT_FALSE(path);
  EXPECT_TRUE(path.error().on.starts_with("file:///a%00\\x1b[31mxx"));
  EXPECT_LT(path.error().on.size(), 300U);
}

}  // namespace
}  // namespace coffre::desktop
