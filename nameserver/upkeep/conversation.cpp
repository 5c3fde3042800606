#include "nameserver/upkeep/conversation.h"

#include <utility>

#include "nameserver/upkeep/private_mounts.h"
#include "protocol/tls/tls_record.h"

namespace hearth {
namespace {

constexpr std::string_view daemon_object = "Pyro.Daemon";
constexpr std::string_view unknown_object = "unknown object";  // Pyro4/core.py DaemonObject.get_metadata

ClientSessionSettings session_settings(Conversation::Language language, const Limits& limits) {
  ClientSessionSettings settings;
  settings.dialect = language == Conversation::Language::pyro4 ? Dialect::pyro4 : Dialect::pyro5;
  settings.limits = limits;
  settings.limits.reply_bytes_max = limits.autoclean_reply_bytes_max;
  settings.limits.reply_value_nodes_max = limits.decode.value_nodes_max;
  return settings;
}

Heard connection_failed(Error error, const std::string& unix_path) {
  switch (error.kind) {
    case ErrorKind::timeout: return {Heard::What::no_answer, std::move(error.text)};
    case ErrorKind::disconnected: break;
    default: return {Heard::What::cannot_tell, std::move(error.text)};
  }
  const bool is_hidden = !unix_path.empty() && is_below_private_mount(unix_path);
  return {is_hidden ? Heard::What::cannot_tell : Heard::What::nobody, std::move(error.text)};
}

/// nullopt: no list of texts.
std::optional<ObjectIds> object_ids(const Value& value) {
  const std::vector<Value>* items = value.as_items();
  if (items == nullptr) return std::nullopt;
  ObjectIds ids;
  for (const Value& item : *items) {
    const std::string* id = item.as_str();
    if (id == nullptr) return std::nullopt;
    ids.insert(*id);
  }
  return ids;
}

}  // namespace

Conversation::Conversation(Loop& loop, const Limits& limits, const Location& location, std::string object,
                           Language language, Told told)
    : loop_(loop),
      object_(std::move(object)),
      language_(language),
      unix_path_(location.socket_path),
      deadline_ms_(loop.now_ms() + limits.autoclean_probe_timeout_ms),
      session_(session_settings(language, limits)),
      told_(std::move(told)),
      timer_(loop, [this] { on_timeout(); }) {
  auto connected = [this](Result<std::unique_ptr<Stream>> result) { on_connected(std::move(result)); };
  const std::uint64_t timeout_ms = limits.autoclean_probe_timeout_ms;
  if (location.is_unix_socket()) {
    place_ = location.text;
    pending_ = connect_unix(loop, location.socket_path, timeout_ms, std::move(connected));
  } else {
    pending_ = connect_tcp(loop, location.host, location.port, timeout_ms, std::move(connected));
  }
}

void Conversation::close() {
  timer_.stop();
  pending_.reset();
  if (stream_) stream_->close();
}

void Conversation::on_connected(Result<std::unique_ptr<Stream>> result) {
  if (!result) return finish(connection_failed(std::move(result.error()), unix_path_));
  stream_ = std::move(*result);
  if (unix_path_.empty()) place_ = stream_->peer_address();
  const std::uint64_t now_ms = loop_.now_ms();
  timer_.start_once(deadline_ms_ > now_ms ? deadline_ms_ - now_ms : 0);
  stream_->start(*this);
  say_first_word();
}

void Conversation::say_first_word() {
  if (language_ == Language::tls) return stream_->write(Bytes(tls_probe_hello()));
  auto hello = session_.connect("hello", object_.empty() ? daemon_object : std::string_view(object_));
  if (!hello) return finish({Heard::What::cannot_tell, std::move(hello.error().text)});
  stream_->write(std::move(*hello));
}

void Conversation::on_bytes(BytesView bytes) {
  if (speech_ == Speech::unclear) {
    first_bytes_.append(bytes);
    bytes = first_bytes_;
    speech_ = speech_of(bytes);
  }
  switch (speech_) {
    case Speech::unclear: return;
    case Speech::tls: return finish({Heard::What::tls});
    case Speech::other: return finish({Heard::What::stranger});
    case Speech::pyro: break;
  }
  if (language_ == Language::tls) return finish({Heard::What::pyro});
  read_pyro(bytes);
}

void Conversation::read_pyro(BytesView bytes) {
  session_.receive(bytes);
  for (;;) {
    auto reply = session_.next();
    if (!reply) return finish({Heard::What::pyro});  // we cannot read it: another key, another version
    if (!*reply) return;
    if (auto heard = answer_to(**reply)) return finish(std::move(*heard));
  }
}

std::optional<Heard> Conversation::answer_to(Reply& reply) {
  if (std::holds_alternative<OtherDialect>(reply)) return Heard{Heard::What::other_dialect};
  Heard heard{Heard::What::pyro};
  if (const auto* refused = std::get_if<Refused>(&reply)) {
    const bool knows_no_such_object = refused->reason.find(unknown_object) != std::string::npos;
    if (knows_no_such_object && !object_.empty()) heard.objects.emplace();
    return heard;
  }
  if (std::holds_alternative<Connected>(reply)) {
    if (!object_.empty()) return heard;
    auto question = session_.invoke({daemon_object, "registered", make_tuple({}), Dict{}});
    if (!question) return heard;
    stream_->write(std::move(*question));
    return std::nullopt;
  }
  if (const auto* result = std::get_if<CallResult>(&reply); result != nullptr && *result) {
    heard.objects = object_ids(**result);
  }
  return heard;
}

void Conversation::on_end(const std::optional<Error>&) {
  finish({speech_ == Speech::pyro ? Heard::What::pyro : Heard::What::hung_up});
}

void Conversation::on_timeout() { finish({speech_ == Speech::pyro ? Heard::What::pyro : Heard::What::silence}); }

/// The last thing done.
void Conversation::finish(Heard heard) {
  heard.place = std::move(place_);
  close();
  const Told told = std::move(told_);
  told(std::move(heard));
}

}  // namespace hearth
