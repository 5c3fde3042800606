"""Publishes one object, found by its name: the smallest Pyro program there is. Ends on SIGINT."""

import Pyro4


@Pyro4.expose
class Fortune:
    def tell(self, who):
        return "Hello, %s. Tomorrow you will meet a %s." % (who, ("fox", "crow")[len(who) % 2])


daemon = Pyro4.Daemon()
with Pyro4.locateNS() as name_server:
    name_server.register("example.fortune", daemon.register(Fortune))
print("Ready.")
daemon.requestLoop()
