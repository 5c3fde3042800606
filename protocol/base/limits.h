/// Every cap on what a peer can make us hold, build or wait for: one place, each with its unit and its reason.
///
/// Layer: base.        Thread rule: plain data, set at the start and at a reload, constant in between.
/// Units come last in the names. Tests inject tiny limits; nobody hard-codes a number elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hearth {

// A table, one limit a line.
// clang-format off

/// What a decoder may build out of bytes it does not trust.
struct DecodeLimits {
  std::uint32_t nesting_max = 200;  ///< levels; Python's serpent writes no more (recursion limit / 5), and we recurse
  std::uint32_t value_nodes_max = 1000000;  ///< values; "[[],[],…" is cheap to send and 20 times dearer to hold
  std::uint32_t int_digits_max = 4300;  ///< decimal digits; CPython's own cap, conversion is quadratic
};

struct Limits {
  DecodeLimits decode;

  std::uint32_t message_bytes_max = 16U << 20U;  ///< annotations + payload of a request, refused at the header; payload again when inflated
  std::uint32_t compress_bytes_max = 4U << 20U;  ///< of a reply; a guess: zlib takes tens of ms for one MiB, and the loop waits
  std::uint32_t reply_bytes_max = 1U << 30U;  ///< a list of a million names is legitimate; the v48 length field ends at 2 GiB
  std::uint32_t reply_value_nodes_max = 20000000;  ///< values in a reply that a client reads; a million names with a dozen tags each
  std::uint32_t turn_items_max = 1000;  ///< registrations that one call looks at before everybody else has a turn; half a millisecond of work
  std::uint32_t turn_bytes_max = 256U << 10U;  ///< of a reply that one call writes in a turn, for the same reason, where texts are long
  std::uint32_t turns_ms = 2;  ///< calls that go on take turns for so long between two looks at the sockets, however many they are
  std::uint32_t large_reply_bytes_min = 8U << 20U;  ///< a reply that has grown so long needs a place to go on
  std::uint32_t large_replies_max = 2;  ///< such replies being built at once; together they hold what two clients may cost, not ten thousand
  std::uint32_t handshake_bytes_max = 64U << 10U;  ///< the same for a CONNECT: nobody has shown yet that it is a client
  std::uint32_t handshake_nodes_max = 1000;  ///< values in a CONNECT, for the same reason
  std::uint32_t handshake_value_bytes_max = 256;  ///< of a handshake value that is kept with the connection, since it may be a token (64 bytes)
  std::uint32_t tls_handshake_bytes_max = 64U << 10U;  ///< of a peer in a TLS handshake; long chains of certificates have some 10 KiB
  std::uint32_t tls_handshakes_per_turn_max = 4;  ///< steps of TLS handshakes between two looks at the other sockets; each may cost a millisecond
  std::uint32_t batch_result_nodes_max = 1000000;  ///< values; results of a batch are held until its end, so it stops when it has so many

  std::uint32_t connections_max = 10000;  ///< sockets; main lowers it to fit RLIMIT_NOFILE; at it the oldest without a handshake goes, or we stop accepting
  std::uint32_t connections_per_source_max = 5000;  ///< of one address: half of all, so that nobody can use up everybody's
  std::uint32_t stranger_grace_ms = 1000;  ///< for a CONNECT while all places are taken: a few round trips; then the place is somebody else's
  std::uint32_t idle_timeout_ms = 0;  ///< without a request; 0: never, since the next call of a stock proxy that was closed on fails
  std::uint32_t source_calls_per_second_max = 0;  ///< of one address, all its connections together, with a burst of ten seconds' worth; 0: any number
  std::uint32_t handshake_timeout_ms = 10000;  ///< connect to CONNECT; afterwards an idle client is never closed
  std::uint32_t frame_timeout_ms = 30000;  ///< first to last byte of a frame after the handshake; for taking any byte of a reply
  std::uint32_t closing_timeout_ms = 2000;  ///< for the peer to read our last words before we close on it
  std::size_t write_queue_bytes_max = 8U << 20U;  ///< replies to pipelined calls, beyond the last of them; no call starts until they are sent
  std::uint32_t shutdown_flush_ms = 3000;  ///< for replies still unsent when the server stops

