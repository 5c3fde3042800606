#include "nsc/progress_bar.h"

#include <doctest/doctest.h>

#include <vector>

namespace hearth::nsc {
namespace {

struct Terminal {
  std::vector<std::string> drawn;
  Draw draw = [this](std::string_view text) { drawn.emplace_back(text); };
};

const std::string wipe = "\r\x1B[K";

TEST_CASE("a progress bar draws what has changed, and wipes itself") {
  Terminal terminal;
  {
    ProgressBar bar(terminal.draw, "importing", ProgressUnit::names);
    bar.show(0, 200);
    bar.show(0, 200);
    bar.show(101, 200);
    bar.show(200, 200);
  }
  REQUIRE(terminal.drawn.size() == 4);
  CHECK(terminal.drawn[0] == wipe + "importing [..............................]   0 %  0 of 200 names");
  CHECK(terminal.drawn[1] == wipe + "importing [###############...............]  50 %  101 of 200 names");
  CHECK(terminal.drawn[2] == wipe + "importing [##############################] 100 %  200 of 200 names");
  CHECK(terminal.drawn[3] == wipe);
}

TEST_CASE("a progress bar in bytes, and without amounts") {
  Terminal terminal;
  ProgressBar bytes(terminal.draw, "receiving", ProgressUnit::bytes);
  bytes.show(1 << 20, 3 << 20);
  CHECK(terminal.drawn.back() == wipe + "receiving [##########....................]  33 %  1.0 MiB of 3.0 MiB");
  ProgressBar plain(terminal.draw, "copying", ProgressUnit::percent_only);
  plain.show(0, 0);
  CHECK(terminal.drawn.back() == wipe + "copying [##############################] 100 %");
  plain.show(5, 4);
  CHECK(terminal.drawn.size() == 2);
}

TEST_CASE("without a terminal nothing is drawn") {
  const Draw nobody;
  ProgressBar bar(nobody, "importing", ProgressUnit::names);
  bar.show(1, 2);
}

}  // namespace
}  // namespace hearth::nsc
