// Runs a target over every file of the folders that are named: its seeds, and what has once been found. Needs no libFuzzer.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/target.h"
#include "tests/support/exact_bytes.h"

int main(int count, char** arguments) {
  int inputs = 0;
  for (int i = 1; i < count; ++i) {
    if (!std::filesystem::is_directory(arguments[i])) continue;  // nothing has been found with this target
    for (const auto& entry : std::filesystem::directory_iterator(arguments[i])) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(file), {}};
      std::fprintf(stderr, "%s\n", entry.path().c_str());  // the last one printed is the one that crashed
      hearth::fuzz::check(hearth::ExactBytes(content).view());
      ++inputs;
    }
  }
  if (inputs == 0) std::fprintf(stderr, "no inputs: run tests/fuzz/seeds.py first\n");
  return inputs == 0 ? 1 : 0;
}
