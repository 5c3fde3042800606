#include "nameserver/default_storage.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace hearth {
namespace {

Result<std::string> path_with(const Environment& variables, std::uint16_t port = default_port) {
  return default_storage_path(variables, port);
}

}  // namespace

TEST_CASE("the default file is where service manager, XDG or home say, in this order") {
  const TempDir dir;
  const std::string base = dir.path();
  CHECK(path_with({{"STATE_DIRECTORY", base + "/s:/other"}, {"XDG_STATE_HOME", base}}).value() ==
        base + "/s/hearthd.db");
  CHECK(path_with({{"XDG_STATE_HOME", base + "/x"}, {"HOME", base}}).value() == base + "/x/hearth/hearthd.db");
  CHECK(path_with({{"XDG_STATE_HOME", "relative"}, {"HOME", base}}).value() ==
        base + "/.local/state/hearth/hearthd.db");
  CHECK(std::filesystem::is_directory(base + "/.local/state/hearth"));
  CHECK(path_with({{"HOME", base}}, 9999).value() == base + "/.local/state/hearth/hearthd-9999.db");
}

TEST_CASE("without a place, or where none can be made, the error says what to do") {
  CHECK(path_with({}).error().text.find("-s") != std::string::npos);
  const TempDir dir;
  const std::string file = dir / "file";
  std::ofstream(file) << "in the way";
  const auto failed = path_with({{"XDG_STATE_HOME", file}});
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().text.find(file) != std::string::npos);
  CHECK(failed.error().text.find("-s") != std::string::npos);
}

}  // namespace hearth
