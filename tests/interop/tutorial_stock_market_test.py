#!/usr/bin/python3
"""The stock market tutorial: two markets, an aggregator that finds them by prefix, and two viewers that
it calls back."""

import support
from tutorial_case import TutorialCase

AMSTERDAM = ("PHIA: 107.46", "HEIA: 164.96", "HEIA: 181.28", "ASML: 78.43", "PHIA: 109.70",
             "HEIA: 173.88")
TOKYO = ("SONY: 115.36", "NTDO: 126.28", "SONY: 109.70", "NTDO: 124.00", "NTDO: 119.25",
         "NTDO: 129.78")


class StockMarket(TutorialCase):
    def start_all(self):
        self.markets = [self.start_program("stock_market.py", "amsterdam", "ASML", "PHIA", "HEIA"),
                        self.start_program("stock_market.py", "tokyo", "SONY", "NTDO")]
        self.markets[0].wait_for_line("amsterdam is open.")
        self.markets[1].wait_for_line("tokyo is open.")
        self.aggregator = self.start_program("aggregator.py")
        self.aggregator.wait_for_line("Aggregator running.")

    def start_viewer(self, symbols):
        viewer = self.start_program("viewer.py")
        viewer.type_line(symbols)
        viewer.wait_for_line("Viewing ")
        return viewer

    def test_each_viewer_prints_the_quotes_it_wants(self):
        self.start_all()
        every = self.start_viewer("ASML, PHIA, HEIA, SONY, NTDO")
        some = self.start_viewer("NTDO, ASML")
        for market in self.markets:
            market.type_line("ring the bell")
        for market in self.markets:
            self.finish(market)
        self.assertEqual(self.finish(self.aggregator), ["joining example.stockmarket.amsterdam",
                                                        "joining example.stockmarket.tokyo",
                                                        "Aggregator running."])
        for viewer, wanted in ((every, ("ASML", "PHIA", "HEIA", "SONY", "NTDO")), (some, ("NTDO", "ASML"))):
            lines = self.finish(viewer)
            self.assertEqual(lines[:2],
                             ["Symbols: ASML, PHIA, HEIA, SONY, NTDO", "Viewing %s." % ", ".join(wanted)])
            self.assertEqual(lines[-1], "The markets are closed.")
            self.assert_quotes(lines[2:-1], wanted)

    def assert_quotes(self, lines, wanted):
        """Each market's quotes come in its order; how the two interleave is up to the processes."""
        for market, quotes in (("amsterdam", AMSTERDAM), ("tokyo", TOKYO)):
            self.assertEqual([line for line in lines if line.startswith(market)],
                             ["%s.%s" % (market, quote) for quote in quotes if quote.split(":")[0] in wanted])

    def test_a_market_cannot_open_twice(self):
        self.start_all()
        imitation = self.start_program("stock_market.py", "tokyo", "SONY")
        self.assertEqual(imitation.wait(), 1)
        self.assertEqual(imitation.lines["stderr"][-1],
                         "Pyro4.errors.NamingError: name already registered: example.stockmarket.tokyo")

    def test_what_the_name_server_knows(self):
        self.start_all()
        with self.server.locate() as ns:
            self.assertEqual(sorted(ns.list()), ["Pyro.NameServer", "example.stockmarket.amsterdam",
                                                 "example.stockmarket.tokyo",
                                                 "example.stockquote.aggregator"])
            self.assertEqual(sorted(ns.list(metadata_all=["market"])),
                             ["example.stockmarket.amsterdam", "example.stockmarket.tokyo"])


if __name__ == "__main__":
    support.main()