  std::uint32_t names_max = 5000000;  ///< registrations; with two tags each they take 1.3 GB of memory
  std::uint32_t name_bytes_max = 64U << 10U;  ///< far beyond what people read; every list of a prefix carries it
  std::uint32_t uri_bytes_max = 1U << 20U;  ///< far beyond any location; a lookup carries it, however often it is asked
  std::uint32_t tag_bytes_max = 64U << 10U;  ///< as a name, for the same reason
  std::uint32_t tags_per_name_max = 10000;  ///< a name with a million tags makes every list of it slow
  std::uint32_t pattern_bytes_max = 4096;  ///< a longer regular expression is no search any more
  std::uint32_t pattern_nesting_max = 200;  ///< groups in groups; our parser and PCRE2's compiler recurse
  std::uint32_t pattern_heap_bytes_max = 16U << 20U;  ///< what PCRE2 may remember to backtrack to; its own default is 20 GB
  std::uint32_t pattern_match_steps_max = 100000;  ///< PCRE2 backtracking steps for one name; "(a+)+$" must not hold the loop
  std::uint32_t pattern_list_steps_max = 4000000;  ///< PCRE2 steps for one whole list or remove, some 0.3 s of work when used up

  std::uint32_t commit_items_max = 10000;  ///< mutations that share one sync; bounds the wait of the first of them
  std::size_t commit_bytes_max = 8U << 20U;  ///< text in one commit, for the same reason
  std::uint32_t commit_queue_items_max = 200000;  ///< mutations waiting for the disk; beyond it writes are refused as overloaded
  std::size_t commit_queue_bytes_max = 256U << 20U;  ///< text in them, for the same reason

  std::uint32_t discovery_answers_per_second_max = 100;  ///< to one source, so that a forged question cannot turn us against it
  std::uint32_t discovery_burst_max = 300;  ///< answers to one source at once: a node that starts a hundred workers asks so often
  std::uint32_t discovery_sources_max = 4096;  ///< askers remembered for that; the one silent for longest is forgotten first
  std::uint32_t rival_search_period_ms = 60000;  ///< a second name server is noticed within that time
  std::uint32_t rival_search_window_ms = 700;  ///< for answers to one search: what clients wait (Pyro4/core.py _locateNS)
  std::uint32_t broadcast_answers_max = 64;  ///< name servers that a client hears in one search; a hostile one may invent any number
  std::uint32_t rivals_max = 32;  ///< remembered; a hostile one may invent any number

  std::uint32_t autoclean_grace_ms = 20000;  ///< unreachable for so long: removed (Pyro4/naming.py max_unreachable_time)
  std::uint32_t autoclean_silence_ms = 600000;  ///< the same for one that takes our connection and says nothing: it may be busy
  std::uint32_t autoclean_probe_timeout_ms = 5000;  ///< to resolve, connect and shake hands, as in the reference
  std::uint32_t autoclean_probes_max = 64;  ///< at once; each is a socket
  std::uint32_t autoclean_probes_per_host_max = 16;  ///< at once; a threaded Pyro server has 40 workers in all
  std::uint32_t autoclean_names_per_turn_max = 1000;  ///< looked at between two looks at the sockets; about a millisecond
  std::uint32_t autoclean_silent_probe_ms = 60000;  ///< between two probes of a busy server: each takes one of the 100 places in its queue
  std::uint32_t autoclean_reply_bytes_max = 4U << 20U;  ///< of a probed server: the ids of some 80,000 objects
  std::uint32_t autoclean_pause_ms = 5000;  ///< this process stood still for so long: what it missed says nothing about others
  std::uint32_t autoclean_brake_locations_min = 10;  ///< with fewer locations, half of them failing means little

  std::uint32_t storage_retry_ms = 1000;  ///< between two attempts to reopen a storage that failed: a broken disk is slow
  std::uint32_t backup_chunk_bytes_max = 256U << 10U;  ///< of a backup, copied between two commits, and sent in one reply: about a millisecond each
  std::uint32_t backup_silence_ms = 20000;  ///< nobody has asked for the next piece of a backup for so long: it is given up, and its room freed
};

// clang-format on

/// Text of one log line. journald cuts a line of 48 KiB in two (LineMax=), and what a peer has put behind the cut would pass
/// for a line of ours; so much is also more than anybody reads.
inline constexpr std::size_t log_text_bytes_max = 4U << 10U;

/// The file of access rules: some ten thousand of them. Without a bound a wrong path could eat the memory.
inline constexpr std::size_t access_file_bytes_max = 1U << 20U;

/// In that file. Whoever sends an unknown token makes us hash it with the salt of each: a millisecond for so many.
inline constexpr std::size_t access_tokens_max = 1000;

/// Of one block of a large reply. Its blocks are written and freed one by one: neither takes longer than a turn should.
inline constexpr std::size_t reply_block_bytes = 1U << 20U;

/// Calls of one connection that have arrived together are worked off for so long in a turn, and answered with one write: some fifty
/// lookups, or one call that takes longer.
inline constexpr std::uint32_t pipelined_calls_us = 200;

/// Between two STATUS= lines for the service manager, which wakes and stores each.
inline constexpr std::uint32_t service_status_period_ms = 2000;

}  // namespace hearth
