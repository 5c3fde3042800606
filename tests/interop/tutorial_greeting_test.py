#!/usr/bin/python3
"""The first tutorial: a server publishes an object under a name, a client finds it by that name."""

import support
from tutorial_case import TutorialCase


class Greeting(TutorialCase):
    def greet(self, *names):
        client = self.start_program("greeting_client.py")
        for name in names:
            client.type_line(name)
        return self.finish(client)

    def test_the_client_finds_the_server_by_name(self):
        server = self.start_program("greeting_server.py")
        server.wait_for_line("Ready.")
        self.assertEqual(self.greet("Irmen", "Anna"), ["Hello, Irmen. Tomorrow you will meet a crow.",
                                                       "Hello, Anna. Tomorrow you will meet a fox."])
        self.interrupt(server)

    def test_a_server_that_starts_again_is_found_at_its_new_place(self):
        for _ in range(2):
            server = self.start_program("greeting_server.py")
            server.wait_for_line("Ready.")
            self.assertEqual(self.greet("Ada"), ["Hello, Ada. Tomorrow you will meet a crow."])
            self.interrupt(server)

    def test_without_the_server_there_is_nothing_to_find(self):
        client = self.start_program("greeting_client.py")
        client.type_line("Anna")
        client.process.stdin.close()
        self.assertEqual(client.wait(), 1)
        self.assertEqual(client.lines["stderr"][-1],
                         "Pyro4.errors.NamingError: unknown name: example.fortune")


if __name__ == "__main__":
    support.main()
