"""Joins all stock markets, found by their prefix, and passes each quote on to the viewers that want its
symbol. Ends when the last market has closed."""

import threading

import Pyro4

PREFIX = "example.stockmarket."


@Pyro4.expose
class Aggregator:
    def __init__(self, daemon):
        self.daemon = daemon
        self.markets = set()
        self.symbols = []
        self.viewers = {}
        self.lock = threading.Lock()  # the markets call from threads of their own

    def available_symbols(self):
        return self.symbols

    def view(self, viewer, symbols):
        with self.lock:
            self.viewers[viewer] = symbols

    def quotes(self, market, quotes):
        with self.lock:
            for symbol, price in quotes.items():
                for viewer, wanted in self.viewers.items():
                    if symbol in wanted:
                        viewer.quote(market, symbol, price)

    @Pyro4.oneway
    def closed(self, market):
        with self.lock:
            self.markets.discard(market)
            if not self.markets:
                for viewer in self.viewers:
                    viewer.all_closed()
                self.daemon.shutdown()


def main():
    with Pyro4.Daemon() as daemon:
        aggregator = Aggregator(daemon)
        with Pyro4.locateNS() as name_server:
            uri = daemon.register(aggregator)
            for name, market_uri in sorted(name_server.list(prefix=PREFIX).items()):
                print("joining %s" % name)
                aggregator.markets.add(name[len(PREFIX):])
                with Pyro4.Proxy(market_uri) as market:
                    aggregator.symbols.extend(market.symbols())
                    market.listener(aggregator)  # becomes a proxy on the way
            name_server.register("example.stockquote.aggregator", uri)
        print("Aggregator running.")
        daemon.requestLoop()


main()
