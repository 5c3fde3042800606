#!/usr/bin/python3
"""The examples of the C++ client library, with real Pyro4 objects and hearthd."""

import os
import signal
import subprocess

import support
from tutorial_case import TutorialCase


class Examples(TutorialCase):
    def start_example(self, name, *arguments):
        child = support.Child([os.path.join(support.required_path("EXAMPLES"), name), *arguments],
                              support.clean_environment(self.directory, self.settings), stdin=subprocess.PIPE)
        self.addCleanup(child.kill)
        return child

    def output_of(self, name, *arguments):
        return self.finish(self.start_example(name, *arguments))

    def test_locate_and_list(self):
        ns = self.locate(self.server)
        ns.register("example.b", "PYRO:b@h:1", metadata=["blue", "big"])
        ns.register("example.a", "PYRO:a@h:1")
        found = "name server: %s" % self.server.uri
        self.assertEqual(self.output_of("locate_and_list", "example."), [
            found, "example.a --> PYRO:a@h:1", "example.b --> PYRO:b@h:1", "    big", "    blue"])
        self.assertIn("Pyro.NameServer --> %s" % self.server.uri, self.output_of("locate_and_list"))

    def test_no_name_server(self):
        self.settings = {"PYRO_NS_HOST": "localhost,./u:" + self.path("nobody"), "PYRO_NS_PORT": "1"}
        child = self.start_example("locate_and_list")
        self.assertEqual(child.wait(), 1)
        trouble, = child.lines["stderr"]
        self.assertTrue(trouble.startswith("locate_and_list: no name server: localhost:1 "), trouble)
        self.assertIn("; ./u:%s does not exist" % self.path("nobody"), trouble)  # and what came of each later step

    def test_stay_registered(self):
        """hearthd forgets what it has in memory; the program does not let it."""
        child = self.start_example("stay_registered", "example.kept", "PYRO:o@h:1", "tag")
        child.wait_for_line("example.kept is registered")
        self.assertEqual(str(self.locate(self.server).lookup("example.kept")), "PYRO:o@h:1")
        self.server.kill()
        child.wait_for_line("trouble: ")
        self.server = self.start_server(port=self.server.port)
        child.wait_for_line("registered again")
        self.assertEqual(self.locate(self.server).list(return_metadata=True)["example.kept"], ("PYRO:o@h:1", ["tag"]))
        child.signal(signal.SIGTERM)
        self.assertEqual(child.wait(), 0, child.describe())
        self.assertNotIn("example.kept", self.locate(self.server).list())

    def test_warehouse_visitor(self):
        warehouse = self.start_program("warehouse.py")
        warehouse.wait_for_line("Pyro daemon running.")
        visitor = self.start_example("warehouse_visitor", "Janet", "Henry")
        for line in ("Zelt für drei", "globe", "", "kettle"):
            visitor.type_line(line)
        self.assertEqual(self.finish(visitor), [
            "This is Janet.",
            "On the shelf: ladder, kettle, globe. What does Janet store?",
            "On the shelf: ladder, kettle, globe, Zelt für drei. What does Janet take?",
            "Goodbye, Janet.",
            "This is Henry.",
            "On the shelf: ladder, kettle, Zelt für drei. What does Henry store?",
            "On the shelf: ladder, kettle, Zelt für drei. What does Henry take?",
            "Goodbye, Henry."])
        greedy = self.start_example("warehouse_visitor", "Janet")
        greedy.type_line("")
        greedy.type_line("batteries")
        self.assertEqual(greedy.wait(), 1)
        trouble = greedy.lines["stderr"]
        self.assertEqual(trouble[0], "the warehouse raised ValueError: list.remove(x): x not in list")
        self.assertIn("    self.shelf.remove(item)", trouble)  # the remote traceback
        self.assertEqual([line for line in self.interrupt(warehouse) if " the " in line],
                         ["Janet stored the Zelt für drei.", "Janet took the globe.", "Henry took the kettle."])

    def test_stock_prices(self):
        for name, symbols in (("amsterdam", ("ASML", "PHIA", "HEIA")), ("tokyo", ("SONY", "NTDO"))):
            self.start_program("stock_market.py", name, *symbols).wait_for_line("%s is open." % name)
        # Each market's first quotes, as tutorial_stock_market_test.py has them.
        self.assertEqual(self.output_of("stock_prices", "PHIA", "SONY"), [
            "example.stockmarket.amsterdam PHIA: 107.46",
            "example.stockmarket.amsterdam PHIA: 109.70",
            "example.stockmarket.tokyo SONY: 115.36",
            "example.stockmarket.tokyo SONY: 109.70"])
        self.assertGreater(len(self.output_of("stock_prices")), 0)


if __name__ == "__main__":
    support.main()
