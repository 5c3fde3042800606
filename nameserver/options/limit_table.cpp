#include "nameserver/options/limit_table.h"

#include <algorithm>

#include "protocol/base/check.h"

namespace hearth {
namespace {

using enum LimitUnit;

constexpr std::uint64_t kib = 1024;
constexpr std::uint64_t mib = 1024 * kib;
constexpr std::uint64_t gib = 1024 * mib;
constexpr std::uint64_t second = 1000;
constexpr std::uint64_t hour = 3600 * second;
constexpr std::uint64_t day = 24 * hour;
constexpr std::uint64_t week = 7 * day;

// A table, one limit a line.
// clang-format off

constexpr Limit table[] = {
    // A call is four levels deep. Values are read, printed, compared and freed by recursion.
    {"nesting-max", &DecodeLimits::nesting_max, count, 10, 1000},
    {"value-nodes-max", &DecodeLimits::value_nodes_max, count, 1000, 20'000'000},
    // From CPython's own minimum to where a message full of such numbers takes a second or two.
    {"int-digits-max", &DecodeLimits::int_digits_max, count, 640, 20'000},

    // A register call with a short name and URI is some 200 bytes. v48 has a signed length field of 32 bits.
    {"message-bytes-max", &Limits::message_bytes_max, bytes, 512, gib},
    {"compress-bytes-max", &Limits::compress_bytes_max, bytes, 0, 64 * mib},
    {"reply-bytes-max", &Limits::reply_bytes_max, bytes, 64 * kib, 2 * gib - 1},
    {"reply-value-nodes-max", &Limits::reply_value_nodes_max, count, 1000, 200'000'000},
    // At their upper bounds a turn is some hundred milliseconds, in which nobody else is served.
    {"turn-items-max", &Limits::turn_items_max, count, 1, 100'000},
    {"turn-bytes-max", &Limits::turn_bytes_max, bytes, kib, 64 * mib},
    {"turns-ms", &Limits::turns_ms, milliseconds, 0, 1000},
    {"large-reply-bytes-min", &Limits::large_reply_bytes_min, bytes, 64 * kib, 2 * gib - 1},
    {"large-replies-max", &Limits::large_replies_max, count, 1, 10'000},
    {"handshake-bytes-max", &Limits::handshake_bytes_max, bytes, kib, 16 * mib},
    {"handshake-nodes-max", &Limits::handshake_nodes_max, count, 50, 1'000'000},
    {"handshake-value-bytes-max", &Limits::handshake_value_bytes_max, bytes, 64, 64 * kib},
    {"tls-handshake-bytes-max", &Limits::tls_handshake_bytes_max, bytes, 8 * kib, mib},
    {"tls-handshakes-per-turn-max", &Limits::tls_handshakes_per_turn_max, count, 1, 10'000},
    {"batch-result-nodes-max", &Limits::batch_result_nodes_max, count, 100, 20'000'000},

    // An administrator, a monitor and a few clients get in. The system's limit of descriptors lowers it further.
    {"connections-max", &Limits::connections_max, count, 10, 1'000'000},
    {"connections-per-source-max", &Limits::connections_per_source_max, count, 1, 1'000'000},
    {"stranger-grace-ms", &Limits::stranger_grace_ms, milliseconds, 0, hour},
    {"idle-timeout-ms", &Limits::idle_timeout_ms, milliseconds, 0, week},
    {"source-calls-per-second-max", &Limits::source_calls_per_second_max, count, 0, 1'000'000},
    {"handshake-timeout-ms", &Limits::handshake_timeout_ms, milliseconds, 100, hour},
    {"frame-timeout-ms", &Limits::frame_timeout_ms, milliseconds, 100, hour},
    {"closing-timeout-ms", &Limits::closing_timeout_ms, milliseconds, 1, 60 * second},
    // 0 would start no call ever.
    {"write-queue-bytes-max", &Limits::write_queue_bytes_max, bytes, kib, gib},
    {"shutdown-flush-ms", &Limits::shutdown_flush_ms, milliseconds, 0, 600 * second},

    // The name server's own entry and a hostname must fit.
    {"names-max", &Limits::names_max, count, 10, 100'000'000},
    {"name-bytes-max", &Limits::name_bytes_max, bytes, 64, mib},
    {"uri-bytes-max", &Limits::uri_bytes_max, bytes, 512, 16 * mib},
    {"tag-bytes-max", &Limits::tag_bytes_max, bytes, 64, mib},
    {"tags-per-name-max", &Limits::tags_per_name_max, count, 1, 1'000'000},
    {"registrations-per-owner-max", &Limits::registrations_per_owner_max, count, 1, 100'000'000},

    {"pattern-bytes-max", &Limits::pattern_bytes_max, bytes, 16, 32 * kib},
    // Our parser and PCRE2's compiler recurse, with two levels of PCRE2's for one of ours.
    {"pattern-nesting-max", &Limits::pattern_nesting_max, count, 1, 400},
    {"pattern-heap-bytes-max", &Limits::pattern_heap_bytes_max, bytes, 64 * kib, gib},
    // Ten times the default is seconds of work for one hostile pattern, in which nobody else is served.
    {"pattern-match-steps-max", &Limits::pattern_match_steps_max, count, 100, 1'000'000},
    {"pattern-list-steps-max", &Limits::pattern_list_steps_max, count, 1000, 40'000'000},

    {"commit-items-max", &Limits::commit_items_max, count, 1, 1'000'000},
    {"commit-bytes-max", &Limits::commit_bytes_max, bytes, kib, gib},
    // As many as one remove of a prefix is; the server's own registration must fit as well.
    {"commit-queue-items-max", &Limits::commit_queue_items_max, count, 10, 10'000'000},
    {"commit-queue-bytes-max", &Limits::commit_queue_bytes_max, bytes, 64 * kib, 2 * gib},

    {"discovery-answers-per-second-max", &Limits::discovery_answers_per_second_max, count, 1, 100'000},
    {"discovery-burst-max", &Limits::discovery_burst_max, count, 1, 1'000'000},
    {"discovery-sources-max", &Limits::discovery_sources_max, count, 1, 1'000'000},
    {"rival-search-period-ms", &Limits::rival_search_period_ms, milliseconds, second, day},
    {"rival-search-window-ms", &Limits::rival_search_window_ms, milliseconds, 10, 60 * second},
    {"broadcast-answers-max", &Limits::broadcast_answers_max, count, 1, 10'000},
    {"rivals-max", &Limits::rivals_max, count, 1, 10'000},

    {"autoclean-grace-ms", &Limits::autoclean_grace_ms, milliseconds, 0, week},
    {"autoclean-silence-ms", &Limits::autoclean_silence_ms, milliseconds, 0, week},
    {"autoclean-probe-timeout-ms", &Limits::autoclean_probe_timeout_ms, milliseconds, 100, 600 * second},
    {"autoclean-probes-max", &Limits::autoclean_probes_max, count, 1, 10'000},
    {"autoclean-probes-per-host-max", &Limits::autoclean_probes_per_host_max, count, 1, 10'000},
    {"autoclean-names-per-turn-max", &Limits::autoclean_names_per_turn_max, count, 1, 1'000'000},
    {"autoclean-silent-probe-ms", &Limits::autoclean_silent_probe_ms, milliseconds, second, day},
    {"autoclean-reply-bytes-max", &Limits::autoclean_reply_bytes_max, bytes, 64 * kib, gib},
    // Below three ticks of its clock a busy machine would look paused.
    {"autoclean-pause-ms", &Limits::autoclean_pause_ms, milliseconds, 3 * second, hour},
    {"autoclean-brake-locations-min", &Limits::autoclean_brake_locations_min, count, 2, 1'000'000},

    // Each attempt opens and checks the file.
    {"storage-retry-ms", &Limits::storage_retry_ms, milliseconds, 10, hour},
    // A page of SQLite's is 64 KiB at most. Ten times the default is as long as anybody should wait for one piece.
    {"backup-chunk-bytes-max", &Limits::backup_chunk_bytes_max, bytes, 64 * kib, 16 * mib},
    {"backup-silence-ms", &Limits::backup_silence_ms, milliseconds, second, hour},
};

// clang-format on

/// Applies `use` to the member, wherever it lies.
template <class AnyLimits, class Use>
auto with_member(const Limit& limit, AnyLimits& limits, Use use) {
  return std::visit(
      [&](auto member) {
        if constexpr (std::is_same_v<decltype(member), std::uint32_t DecodeLimits::*>)
          return use(limits.decode.*member);
        else
          return use(limits.*member);
      },
      limit.member);
}

}  // namespace

std::span<const Limit> limit_table() { return table; }

const Limit* find_limit(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &Limit::name);
  return found == std::end(table) ? nullptr : found;
}

std::uint64_t limit_value(const Limit& limit, const Limits& limits) {
  return with_member(limit, limits, [](auto member) { return std::uint64_t{member}; });
}

void set_limit(const Limit& limit, std::uint64_t value, Limits& limits) {
  HEARTH_CHECK(value <= limit.max);
  with_member(limit, limits,
              [value](auto& member) { member = static_cast<std::remove_reference_t<decltype(member)>>(value); });
}

}  // namespace hearth
