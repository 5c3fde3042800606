#include "protocol/loop/socket_stream.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <uv.h>

#include <utility>

#include "protocol/base/check.h"
#include "protocol/loop/handle.h"
#include "protocol/loop/socket_address.h"

namespace hearth {
namespace {

constexpr unsigned keepalive_s = 60;  // a vanished peer is noticed; below the NAT timeouts that people meet

Error connection_error(int status) { return {ErrorKind::disconnected, uv_strerror(status)}; }

/// Bytes on their way: they belong to libuv until its callback, whatever becomes of the stream.
struct WriteRequest {
  uv_write_t request{};
  Bytes bytes;
};

class SocketStream final : public Stream {
 public:
  /// uv_tcp_open() takes any stream socket, Unix ones too, as its documentation says.
  [[nodiscard]] int open(Loop& loop, FileDescriptor& socket) {
    int status = handle_.init(this, [&loop](uv_tcp_t* block) { return uv_tcp_init(loop.uv(), block); });
    if (status == 0) status = uv_tcp_open(handle_.get(), socket.get());
    if (status == 0) static_cast<void>(socket.release());
    return status;
  }

  void set_peer(std::string address, std::optional<std::uint32_t> uid) {
    peer_address_ = std::move(address);
    peer_uid_ = uid;
  }

  void tune_tcp() {
    // Both are wishes: without them the connection still works.
    uv_tcp_nodelay(handle_.get(), 1);
    uv_tcp_keepalive(handle_.get(), 1, keepalive_s);
  }

  void start(StreamEvents& events) override {
    events_ = &events;
    resume_reading();
  }

  void pause_reading() override {
    if (!reading_) return;
    reading_ = false;
    uv_read_stop(stream());
  }

  void resume_reading() override {
    if (reading_ || ended_ || !handle_.is_open()) return;
    HEARTH_CHECK(uv_read_start(stream(), lend_buffer, on_read) == 0);
    reading_ = true;
  }

  void write(Bytes bytes) override {
    if (!handle_.is_open() || broken_) return;
    HEARTH_CHECK(!writing_finished_);
    written_bytes_ += static_cast<std::int64_t>(bytes.size());
    std::size_t sent = 0;
    if (pending_writes_ == 0) {
      const uv_buf_t whole = {bytes.data(), bytes.size()};
      const int taken = uv_try_write(stream(), &whole, 1);
      if (taken > 0) sent = static_cast<std::size_t>(taken);
      if (sent == bytes.size()) return;
    }
    // What went wrong above goes wrong again here, and is then reported from the loop instead of from inside this call.
    queue_write(std::move(bytes), sent);
  }

  [[nodiscard]] std::size_t unsent_bytes() const override {
    return handle_.is_open() ? uv_stream_get_write_queue_size(stream()) : 0;
  }

  /// Signed: on a Unix socket the kernel counts its own overhead as not taken.
  [[nodiscard]] std::int64_t taken_by_peer() const override {
    if (!handle_.is_open()) return written_bytes_;
    uv_os_fd_t socket = -1;
    int in_kernel = 0;
    if (uv_fileno(as_base(handle_.get()), &socket) != 0 || ioctl(socket, SIOCOUTQ, &in_kernel) != 0) in_kernel = 0;
    return written_bytes_ - static_cast<std::int64_t>(unsent_bytes()) - in_kernel;
  }

  void finish_writing() override {
    if (!handle_.is_open() || broken_ || writing_finished_) return;
    writing_finished_ = true;
    auto request = std::make_unique<uv_shutdown_t>();
    const auto done = [](uv_shutdown_t* finished, int) { delete finished; };
    if (uv_shutdown(request.get(), stream(), done) == 0) static_cast<void>(request.release());
  }

  void close() override {
    handle_.close();
    reading_ = false;
    events_ = nullptr;
  }

  [[nodiscard]] std::string peer_address() const override { return peer_address_; }
  [[nodiscard]] std::optional<std::uint32_t> peer_uid() const override { return peer_uid_; }
  [[nodiscard]] std::optional<TlsIdentity> tls_identity() const override { return std::nullopt; }

 private:
  [[nodiscard]] uv_stream_t* stream() const { return reinterpret_cast<uv_stream_t*>(handle_.get()); }

  static void lend_buffer(uv_handle_t* block, std::size_t, uv_buf_t* buffer) {
    buffer->base = static_cast<char*>(uv_loop_get_data(uv_handle_get_loop(block)));
    buffer->len = shared_read_buffer_bytes;
  }

  static void on_read(uv_stream_t* block, ssize_t count, const uv_buf_t* buffer) {
    auto* self = owner_of<SocketStream>(block);
    if (self == nullptr || count == 0) return;  // 0 is "nothing yet", not the end
    if (count > 0) return self->events_->on_bytes({buffer->base, static_cast<std::size_t>(count)});
    if (count != UV_EOF) return self->break_off(static_cast<int>(count));
    self->ended_ = true;
    self->pause_reading();
    self->events_->on_end(std::nullopt);
  }

  void queue_write(Bytes bytes, std::size_t sent) {
    auto queued = std::make_unique<WriteRequest>();
    queued->bytes = std::move(bytes);
    const uv_buf_t rest = {queued->bytes.data() + sent, queued->bytes.size() - sent};
    uv_req_set_data(reinterpret_cast<uv_req_t*>(&queued->request), queued.get());
    HEARTH_CHECK(uv_write(&queued->request, stream(), &rest, 1, on_written) == 0);
    static_cast<void>(queued.release());
    ++pending_writes_;
  }

  static void on_written(uv_write_t* request, int status) {
    const std::unique_ptr<WriteRequest> written(
        static_cast<WriteRequest*>(uv_req_get_data(reinterpret_cast<uv_req_t*>(request))));
    auto* self = owner_of<SocketStream>(request->handle);  // the handle's block outlives its requests
    if (self == nullptr) return;
    --self->pending_writes_;
    if (status < 0) return self->break_off(status);
    if (self->pending_writes_ == 0 && !self->broken_) self->events_->on_drained();
  }

  void break_off(int status) {
    if (broken_) return;
    broken_ = true;
    ended_ = true;
    pause_reading();
    events_->on_end(connection_error(status));
  }

  Handle<uv_tcp_t> handle_;
  StreamEvents* events_ = nullptr;
  std::string peer_address_;
  std::optional<std::uint32_t> peer_uid_;
  std::size_t pending_writes_ = 0;
  std::int64_t written_bytes_ = 0;  ///< all that was ever to be sent
  bool reading_ = false;
  bool ended_ = false;
  bool broken_ = false;
  bool writing_finished_ = false;
};

/// The user at the other end of a Unix socket, as the kernel noted at connect().
std::optional<std::uint32_t> uid_of_peer(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  return credentials.uid;
}

}  // namespace

Result<std::unique_ptr<Stream>> stream_of_socket(Loop& loop, FileDescriptor socket, const sockaddr_storage& peer) {
  loop.assert_on_loop_thread();
  auto stream = std::make_unique<SocketStream>();
  if (peer.ss_family == AF_UNIX) {
    stream->set_peer("unix socket", uid_of_peer(socket.get()));
  } else {
    stream->set_peer(host_and_port(numeric_host(peer), port_of(peer)), std::nullopt);
  }
  if (const int status = stream->open(loop, socket); status != 0)
    return tl::unexpected<Error>(connection_error(status));
  if (peer.ss_family != AF_UNIX) stream->tune_tcp();
  return stream;
}

}  // namespace hearth
