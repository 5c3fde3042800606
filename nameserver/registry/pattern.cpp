#include "nameserver/registry/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <array>
#include <utility>

#include "nameserver/registry/pattern_translator.h"
#include "protocol/base/check.h"

namespace hearth {
namespace {

/// What TranslatedPattern::pcre_pattern is written for.
constexpr std::uint32_t compile_options =
    PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED | PCRE2_DOTALL | PCRE2_MULTILINE | PCRE2_ALT_CIRCUMFLEX;

/// PCRE2 does not tell how many steps a match took, only that a limit was too low. So a name is tried with
/// a low limit first, then with ones this much higher, and a search pays for the limits that did not do.
constexpr std::uint64_t first_try_steps = 64;
constexpr std::uint64_t next_try_factor = 8;

/// What even the longest name may take: patterns without any backtracking need some steps too.
constexpr std::uint64_t name_steps_min = 16;

/// One step is cheap, unless it runs over a long name ("x*"), looks every character up in a large set, or
/// saves hundreds of groups. Then it counts for several. The sizes are guesses, checked with hostile
/// patterns: whatever uses up pattern_list_steps_max, the search ends after one to three seconds.
constexpr std::size_t name_bytes_per_step = 128;
constexpr std::size_t set_items_per_step = 32;
constexpr std::size_t frame_bytes_per_step = 1024;

/// How many levels of PCRE2 groups one level of ours becomes at most (a repeated lookaround is wrapped),
/// and how many the spelled out ASCII \b adds.
constexpr std::uint32_t pcre_levels_per_level = 2;
constexpr std::uint32_t pcre_levels_extra = 2;

struct ReleaseCompileContext {
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
};

/// Errors of patterns that are right but too much for PCRE2.
bool is_compile_limit(int error) {
  return error == PCRE2_ERROR_PATTERN_TOO_LARGE || error == PCRE2_ERROR_PATTERN_TOO_COMPLICATED ||
         error == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP || error == PCRE2_ERROR_LOOKBEHIND_TOO_LONG ||
         error == PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED || error == PCRE2_ERROR_TOO_MANY_CAPTURES ||
         error == PCRE2_ERROR_HEAP_FAILED;
}

bool is_match_limit(int outcome) {
  return outcome == PCRE2_ERROR_MATCHLIMIT || outcome == PCRE2_ERROR_HEAPLIMIT || outcome == PCRE2_ERROR_DEPTHLIMIT ||
         outcome == PCRE2_ERROR_NOMEMORY;
}

bool is_not_utf8(int outcome) { return outcome <= PCRE2_ERROR_UTF8_ERR1 && outcome >= PCRE2_ERROR_UTF8_ERR21; }

std::string error_text(int error) {
  std::array<PCRE2_UCHAR, 256> text{};
  const int length = pcre2_get_error_message(error, text.data(), text.size());
  HEARTH_CHECK(length > 0);
  return std::string(text.begin(), text.begin() + length);
}

PCRE2_SPTR as_units(std::string_view text) {
  // An empty view may hold a null pointer, which PCRE2 10.42 only takes for the empty string in some places.
  return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
}

}  // namespace

void Pattern::Release::operator()(pcre2_real_code_8* code) const { pcre2_code_free(code); }
void Pattern::Release::operator()(pcre2_real_match_data_8* data) const { pcre2_match_data_free(data); }
void Pattern::Release::operator()(pcre2_real_match_context_8* context) const { pcre2_match_context_free(context); }

Result<Pattern> Pattern::compile(std::string_view python_pattern, const Limits& limits) {
  if (python_pattern.size() > limits.pattern_bytes_max) {
    const std::string bytes_max = std::to_string(limits.pattern_bytes_max);
    return fail(ErrorKind::limit, "pattern is longer than " + bytes_max + " bytes");
  }
  auto translated = translate_pattern(python_pattern, limits);
  if (!translated) return forward_error(translated);

  const std::unique_ptr<pcre2_compile_context, ReleaseCompileContext> how(pcre2_compile_context_create(nullptr));
  HEARTH_CHECK(how != nullptr);
  pcre2_set_newline(how.get(), PCRE2_NEWLINE_LF);
  pcre2_set_parens_nest_limit(how.get(), pcre_levels_per_level * limits.pattern_nesting_max + pcre_levels_extra);

  Pattern pattern;
  int error = 0;
  PCRE2_SIZE error_offset = 0;
  const std::string& text = translated->pcre_pattern;
  pattern.code_.reset(pcre2_compile(as_units(text), text.size(), compile_options, &error, &error_offset, how.get()));
  if (pattern.code_ == nullptr) {
    return fail(is_compile_limit(error) ? ErrorKind::limit : ErrorKind::malformed, error_text(error));
  }
  pattern.data_.reset(pcre2_match_data_create(1, nullptr));
  pattern.context_.reset(pcre2_match_context_create(nullptr));
  HEARTH_CHECK(pattern.data_ != nullptr && pattern.context_ != nullptr);
  pcre2_set_heap_limit(pattern.context_.get(), limits.pattern_heap_bytes_max / 1024);
  pattern.literal_prefix_ = std::move(translated->literal_prefix);
  std::size_t frame_bytes = 0;
  HEARTH_CHECK(pcre2_pattern_info(pattern.code_.get(), PCRE2_INFO_FRAMESIZE, &frame_bytes) == 0);
  pattern.step_weight_ = 1 + translated->set_items_max / set_items_per_step + frame_bytes / frame_bytes_per_step;
  pattern.name_steps_max_ = limits.pattern_match_steps_max;
  pattern.steps_left_ = limits.pattern_list_steps_max;
  return pattern;
}

bool Pattern::pay(std::uint64_t steps) {
  const bool is_affordable = steps <= steps_left_;
  steps_left_ = is_affordable ? steps_left_ - steps : 0;
  return is_affordable;
}

Result<bool> Pattern::matches(std::string_view name) {
  const std::uint64_t step_cost = step_weight_ * (1 + name.size() / name_bytes_per_step);
  const std::uint64_t name_steps = std::max(name_steps_max_ / step_cost, name_steps_min);
  std::uint64_t steps = std::min(first_try_steps, name_steps);
  std::uint64_t price = step_cost;
  while (pay(price)) {
    pcre2_set_match_limit(context_.get(), static_cast<std::uint32_t>(steps));
    const int outcome = pcre2_match(code_.get(), as_units(name), name.size(), 0, 0, data_.get(), context_.get());
    if (outcome >= 0) return true;
    if (outcome == PCRE2_ERROR_NOMATCH || is_not_utf8(outcome)) return false;
    HEARTH_CHECK(is_match_limit(outcome));
    if (outcome != PCRE2_ERROR_MATCHLIMIT || steps == name_steps) break;
    price = steps * step_cost;
    steps = std::min(steps * next_try_factor, name_steps);
  }
  return fail(ErrorKind::limit, "regular expression needs too much backtracking");
}

}  // namespace hearth
