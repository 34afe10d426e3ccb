// Whether a sanitizer is compiled in: it keeps terabytes of addresses for itself, and asks the
// kernel, through a pipe, whether memory can be read. Such builds are for tests and never ship.
#pragma once

namespace coffre::viewer {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(undefined_behavior_sanitizer)
#define COFFRE_SANITIZED 1
#endif
#endif

#if defined(COFFRE_SANITIZED) || defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace coffre::viewer
