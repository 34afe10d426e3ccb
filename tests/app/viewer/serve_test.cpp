#include "app/viewer/serve.h"

#include <gtest/gtest.h>

#include "tests/support/documents.h"

namespace coffre::viewer {
namespace {

Request open_request(DocumentKind kind) {
  return {.number = 1, .kind = RequestKind::kOpen, .document = kind};
}

TEST(Service, NothingIsShownBeforeADocumentIsOpen) {
  const Bytes pdf = test::pdf_picture();
  Bytes pixels(1000);
  Service service(pdf, pixels);
  for (const RequestKind kind : {RequestKind::kInfo, RequestKind::kDraw, RequestKind::kText}) {
    const Reply reply = service.answer({.number = 9, .kind = kind, .page = 0, .width = 10});
    EXPECT_EQ(reply.status, ReplyStatus::kNoPage);
    EXPECT_EQ(reply.number, 9U);
  }
}

TEST(Service, ADocumentIsOpenedOnce) {
  const Bytes pdf = test::pdf_picture();
  Bytes pixels(1000);
  Service service(pdf, pixels);
  EXPECT_EQ(service.answer(open_request(DocumentKind::kPdf)).status, ReplyStatus::kDone);
  EXPECT_EQ(service.answer(open_request(DocumentKind::kPdf)).status, ReplyStatus::kBroken);
}

TEST(Service, APictureThatDoesNotFitTheSharedMemoryIsALimit) {
  const Bytes pdf = test::pdf_picture();
  Bytes pixels(100 * 50 * 4);
  Service service(pdf, pixels);
  ASSERT_EQ(service.answer(open_request(DocumentKind::kPdf)).status, ReplyStatus::kDone);
  Request request{.number = 2, .kind = RequestKind::kDraw, .page = 0, .width = 100};
  EXPECT_EQ(service.answer(request).status, ReplyStatus::kDone);
  request.width = 101;
  EXPECT_EQ(service.answer(request).status, ReplyStatus::kLimit);
  request.width = 0;
  EXPECT_EQ(service.answer(request).status, ReplyStatus::kLimit);
}

TEST(Service, WordsThatDoNotFitTheSharedMemoryAreALimit) {
  const Bytes pdf = test::pdf_with_font("Helvetica");
  Bytes pixels(8);
  Service service(pdf, pixels);
  ASSERT_EQ(service.answer(open_request(DocumentKind::kPdf)).status, ReplyStatus::kDone);
  EXPECT_EQ(service.answer({.number = 2, .kind = RequestKind::kText}).status, ReplyStatus::kLimit);
}

TEST(Service, APdfWithAPasswordSaysSo) {
  test::PdfMaker maker;
  maker.add("<< /Type /Pages /Kids [] /Count 0 >>");
  const int root = maker.add("<< /Type /Catalog /Pages 1 0 R >>");
  Bytes pdf = maker.finish(root);
  // The trailer of a file that was locked with a password nobody gives here.
  std::string text(as_text(pdf));
  const std::string zeros(32, '0');
  text.insert(text.find("/Root"),
              "/ID [<00><00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (" + zeros +
                  ") /U (" + zeros + ") >> ");
  Bytes pixels(1000);
  const ByteView locked = as_bytes(text);
  Service service(locked, pixels);
  EXPECT_EQ(service.answer(open_request(DocumentKind::kPdf)).status, ReplyStatus::kProtected);
}

}  // namespace
}  // namespace coffre::viewer
