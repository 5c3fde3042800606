"""One stock market: stock_market.py NAME SYMBOL… registers itself, trades ROUNDS rounds when a line is
typed, and closes.

Its quotes look random, but their seed is the market's name: the same in every run.
"""

import random
import sys
import threading

import Pyro4

ROUNDS = 6


@Pyro4.expose
class StockMarket:
    def __init__(self, name, symbols):
        self.name = name
        self.random = random.Random(name)
        self.prices = {symbol: round(20 + 180 * self.random.random(), 2) for symbol in symbols}
        self.aggregators = []

    def symbols(self):
        return list(self.prices)

    def listener(self, aggregator):
        self.aggregators.append(aggregator)

    def trade(self):
        quotes = {}
        for symbol in self.prices:
            if self.random.random() < 0.5:
                self.prices[symbol] = round(self.prices[symbol] * (0.9 + 0.2 * self.random.random()), 2)
                quotes[symbol] = self.prices[symbol]
        for aggregator in self.aggregators:
            aggregator.quotes(self.name, quotes)
        return quotes

    def ticker(self, rounds):
        """Trades and tells the quotes, one by one, as (symbol, price)."""
        for _ in range(rounds):
            yield from self.trade().items()

    def close(self):
        for aggregator in self.aggregators:
            aggregator.closed(self.name)


def main():
    market = StockMarket(sys.argv[1], sys.argv[2:])
    with Pyro4.Daemon() as daemon:
        with Pyro4.locateNS() as name_server:
            name_server.register("example.stockmarket." + market.name, daemon.register(market), safe=True,
                                 metadata=["market"])
        threading.Thread(target=daemon.requestLoop, daemon=True).start()
        print("%s is open." % market.name)
        sys.stdin.readline()
        for _ in range(ROUNDS):
            market.trade()
        market.close()
        daemon.shutdown()


main()
