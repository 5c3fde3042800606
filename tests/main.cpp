#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_IMPLEMENT  // doctest concludes this from the other only if it has not been precompiled
#include <doctest/doctest.h>
