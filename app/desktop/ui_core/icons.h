// The icons of the interface: Material Icons, as UTF-8 of their code points. The fonts hold them
// and no others (fonts.cpp), and a test looks each up in the atlas.
#pragma once

#include <array>

namespace coffre::ui::icon {

inline constexpr const char* kPatients = "\ue2c9";
inline constexpr const char* kFolder = "\ue2c7";
inline constexpr const char* kFolderOpen = "\ue2c8";
inline constexpr const char* kPerson = "\ue7fd";
inline constexpr const char* kAddPerson = "\ue7fe";
inline constexpr const char* kRemovePerson = "\uef66";
inline constexpr const char* kGroup = "\ue7ef";
inline constexpr const char* kAddFile = "\ue89c";
inline constexpr const char* kScan = "\ue329";
inline constexpr const char* kExport = "\ue879";
inline constexpr const char* kDeposit = "\ue2c4";
inline constexpr const char* kUpload = "\ue2c6";
inline constexpr const char* kJournal = "\ue0ee";
inline constexpr const char* kSecurity = "\ue32a";
inline constexpr const char* kShield = "\ue9e0";
inline constexpr const char* kVerified = "\ue8e8";
inline constexpr const char* kLock = "\ue897";
inline constexpr const char* kUnlock = "\ue898";
inline constexpr const char* kSearch = "\ue8b6";
inline constexpr const char* kEye = "\ue8f4";
inline constexpr const char* kEyeOff = "\ue8f5";
inline constexpr const char* kClose = "\ue5cd";
inline constexpr const char* kChevronLeft = "\ue5cb";
inline constexpr const char* kChevronRight = "\ue5cc";
inline constexpr const char* kChevronDown = "\ue5cf";
inline constexpr const char* kChevronUp = "\ue5ce";
inline constexpr const char* kZoomIn = "\ue8ff";
inline constexpr const char* kZoomOut = "\ue900";
inline constexpr const char* kPlus = "\ue145";
inline constexpr const char* kMinus = "\ue15b";
inline constexpr const char* kFit = "\uea10";
inline constexpr const char* kRotateRight = "\ue41a";
inline constexpr const char* kRotateLeft = "\ue419";
inline constexpr const char* kDelete = "\ue872";
inline constexpr const char* kDestroy = "\ue92b";
inline constexpr const char* kKey = "\ue0da";
inline constexpr const char* kUsb = "\ue1e0";
inline constexpr const char* kCheck = "\ue5ca";
inline constexpr const char* kDone = "\ue86c";
inline constexpr const char* kWarning = "\ue002";
inline constexpr const char* kInfo = "\ue88e";
inline constexpr const char* kError = "\ue000";
inline constexpr const char* kHelp = "\ue8fd";
inline constexpr const char* kSettings = "\ue8b8";
inline constexpr const char* kPalette = "\ue40a";
inline constexpr const char* kLanguage = "\ue894";
inline constexpr const char* kMore = "\ue5d4";
inline constexpr const char* kArrowUp = "\ue5d8";
inline constexpr const char* kArrowDown = "\ue5db";
inline constexpr const char* kArrowLeft = "\ue5c4";
inline constexpr const char* kArrowRight = "\ue5c8";
inline constexpr const char* kUndo = "\ue166";
inline constexpr const char* kCalendar = "\ue935";
inline constexpr const char* kDescription = "\ue873";
inline constexpr const char* kImage = "\ue3f4";
inline constexpr const char* kReceipt = "\ue8b0";
inline constexpr const char* kOpenOutside = "\ue89e";
inline constexpr const char* kSort = "\ue164";
inline constexpr const char* kFilter = "\ue152";
inline constexpr const char* kDrive = "\ue1db";
inline constexpr const char* kHome = "\ue88a";
inline constexpr const char* kDesktop = "\ue30c";
inline constexpr const char* kCapsLock = "\ue318";
inline constexpr const char* kEdit = "\ue3c9";
inline constexpr const char* kCopy = "\ue14d";
inline constexpr const char* kPrint = "\ue8ad";
inline constexpr const char* kRefresh = "\ue5d5";
inline constexpr const char* kWait = "\ue88b";
inline constexpr const char* kSync = "\ue627";
inline constexpr const char* kHistory = "\ue889";
inline constexpr const char* kInbox = "\ue156";
inline constexpr const char* kBackup = "\ue864";
inline constexpr const char* kBlock = "\ue14b";
inline constexpr const char* kTimer = "\ue425";
inline constexpr const char* kStop = "\ue047";
inline constexpr const char* kStart = "\ue037";
inline constexpr const char* kIdea = "\ue90f";
inline constexpr const char* kLeave = "\ue9ba";
inline constexpr const char* kKeyboard = "\ue312";

// All of them, in the order above.
inline constexpr std::array kAll = {
    kPatients,    kFolder,      kFolderOpen,  kPerson,   kAddPerson,   kRemovePerson,
    kGroup,       kAddFile,     kScan,        kExport,   kDeposit,     kUpload,
    kJournal,     kSecurity,    kShield,      kVerified, kLock,        kUnlock,
    kSearch,      kEye,         kEyeOff,      kClose,    kChevronLeft, kChevronRight,
    kChevronDown, kChevronUp,   kZoomIn,      kZoomOut,  kPlus,        kMinus,
    kFit,         kRotateRight, kRotateLeft,  kDelete,   kDestroy,     kKey,
    kUsb,         kCheck,       kDone,        kWarning,  kInfo,        kError,
    kHelp,        kSettings,    kPalette,     kLanguage, kMore,        kArrowUp,
    kArrowDown,   kArrowLeft,   kArrowRight,  kUndo,     kCalendar,    kDescription,
    kImage,       kReceipt,     kOpenOutside, kSort,     kFilter,      kDrive,
    kHome,        kDesktop,     kCapsLock,    kEdit,     kCopy,        kPrint,
    kRefresh,     kWait,        kSync,        kHistory,  kInbox,       kBackup,
    kBlock,       kTimer,       kStop,        kStart,    kIdea,        kLeave,
    kKeyboard,
};

}  // namespace coffre::ui::icon
