#include "nsc/request.h"

#include <algorithm>
#include <utility>

#include "nsc/print.h"

namespace hearth::nsc {

Report failure(ExitStatus status, const std::string& text) { return {status, "", "nsc: " + text + "\n"}; }

Report failure(const ClientError& error) {
  const bool is_unknown = error.kind == ClientErrorKind::unknown_name;
  return failure(is_unknown ? ExitStatus::no_such_name : ExitStatus::failed, error.text);
}

Report success(const Request& request, std::string text, const Value& value) {
  if (!request.wants_json) return {ExitStatus::done, std::move(text), ""};
  auto line = json_line(value);
  if (!line) return failure(ExitStatus::failed, "this cannot be written as JSON: " + line.error().text);
  return {ExitStatus::done, std::move(*line), ""};
}

Answer confirm(const Request& request, std::string_view question) {
  if (request.says_yes) return Answer::yes;
  const auto line = request.ask(question);
  if (!line) return Answer::none;
  constexpr std::string_view blanks = " \t\r\n\v\f";
  std::string_view answer = *line;
  answer.remove_prefix(std::min(answer.find_first_not_of(blanks), answer.size()));
  answer = answer.substr(0, answer.find_last_not_of(blanks) + 1);
  return answer == "y" || answer == "Y" ? Answer::yes : Answer::no;
}

}  // namespace hearth::nsc
