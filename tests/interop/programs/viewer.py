"""Shows the quotes of the symbols that are typed (one line, separated by commas) until all markets have
closed."""

import sys

import Pyro4


@Pyro4.expose
class Viewer:
    def __init__(self, daemon):
        self.daemon = daemon

    def quote(self, market, symbol, price):
        print("%s.%s: %.2f" % (market, symbol, price))

    @Pyro4.oneway
    def all_closed(self):
        self.daemon.shutdown()


def main():
    with Pyro4.Daemon() as daemon:
        viewer = Viewer(daemon)
        daemon.register(viewer)
        with Pyro4.Proxy("PYRONAME:example.stockquote.aggregator") as aggregator:
            print("Symbols: %s" % ", ".join(aggregator.available_symbols()))
            symbols = [symbol.strip() for symbol in sys.stdin.readline().split(",")]
            aggregator.view(viewer, symbols)  # the viewer becomes a proxy on the way
        print("Viewing %s." % ", ".join(symbols))
        daemon.requestLoop()
    print("The markets are closed.")


main()
