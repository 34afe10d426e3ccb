// The lies of hostile_viewer, by the number that it is started with.
#pragma once

namespace coffre::test {

enum class Lie : unsigned char {
  kNone,
  kSilence,
  kNoOpening,
  kEnd,
  kEndLater,
  kLongMessage,
  kShortMessage,
  kOtherNumber,
  kTwoReplies,
  kManyPages,
  kTallPicture,
  kOtherWidth,
  kNoSize,
  kMuchText,
  kWordsWithoutEnd,
  kWordsThatAreNoText,
};

}  // namespace coffre::test
