// stay_registered NAME URI [TAG…]: registers an object and keeps it registered until SIGINT (Ctrl-C) or SIGTERM comes; then
// removes it. The name server may restart meanwhile, forget everything, or not be there at all yet.
#include <hearth/registration_thread.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

void report(const hearth::ClientResult<hearth::Kept>& outcome) {
  if (!outcome) {
    std::printf("trouble: %s\n", outcome.error().text.c_str());
  } else if (*outcome == hearth::Kept::renewed) {
    std::puts("registered again");
  } else {
    std::puts("all is well again");
  }
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::fputs("usage: stay_registered NAME URI [TAG...]\n", stderr);
    return 2;
  }
  // Blocked before there are threads, so that it is this one that gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  hearth::RegistrationOptions options;
  options.settings = hearth::or_throw(hearth::settings_from_environment()).settings;
  options.wait_ms = 60000;  // for a name server that starts after us
  hearth::NameEntry entry{argv[1], argv[2], {argv + 3, argv + argc}};
  const hearth::RegistrationThread keeper(
      hearth::or_throw(hearth::StandingRegistration::create(std::move(entry), options)), report);
  std::printf("%s is registered\n", argv[1]);
  std::fflush(stdout);

  int received = 0;
  sigwait(&signals, &received);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "stay_registered: %s\n", error.what());
  return 1;
}
