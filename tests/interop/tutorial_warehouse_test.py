#!/usr/bin/python3
"""The warehouse tutorial: visitors store and take things through a PYRONAME: proxy."""

import support
from tutorial_case import TutorialCase


class Warehouse(TutorialCase):
    def setUp(self):
        super().setUp()
        self.warehouse = self.start_program("warehouse.py")
        self.warehouse.wait_for_line("Pyro daemon running.")

    def visitor(self, *people, typed):
        child = self.start_program("visitor.py", *people)
        for line in typed:
            child.type_line(line)
        return child

    def deeds(self):
        return [line for line in self.interrupt(self.warehouse) if " the " in line]

    def test_two_people_visit(self):
        visitor = self.visitor("Janet", "Henry", typed=["radio", "globe", "bricks", "kettle"])
        self.assertEqual(self.finish(visitor), [
            "This is Janet.",
            "On the shelf: ladder, kettle, globe. What does Janet store?",
            "On the shelf: ladder, kettle, globe, radio. What does Janet take?",
            "Goodbye, Janet.",
            "This is Henry.",
            "On the shelf: ladder, kettle, radio. What does Henry store?",
            "On the shelf: ladder, kettle, radio, bricks. What does Henry take?",
            "Goodbye, Henry."])
        self.assertEqual(self.deeds(),
                         ["Janet stored the radio.", "Janet took the globe.", "Henry stored the bricks.",
                                        "Henry took the kettle."])

    def test_what_one_visitor_stores_the_next_one_finds(self):
        self.finish(self.visitor("Janet", typed=["", "ladder"]))
        output = self.finish(self.visitor("Henry", typed=["Zelt für drei", ""]))
        self.assertEqual(output[2], "On the shelf: kettle, globe, Zelt für drei. What does Henry take?")
        self.assertEqual(self.deeds(), ["Janet took the ladder.", "Henry stored the Zelt für drei."])

    def test_taking_what_is_not_there_shows_the_remote_traceback(self):
        visitor = self.visitor("Janet", typed=["", "batteries"])
        self.assertEqual(visitor.wait(), 1)
        trouble = visitor.lines["stderr"]
        self.assertIn("ValueError: list.remove(x): x not in list", trouble)
        self.assertIn(" +--- This exception occured remotely (Pyro) - Remote traceback:", trouble)
        self.assertEqual(self.deeds(), [])

    def test_the_warehouse_is_registered(self):
        with self.server.locate() as ns:
            name, = [name for name in ns.list() if name != support.NAME_SERVER]
            self.assertEqual((name, ns.lookup(name).host), ("example.warehouse", "localhost"))


if __name__ == "__main__":
    support.main()
