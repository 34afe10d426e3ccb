#include "core/base/channel.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/socket.h>

namespace coffre {

Result<std::pair<Channel, Channel>> Channel::pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(Code::kFailed, N_("a channel to another process cannot be made"));
  }
  return std::pair{Channel(File(ends[0])), Channel(File(ends[1]))};
}

Status Channel::send(ByteView message) const {
  while (true) {
    const ssize_t sent =
        ::send(socket_.fd(), message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return {};
    if (errno != EINTR) return fail(Code::kFailed, N_("the other process does not listen"));
  }
}

std::optional<std::size_t> Channel::receive(MutableByteView out, Clock& clock,
                                            std::int64_t deadline_ms) const {
  // Not longer at once than an int holds, nor than a clock that was suspended should wait.
  constexpr std::int64_t kWaitMax = 60'000;
  while (true) {
    const std::int64_t left = deadline_ms - clock.steady_ms();
    pollfd waited{.fd = socket_.fd(), .events = POLLIN, .revents = 0};
    const int ready =
        ::poll(&waited, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, kWaitMax)));
    if (ready < 0 && errno != EINTR) return 0;
    if (ready <= 0) {
      if (clock.steady_ms() >= deadline_ms) return std::nullopt;
      continue;
    }
    // MSG_TRUNC: the size that was sent, not what fits. No room for descriptors is offered.
    const ssize_t got =
        ::recv(socket_.fd(), out.data(), out.size(), MSG_TRUNC | MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR && errno != EAGAIN) return 0;
  }
}

void Channel::shut() const { (void)::shutdown(socket_.fd(), SHUT_RDWR); }

}  // namespace coffre
