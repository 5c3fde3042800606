#pragma once

/// What the test cases include (protocol/value/pch/standard.h says why), with those headers of ours that nearly all of them reach.

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <doctest/doctest.h>
#include <filesystem>
#include <set>
#include <thread>

#include <hearth/value.h>

#include "protocol/value/pch/standard.h"
