#include "app/desktop/platform/file_dialog.h"

#include <gtest/gtest.h>

#include "tests/app/desktop/platform/mock_portal.h"
#include "tests/app/desktop/platform/private_bus.h"

namespace coffre::desktop {
namespace {

using test::Latest;
using test::MockPortal;
using test::MockService;
using test::PortalCall;
using test::PrivateBus;
using test::send_response;
using Paths = std::vector<std::string>;

// A dialog on a private bus and its answer.
class Portal : public testing::Test {
 protected:
  // As patient as the test, so that a busy machine is not taken for one without a portal.
  [[nodiscard]] FileDialogOptions options() const {
    return {.session_bus = bus_.address(), .answer_ms = 30'000};
  }
  FileDialog::Callback box() {
    return [this](FileDialog::Answer answer) { answer_.set(std::move(answer)); };
  }
  // The call, once the portal has it.
  static PortalCall call_of(MockPortal& portal) {
    EXPECT_TRUE(portal.log().wait_for("open"));
    return portal.call();
  }
  FileDialog::Answer answer() {
    auto told = answer_.wait();
    if (!told) return fail(Code::kBusy, "the callback did not come");
    return *std::move(told);
  }
  // What a user's choice becomes.
  FileDialog::Answer answer_to(const FileDialogRequest& request, std::uint32_t outcome,
                               const Paths& uris) {
    MockPortal portal(bus_.address());
    FileDialog dialog(options());
    EXPECT_TRUE(dialog.open_files(request, box()));
    static_cast<void>(call_of(portal));
    portal.respond(outcome, uris);
    return answer();
  }

  PrivateBus bus_;
  Latest<FileDialog::Answer> answer_;
};

TEST_F(Portal, SeveralFilesComeAsPathsInTheirOrder) {
  const auto paths =
      answer_to({.multiple = true}, 0, {"file:///home/zo%C3%A9/b.pdf", "file:///tmp/%FF.jpg"});
  ASSERT_TRUE(paths);
  EXPECT_EQ(*paths, (Paths{"/home/zo\xc3\xa9/b.pdf", "/tmp/\xff.jpg"}));
}

TEST_F(Portal, ACancelledDialogGivesNoPath) {
  const auto paths = answer_to({}, 1, {});
  ASSERT_TRUE(paths);
  EXPECT_TRUE(paths->empty());
}

TEST_F(Portal, ADialogThatFailsIsAnError) {
  EXPECT_EQ(answer_to({}, 2, {}).error().code, Code::kFailed);
}

TEST_F(Portal, AChoiceOfNothingIsAnError) {
  EXPECT_EQ(answer_to({}, 0, {}).error().code, Code::kFailed);
}

TEST_F(Portal, SeveralFilesWhereOneWasWantedAreAnError) {
  EXPECT_EQ(answer_to({}, 0, {"file:///a", "file:///b"}).error().code, Code::kFailed);
}

TEST_F(Portal, AFileOfAnotherComputerIsRefused) {
  const auto paths = answer_to({.multiple = true}, 0, {"file:///a", "sftp://server/b"});
  ASSERT_FALSE(paths);
  EXPECT_EQ(paths.error().code, Code::kUnsupported);
  EXPECT_EQ(paths.error().on, "sftp://server/b");
}

TEST_F(Portal, AHostileAddressIsRefused) {
  EXPECT_EQ(answer_to({}, 0, {"file:///home/%2e%2e/etc/shadow"}).error().code,
            Code::kInvalidArgument);
}

TEST_F(Portal, TheRequestSaysWhatIsWanted) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({.title = "Choisir les documents à ranger",
                                 .accept_label = "Ranger",
                                 .parent_window = "x11:2a00003",
                                 .folder = "/home/zo\xe9",
                                 .filters = {{"Documents", {"pdf", "jpg"}}, {"Tous", {}}},
                                 .multiple = true},
                                box()));
  const PortalCall call = call_of(portal);
  EXPECT_EQ(call.method, "OpenFile");
  EXPECT_EQ(call.parent, "x11:2a00003");
  EXPECT_EQ(call.title, "Choisir les documents à ranger");
  auto told = call.options;
  EXPECT_EQ(told["handle_token"].substr(0, 7), "coffre_");
  told.erase("handle_token");
  const std::map<std::string, std::string> wanted = {
      {"modal", "true"},
      {"multiple", "true"},
      {"directory", "false"},
      {"accept_label", "Ranger"},
      {"current_folder", "/home/zo\xe9\\0"},
      {"filters", "Documents:*.pdf,*.PDF,*.jpg,*.JPG,;Tous:*,;"}};
  EXPECT_EQ(told, wanted);
}

TEST_F(Portal, TwoRequestsHaveDifferentNames) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  Paths tokens;
  for (int times = 1; times <= 2; ++times) {
    Latest<FileDialog::Answer> told;
    ASSERT_TRUE(dialog.open_files({}, [&](FileDialog::Answer got) { told.set(std::move(got)); }));
    ASSERT_TRUE(portal.log().wait_for("open", times));
    tokens.push_back(portal.call().options["handle_token"]);
    portal.respond(1, {});
    ASSERT_TRUE(told.wait());
  }
  EXPECT_NE(tokens[0], tokens[1]);
}

TEST_F(Portal, SavingNamesOneFile) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.save_file({.title = "Exporter", .name = "document.pdf"}, box()));
  PortalCall call = call_of(portal);
  EXPECT_EQ(call.method, "SaveFile");
  EXPECT_EQ(call.options["current_name"], "document.pdf");
  EXPECT_FALSE(call.options.contains("multiple"));
  portal.respond(0, {"file:///media/usb/document.pdf"});
  EXPECT_EQ(answer().value(), Paths{"/media/usb/document.pdf"});
}

