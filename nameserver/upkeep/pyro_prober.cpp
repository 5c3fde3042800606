#include "nameserver/upkeep/pyro_prober.h"

#include <utility>

#include "nameserver/upkeep/conversation.h"

namespace hearth {
namespace {

using Language = Conversation::Language;

Language language_of(Dialect dialect) { return dialect == Dialect::pyro4 ? Language::pyro4 : Language::pyro5; }
Dialect other(Dialect dialect) { return dialect == Dialect::pyro4 ? Dialect::pyro5 : Dialect::pyro4; }

}  // namespace

/// The conversations that it takes to find out about one location.
class PyroProber::Probe {
 public:
  Probe(PyroProber& prober, std::uint64_t id, ProbeQuestion question, std::function<void(ProbeResult)> told)
      : prober_(prober),
        id_(id),
        question_(std::move(question)),
        dialect_(question_.first_dialect),
        told_(std::move(told)) {
    talk(language_of(dialect_));
  }
  ~Probe() { end_conversation(); }

  void tell(ProbeResult result) { std::exchange(told_, nullptr)(std::move(result)); }

 private:
  enum class Step : unsigned char { first_dialect, other_dialect, tls };

  void talk(Language language) {
    conversation_ = std::make_unique<Conversation>(prober_.loop_, prober_.limits_, question_.location, question_.object,
                                                   language, [this](Heard heard) { on_heard(std::move(heard)); });
  }

  void end_conversation() {
    if (!conversation_) return;
    conversation_->close();
    prober_.loop_.retire(std::move(conversation_));
  }

  void on_heard(Heard heard) {
    end_conversation();
    if (!heard.place.empty()) place_ = std::move(heard.place);
    switch (heard.what) {
      case Heard::What::pyro: return answers(std::move(heard.objects));
      case Heard::What::other_dialect: spoke_pyro_ = true; return try_next();
      case Heard::What::hung_up: return try_next();
      case Heard::What::tls:
      case Heard::What::cannot_tell: return finish({});
      case Heard::What::stranger: return finish({.reach = Reach::gone, .reason = "another program answers there"});
      case Heard::What::nobody: return finish({.reach = Reach::gone, .reason = std::move(heard.text)});
      case Heard::What::no_answer: return finish({.reach = Reach::no_answer, .reason = std::move(heard.text)});
      case Heard::What::silence: break;
    }
    // Silent to the second word, after it has hung up on the first: it does listen.
    if (step_ != Step::first_dialect) return finish({});
    finish({.reach = Reach::silent, .reason = "something takes the connection and says nothing"});
  }

  void try_next() {
    if (step_ == Step::first_dialect) {
      step_ = Step::other_dialect;
      dialect_ = other(dialect_);
      return talk(language_of(dialect_));
    }
    if (step_ == Step::tls || spoke_pyro_) return finish({});
    step_ = Step::tls;
    talk(Language::tls);
  }

  void answers(std::optional<ObjectIds> objects) { finish({.objects = std::move(objects), .dialect = dialect_}); }

  /// The last thing done.
  void finish(ProbeResult result) {
    result.place = std::move(place_);
    prober_.finish(id_, std::move(result));
  }

  PyroProber& prober_;
  const std::uint64_t id_;
  const ProbeQuestion question_;
  Dialect dialect_;
  std::function<void(ProbeResult)> told_;
  Step step_ = Step::first_dialect;
  bool spoke_pyro_ = false;
  std::string place_;
  std::unique_ptr<Conversation> conversation_;
};

PyroProber::PyroProber(Loop& loop, const Limits& limits) : loop_(loop), limits_(limits) {}

PyroProber::~PyroProber() { cancel_all(); }

void PyroProber::probe(const ProbeQuestion& question, std::function<void(ProbeResult)> told) {
  const std::uint64_t id = ++last_id_;
  probes_.emplace(id, std::make_unique<Probe>(*this, id, question, std::move(told)));
}

void PyroProber::cancel_all() { probes_.clear(); }

void PyroProber::finish(std::uint64_t id, ProbeResult result) {
  const auto node = probes_.extract(id);
  const std::unique_ptr<Probe> probe = std::move(node.mapped());
  probe->tell(std::move(result));
}

}  // namespace hearth
