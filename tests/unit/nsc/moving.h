/// A name server that keeps its names from one command of nsc to the next, and files to bring them in from.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/nsc/running.h"

namespace hearth::nsc {

class Moving {
 public:
  [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

  Report run(Report (*command)(const Request&, NameServerClient&), const User& user) {
    return run_with(command, {servers_.handler(Dialect::pyro5)}, user).report;
  }

  void with_name_server(const std::function<void(NameServerClient&)>& use) {
    const test::LoopbackServer server({servers_.handler(Dialect::pyro5)});
    auto proxy = Proxy::connect(server.uri(), {});
    REQUIRE(proxy.has_value());
    NameServerClient name_server(std::move(*proxy));
    use(name_server);
  }

  /// Imports these lines, each "name uri tag…".
  Report import(const std::vector<std::string>& lines, User user = {}) {
    return import_text(json_lines(lines), std::move(user));
  }
  Report import_text(const std::string& text, User user = {}) {
    write_file(path("names"), text);
    user.arguments = {path("names")};
    return run(import_names, user);
  }
  /// From a server that hangs up instead of answering another message.
  Report import_until(int messages_max, const std::string& text) {
    write_file(path("names"), text);
    return run_with(import_names, {servers_.handler(Dialect::pyro5, messages_max)}, {.arguments = {path("names")}})
        .report;
  }

  /// What the server has.
  std::string exported() { return run(export_names, {}).out; }

  static std::string json_lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += json_line(line);
    return text;
  }
  /// `count` names that nobody has registered.
  static std::string many(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string number = std::to_string(10000 + i);
      text += json_line("many." + number + " PYRO:o@h:" + number);
    }
    return text;
  }

 private:
  static std::string json_line(const std::string& line) {
    std::vector<std::string> words;
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find(' ', begin), line.size());
      words.push_back("\"" + line.substr(begin, end - begin) + "\"");
      begin = end + 1;
    }
    std::string tags;
    for (std::size_t i = 2; i < words.size(); ++i) tags += (i > 2 ? "," : "") + words[i];
    return "{\"name\":" + words[0] + ",\"uri\":" + words[1] + ",\"metadata\":[" + tags + "]}\n";
  }

  const TempDir directory_;
  test::NameServers servers_;
};

}  // namespace hearth::nsc
