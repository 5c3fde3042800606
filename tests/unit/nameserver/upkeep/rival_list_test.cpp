#include "nameserver/upkeep/rival_list.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace hearth {
namespace {

std::vector<std::string> texts(const std::vector<RivalStatus>& rivals) {
  std::vector<std::string> found;
  for (const RivalStatus& rival : rivals) found.push_back(rival.address + " " + rival.uri);
  return found;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("rival list: news once, however often it answers") {
  RivalList list(10);
  for (int i = 0; i < 5; ++i) list.heard("a", "u");
  CHECK(texts(list.known()).empty());  // not before the search is over
  CHECK(texts(list.end_search().appeared) == Texts{"a u"});
  CHECK(texts(list.known()) == Texts{"a u"});
  list.heard("a", "u");
  const auto news = list.end_search();
  CHECK(news.appeared.empty());
  CHECK(news.gone.empty());
}

TEST_CASE("rival list: one lost datagram makes nobody go, two silent searches do") {
  RivalList list(10);
  list.heard("a", "u");
  static_cast<void>(list.end_search());
  CHECK(list.end_search().gone.empty());
  CHECK(texts(list.known()) == Texts{"a u"});
  list.heard("a", "u");
  CHECK(list.end_search().gone.empty());
  CHECK(list.end_search().gone.empty());
  CHECK(texts(list.end_search().gone) == Texts{"a u"});
  CHECK(list.known().empty());
  CHECK(list.end_search().gone.empty());
  list.heard("a", "u");
  CHECK(texts(list.end_search().appeared) == Texts{"a u"});
}

TEST_CASE("rival list: another URI is another name server") {
  RivalList list(10);
  list.heard("a", "u");
  list.heard("a", "v");
  list.heard("b", "u");
  CHECK(texts(list.end_search().appeared) == Texts{"a u", "a v", "b u"});
}

TEST_CASE("rival list: it remembers no more than it may") {
  RivalList list(2);
  for (int i = 0; i < 100; ++i) list.heard("a", std::to_string(i));
  CHECK(texts(list.end_search().appeared) == Texts{"a 0", "a 1"});
  list.heard("a", "0");
  list.heard("a", "50");
  static_cast<void>(list.end_search());
  list.heard("a", "0");
  CHECK(texts(list.end_search().gone) == Texts{"a 1"});
  list.heard("a", "50");  // there is room again
  CHECK(texts(list.end_search().appeared) == Texts{"a 50"});
}

}  // namespace hearth
