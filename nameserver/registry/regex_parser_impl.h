/// regex::Parser: the recursive descent behind parse_regex(). Items and repeats are in regex_parser.cpp,
/// everything that starts with a parenthesis in regex_parser_groups.cpp.
///
/// Layer: registry, private to those two files.        Thread rule: none, plain object, used once.
/// Errors: source_ keeps the first one, and after it every loop here runs dry.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <hearth/result.h>

#include "nameserver/registry/regex_flags.h"
#include "nameserver/registry/regex_groups.h"
#include "nameserver/registry/regex_source.h"
#include "nameserver/registry/regex_tree.h"
#include "protocol/base/limits.h"

namespace hearth::regex {

class Parser {
 public:
  Parser(std::u32string pattern, std::uint32_t nesting_max) : source_(std::move(pattern)), nesting_max_(nesting_max) {}

  Result<Tree> parse();

 private:
  struct Context {
    bool verbose = false;
    std::uint32_t depth = 0;
    bool is_first_branch = false;  ///< of the whole pattern: the one place for global flags
  };
  struct Bounds {
    std::uint64_t min = 0;
    std::uint64_t max = 0;
  };

  std::vector<Sequence> parse_branches(bool verbose, std::uint32_t depth);
  Sequence parse_sequence(Context context);
  bool skip_layout(const Token& token);

  void parse_repeat(const Token& token, Sequence& sequence);
  std::optional<Bounds> parse_bounds();
  std::uint64_t repetition_number(const std::string& digits);

  // Each is entered behind the characters that tell it from the others. `start` is where the "(" stands.
  void parse_parenthesis(Context& context, Sequence& sequence);
  void parse_python_extension(const Context& context, Sequence& sequence, std::size_t start);
  void parse_flag_group(Context& context, Sequence& sequence, const Token& first, std::size_t start);
  void parse_look_around(const Context& context, Sequence& sequence, const Token& first, std::size_t start);
  void parse_conditional(const Context& context, Sequence& sequence, std::size_t start);
  void parse_capturing(const Context& context, Sequence& sequence, const Name* name, std::size_t start);
  void skip_comment(std::size_t start);
  /// The inside of `group` and the closing parenthesis.
  void parse_body(Group& group, const Context& context, std::size_t start);
  void expect_close(std::size_t start);
  void unknown_extension(const std::string& text, const Token& last);

  Source source_;
  Groups groups_;
  Flags flags_ = 0;
  bool has_variable_lookbehind_ = false;
  std::uint32_t nesting_max_;
};

}  // namespace hearth::regex
