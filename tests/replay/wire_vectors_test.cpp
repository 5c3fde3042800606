// Every recorded conversation of real Pyro programs, replayed through the server session without a socket.
#include <doctest/doctest.h>

#include <array>
#include <map>
#include <optional>
#include <string_view>

#include <hearth/repr.h>

#include "tests/support/scripted_name_server.h"
#include "tests/support/wire_vectors.h"

namespace hearth::test {
namespace {

constexpr const char* recorded_uri = "PYRO:Pyro.NameServer@127.0.0.1:19290";

struct Fault {
  std::string_view serializer;
  std::string_view scenario;
};

/// Where the recording shows a fault of the reference instead of the right answer (PYRO.md section 8): marshal cannot carry a
/// URI object inside a tuple, json and msgpack of Pyro5 cannot carry a frozenset.
constexpr std::array<Fault, 4> faults_of_both{{{"marshal", "lookup with metadata"},
                                               {"marshal", "lookup with no metadata"},
                                               {"marshal", "lookup unicode"},
                                               {"marshal", "lookup name server"}}};
constexpr std::array<Fault, 4> faults_of_pyro5{{{"json", "list all with metadata"},
                                                {"json", "list prefix with metadata"},
                                                {"msgpack", "list all with metadata"},
                                                {"msgpack", "list prefix with metadata"}}};

template <class Faults>
bool is_among(const Faults& faults, const WireRecord& record) {
  for (const Fault& fault : faults) {
    if (fault.serializer == record.serializer && fault.scenario == record.scenario) return true;
  }
  return false;
}

bool shows_fault(const WireRecord& record) {
  return is_among(faults_of_both, record) || (record.dialect == Dialect::pyro5 && is_among(faults_of_pyro5, record));
}

/// The answers of the serpent recording to the same question, in the types that this serializer carries.
Value right_answer(const std::vector<WireRecord>& records, const WireRecord& faulty) {
  for (const WireRecord& record : records) {
    if (record.dialect != faulty.dialect || record.serializer != "serpent" || record.scenario != faulty.scenario)
      continue;
    return with_lists_only(payload_of(messages_of(record.replies.front()).front()));
  }
  FAIL("no serpent record of ", faulty.scenario);
  return {};
}

void check_same_head(const Message& ours, const Message& recorded, bool ignore_correlation) {
  CHECK(ours.dialect == recorded.dialect);
  CHECK(ours.type == recorded.type);
  CHECK(ours.sequence == recorded.sequence);
  CHECK(ours.serializer_id == recorded.serializer_id);
  CHECK(ours.flags.batch == recorded.flags.batch);
  CHECK(ours.flags.meta_on_connect == recorded.flags.meta_on_connect);
  CHECK(ours.flags.item_stream == recorded.flags.item_stream);
  CHECK(ours.flags.compressed == recorded.flags.compressed);
  if (!ignore_correlation) CHECK(ours.correlation == recorded.correlation);
}

void check_record(const std::vector<WireRecord>& records, const WireRecord& record, const Bytes& output,
                  bool sent_correlation) {
  const std::vector<Message> ours = messages_of(output);
  REQUIRE(ours.size() == record.replies.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const Message recorded = messages_of(record.replies[i]).front();
    check_same_head(ours[i], recorded, !sent_correlation);
    Value answer = payload_of(ours[i]);
    Value expected = payload_of(recorded);
    if (shows_fault(record)) {
      CHECK_FALSE(ours[i].flags.exception);
      answer = with_lists_only(std::move(answer));
      expected = right_answer(records, record);
    } else {
      CHECK(ours[i].flags.exception == recorded.flags.exception);
    }
    answer = in_canonical_order(std::move(answer));
    expected = in_canonical_order(std::move(expected));
    CHECK_MESSAGE(answer == expected, repr(answer), " instead of ", repr(expected));
  }
}

/// The conversations of one (dialect, serializer) follow each other on one name server.
class Replay {
 public:
  void play(const std::vector<WireRecord>& records, const WireRecord& record) {
    Bytes output;
    bool sent_correlation = false;
    for (const Bytes& request : record.requests) {
      const Message message = messages_of(request).front();
      if (message.type == MessageType::connect) connection_ = server_.connect();
      REQUIRE(connection_ != 0);
      sent_correlation = message.correlation.has_value();
      output += server_.exchange(connection_, request);
    }
    check_record(records, record, output, sent_correlation);
  }

 private:
  ScriptedNameServer server_{recorded_uri};
  ConnectionId connection_ = 0;
};

}  // namespace

TEST_CASE("every recorded conversation gets the recorded answer") {
  const std::vector<WireRecord> records = load_wire_records();
  REQUIRE(records.size() == 701);
  std::map<std::pair<Dialect, std::string>, Replay> replays;
  int faults = 0;
  for (const WireRecord& record : records) {
    CAPTURE(record.scenario);
    CAPTURE(record.serializer);
    CAPTURE(static_cast<int>(record.dialect));
    replays[{record.dialect, record.serializer}].play(records, record);
    if (shows_fault(record)) ++faults;
  }
  CHECK(faults == 12);
}

}  // namespace hearth::test
