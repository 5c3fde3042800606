// What is known of a call before it is made.
#include "client-lib/src/call_rules.h"

#include <doctest/doctest.h>

namespace hearth::test {
namespace {

const ObjectMetadata object{{"read", "write"}, {"write"}, {"size"}};

std::string complaint(const Invocation& invocation, const ObjectMetadata& told = object) {
  const auto good = check_exposed(invocation, told, parse_uri("PYRO:o@h:1").value());
  return good ? "" : good.error().text;
}

}  // namespace

TEST_CASE("call rules: what the server has not told of does not exist") {
  const std::string start = "AttributeError: remote object 'PYRO:o@h:1' has no exposed ";
  CHECK(complaint(method_call("read", {}, {})).empty());
  CHECK(complaint(method_call("read.deeper", {}, {})).empty());
  CHECK(complaint(method_call("size", {}, {})) == start + "attribute or method 'size'");
  CHECK(complaint(attribute_read("size")).empty());
  CHECK(complaint(attribute_write("read", 1)) == start + "attribute 'read'");
  CHECK(complaint(batch_call(Batch().call("read").call("write"))).empty());
  CHECK(complaint(batch_call(Batch().call("read").call("rite"))) == start + "attribute or method 'rite'");
  CHECK(complaint(method_call("anything", {}, {}), {}).empty());  // nothing was told
}

TEST_CASE("call rules: how it is sent") {
  ClientSettings settings;
  settings.annotations = {{"ABCD", "1"}};
  const auto how = [&settings](const Invocation& invocation, const CallOptions& options = {}) {
    return invoke_options(invocation, object, settings, options);
  };
  CHECK_FALSE(how(method_call("read", {}, {})).oneway);
  CHECK(how(method_call("read", {}, {}), {.oneway = true}).oneway);
  CHECK(how(method_call("write", {}, {})).oneway);
  CHECK(how(batch_call({})).batch);
  CHECK_FALSE(how(attribute_read("size")).batch);
  CHECK(how(method_call("read", {}, {}), {.annotations = {{"EFGH", "2"}}}).annotations ==
        std::vector<Annotation>{{"ABCD", "1"}, {"EFGH", "2"}});
}

TEST_CASE("call rules: metadata of both dialects") {
  const auto told = [](Value methods) {
    Dict meta;
    meta.add("methods", std::move(methods));
    meta.add("oneway", make_list({"b"}));
    meta.add("attrs", make_tuple({}));
    return object_metadata(meta);
  };
  for (const ObjectMetadata& metadata : {told(make_list({"a", "b"})), told(make_set({"a", "b"}))}) {
    CHECK(metadata.methods == ObjectMetadata::Names{"a", "b"});
    CHECK(metadata.oneway == ObjectMetadata::Names{"b"});
    CHECK(metadata.attributes.empty());
    CHECK(metadata.is_known());
  }
  CHECK_FALSE(object_metadata(None{}).is_known());
  CHECK(told(make_list({"a", 5})).methods == ObjectMetadata::Names{"a"});
  CHECK_FALSE(told(5).is_known());
}

}  // namespace hearth::test
