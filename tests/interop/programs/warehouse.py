"""A shelf of things that visitors store and take. Ends on SIGINT."""

import Pyro4


@Pyro4.expose
@Pyro4.behavior(instance_mode="single")
class Warehouse:
    def __init__(self):
        self.shelf = ["ladder", "kettle", "globe"]

    def contents(self):
        return self.shelf

    def store(self, who, item):
        self.shelf.append(item)
        print("%s stored the %s." % (who, item))

    def take(self, who, item):
        self.shelf.remove(item)
        print("%s took the %s." % (who, item))


Pyro4.Daemon.serveSimple({Warehouse: "example.warehouse"}, ns=True)