TEST_F(Portal, AFolderCanBeChosen) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({.directory = true}, box()));
  EXPECT_EQ(call_of(portal).options["directory"], "true");
  portal.respond(0, {"file:///home/zoe/Scans/"});
  EXPECT_EQ(answer().value(), Paths{"/home/zoe/Scans"});
}

TEST_F(Portal, AnOldPortalIsNoneForFolders) {
  MockPortal portal(bus_.address(), {.version = 2});
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({.directory = true}, box()));
  EXPECT_EQ(answer().error().code, Code::kNotFound);
  EXPECT_TRUE(portal.log().all().empty());
}

TEST_F(Portal, AnAnswerToAnotherRequestIsIgnored) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  const PortalCall call = call_of(portal);
  send_response(portal, call.handle + "0", call.sender, 0, {"file:///wrong"});
  send_response(portal, "/org/freedesktop/portal/desktop", call.sender, 1, {});
  portal.respond(0, {"file:///right"});
  EXPECT_EQ(answer().value(), Paths{"/right"});
}

TEST_F(Portal, AnAnswerOfAnotherProgramIsIgnored) {
  MockPortal portal(bus_.address());
  MockService stranger(bus_.address(), "");
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  const PortalCall call = call_of(portal);
  send_response(stranger, call.handle, call.sender, 0, {"file:///wrong"});
  send_response(stranger, call.handle, {}, 1, {});
  portal.respond(0, {"file:///right"});
  EXPECT_EQ(answer().value(), Paths{"/right"});
}

TEST_F(Portal, APortalMayNameTheRequestItself) {
  MockPortal portal(bus_.address(), {.own_handle = true});
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  static_cast<void>(call_of(portal));
  portal.respond(0, {"file:///right"});
  EXPECT_EQ(answer().value(), Paths{"/right"});
}

TEST_F(Portal, CancelClosesTheDialog) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  const PortalCall call = call_of(portal);
  EXPECT_TRUE(dialog.is_open());
  dialog.cancel();
  EXPECT_TRUE(answer().value().empty());
  EXPECT_TRUE(portal.log().wait_for("close " + call.handle));
}

TEST_F(Portal, TheEndOfTheProgramAnswersAndCloses) {
  MockPortal portal(bus_.address());
  PortalCall call;
  {
    FileDialog dialog(options());
    ASSERT_TRUE(dialog.open_files({}, box()));
    call = call_of(portal);
  }
  EXPECT_TRUE(answer().value().empty());
  EXPECT_TRUE(portal.log().wait_for("close " + call.handle));
}

TEST_F(Portal, OneDialogAtATime) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  static_cast<void>(call_of(portal));
  const Status second = dialog.save_file({}, [](const FileDialog::Answer&) { ADD_FAILURE(); });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kBusy);
  portal.respond(0, {"file:///first"});
  EXPECT_EQ(answer().value(), Paths{"/first"});
}

TEST_F(Portal, NoneOnTheBus) {
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  EXPECT_EQ(answer().error().code, Code::kNotFound);
}

TEST_F(Portal, NoBus) {
  bus_.stop();
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  EXPECT_EQ(answer().error().code, Code::kNotFound);
}

TEST_F(Portal, OneWithoutAFileChooser) {
  MockPortal portal(bus_.address(), {.has_chooser = false});
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  EXPECT_EQ(answer().error().code, Code::kNotFound);
}

TEST_F(Portal, OneThatRefusesTheDialog) {
  MockPortal portal(bus_.address(), {.refuses = true});
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  EXPECT_EQ(answer().error().code, Code::kNotFound);
}

TEST_F(Portal, OneThatDoesNotAnswerIsNotWaitedForAndIsToldToClose) {
  MockPortal portal(bus_.address(), {.is_silent = true});
  FileDialogOptions impatient = options();
  impatient.answer_ms = 3'000;  // for the first question, too, which this portal answers
  FileDialog dialog(impatient);
  ASSERT_TRUE(dialog.open_files({}, box()));
  const PortalCall call = call_of(portal);
  EXPECT_EQ(answer().error().code, Code::kNotFound);
  EXPECT_TRUE(portal.log().wait_for("close " + call.handle));
}

TEST_F(Portal, OneThatEndsWithADialogOpenIsAnError) {
  auto portal = std::make_unique<MockPortal>(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  static_cast<void>(call_of(*portal));
  portal.reset();
  EXPECT_EQ(answer().error().code, Code::kFailed);
}

TEST_F(Portal, ABusThatDiesWithADialogOpenIsAnError) {
  MockPortal portal(bus_.address());
  FileDialog dialog(options());
  ASSERT_TRUE(dialog.open_files({}, box()));
  // Once it knows that the dialog is open.
  portal.wait_until_handled_by(call_of(portal).sender);
  bus_.stop();
  EXPECT_EQ(answer().error().code, Code::kFailed);
}

TEST_F(Portal, ATextThatCannotBeShownIsRefusedAtOnce) {
  FileDialog dialog(options());
  const auto never = [](const FileDialog::Answer&) { ADD_FAILURE(); };
  const std::string latin = "Pr\xe9nom";
  for (const FileDialogRequest& request :
       {FileDialogRequest{.title = latin}, FileDialogRequest{.accept_label = latin},
        FileDialogRequest{.parent_window = std::string("a\0b", 3)},
        FileDialogRequest{.folder = "relative"}, FileDialogRequest{.name = latin},
        FileDialogRequest{.filters = {{latin, {}}}},
        FileDialogRequest{.filters = {{"name", {latin}}}}}) {
    const Status opened = dialog.open_files(request, never);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Code::kInvalidArgument);
  }
}

}  // namespace
}  // namespace coffre::desktop
