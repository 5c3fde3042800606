#!/usr/bin/python3
"""What a real Pyro4 client can ask of a connection: batches, oneway calls, compression, handshake
values, correlation ids, reconnection, timeouts, proxies in many threads."""

import threading
import uuid

import Pyro4
import Pyro4.errors
import support


class ValidatingProxy(Pyro4.Proxy):
    """Keeps what the server answered to the handshake."""

    answers = []

    def _pyroValidateHandshake(self, response):
        self.answers.append(response)


class Batch(support.ServerCase):
    def setUp(self):
        super().setUp()
        self.batch = Pyro4.batch(self.ns)

    def test_results_come_in_order(self):
        self.batch.register("a", "PYRO:o@h:1", metadata=["t"])
        self.batch.lookup("a")
        self.batch.count()
        self.batch.list(prefix="a")
        self.batch.remove(name="a")
        self.batch.count()
        self.assertEqual(list(self.batch()), [None, Pyro4.URI("PYRO:o@h:1"), 2, {"a": "PYRO:o@h:1"}, 1, 1])

    def test_an_empty_batch(self):
        self.assertEqual(list(self.batch()), [])

    def test_the_first_failure_ends_it(self):
        self.batch.register("a", "PYRO:o@h:1")
        self.batch.lookup("unknown")
        self.batch.register("b", "PYRO:o@h:2")
        results = self.batch()
        self.assertIsNone(next(results))
        error = self.assert_raises_text(Pyro4.errors.NamingError, "unknown name: unknown", next, results)
        self.assertTrue(error._pyroTraceback)
        with self.assertRaises(StopIteration):
            next(results)
        self.assertEqual(sorted(self.ns.list()), ["Pyro.NameServer", "a"])

    def test_a_failing_write_ends_it(self):
        self.batch.register("a", "PYRO:o@h:1", safe=True)
        self.batch.register("a", "PYRO:o@h:2", safe=True)
        self.batch.register("b", "PYRO:o@h:3")
        results = self.batch()
        self.assertIsNone(next(results))
        self.assert_raises_text(Pyro4.errors.NamingError, "name already registered: a", next, results)
        self.assertEqual(self.ns.list(prefix="a"), {"a": "PYRO:o@h:1"})
        self.assertEqual(self.ns.count(), 2)

    def test_an_unknown_method_fails_the_whole_batch_but_what_came_before_has_run(self):
        self.batch.register("a", "PYRO:o@h:1")
        self.batch.nosuchmethod()
        self.batch.register("b", "PYRO:o@h:1")
        self.assert_raises_text(AttributeError, "'NameServer' object has no attribute 'nosuchmethod'",
                                self.batch)
        self.assertEqual(sorted(self.ns.list()), ["Pyro.NameServer", "a"])

    def test_a_private_method_fails_the_whole_batch(self):
        self.batch._secret()
        self.assert_raises_text(AttributeError, "attempt to access private attribute '_secret'", self.batch)

    def test_oneway(self):
        self.batch.register("a", "PYRO:o@h:1")
        self.batch.lookup("unknown")
        self.batch.register("b", "PYRO:o@h:1")
        self.assertIsNone(self.batch(oneway=True))
        self.assertTrue(support.wait_until(lambda: "a" in self.ns.list()))
        self.assertNotIn("b", self.ns.list())

    def test_a_thousand_calls(self):
        for number in range(500):
            self.batch.register("job.%d" % number, "PYRO:o@h:%d" % number, metadata=["job"])
            self.batch.lookup("job.%d" % number)
        results = list(self.batch())
        self.assertEqual(results[1::2], [Pyro4.URI("PYRO:o@h:%d" % number) for number in range(500)])
        self.assertEqual(self.ns.remove(prefix="job."), 500)

    def test_with_json_and_msgpack(self):
        for serializer in ("json", "msgpack"):
            batch = Pyro4.batch(self.locate(serializer))
            batch.register("a", "PYRO:o@h:1", metadata=["t"])
            batch.lookup("a")
            batch.lookup("unknown")
            results = batch()
            self.assertEqual((next(results), next(results)), (None, Pyro4.URI("PYRO:o@h:1")))
            self.assert_raises_text(Pyro4.errors.NamingError, "unknown name: unknown", next, results)


class Connection(support.ServerCase):
    def test_oneway_calls_are_not_answered(self):
        self.ns._pyroOneway.update({"register", "lookup", "nosuchmethod"})
        self.assertIsNone(self.ns.register("a", "PYRO:o@h:1"))
        self.assertIsNone(self.ns.lookup("unknown"))
        self.assertIsNone(self.ns._pyroInvoke("nosuchmethod", (), {}))
        self.assertTrue(support.wait_until(lambda: self.ns.count() == 2))
        self.assertEqual(self.ns.list(prefix="a"), {"a": "PYRO:o@h:1"})

    def test_compressed_requests(self):
        Pyro4.config.COMPRESSION = True
        self.addCleanup(setattr, Pyro4.config, "COMPRESSION", False)
        tags = ["tag %d" % number for number in range(1000)]
        for serializer in support.SERIALIZERS:
            ns = self.locate(serializer)
            ns.register("compressed", "PYRO:o@h:1", metadata=tags)
            found = ns.list(prefix="compressed", return_metadata=True)["compressed"][1]
            self.assertEqual(sorted(found), sorted(tags), serializer)

    def test_any_handshake_value(self):
        for value in (None, 42, "secret", ["a", {"token": "x" * 3000}], {"user": "u", "key": b"k"}):
            ValidatingProxy.answers.clear()
            with ValidatingProxy(self.server.uri) as proxy:
                proxy._pyroHandshake = value
                self.assertEqual(proxy.count(), 1)
            self.assertEqual(ValidatingProxy.answers, ["hello"])

    def test_a_client_without_metadata_gets_the_bare_handshake(self):
        Pyro4.config.METADATA = False
        self.addCleanup(setattr, Pyro4.config, "METADATA", True)
        ns = self.locate()
        self.assertEqual(ns._pyroMethods, set())
        self.assertEqual(ns.count(), 1)
        self.assert_raises_text(AttributeError, "'NameServer' object has no attribute 'yplookup'",
                                ns.yplookup)

    def test_a_correlation_id_comes_back(self):
        context = Pyro4.current_context
        self.addCleanup(setattr, context, "correlation_id", None)
        for _ in range(3):
            context.correlation_id = uuid.uuid4()
            self.ns.count()
            self.assertEqual(context.response_annotations["CORR"], context.correlation_id.bytes)

    def test_other_annotations_are_not_echoed(self):
        context = Pyro4.current_context
        context.annotations = {"MINE": b"of no concern"}
        self.ns.count()
        self.assertNotIn("MINE", context.response_annotations)

    def test_the_sequence_number_wraps(self):
        self.ns._pyroSeq = 65533
        self.assertEqual([self.ns.count() for _ in range(5)], [1] * 5)
        self.assertEqual(self.ns._pyroSeq, 2)

    def test_release_and_use_again(self):
        for _ in range(50):
            self.ns._pyroRelease()
            self.assertEqual(self.ns.count(), 1)

    def test_with_a_timeout(self):
        self.ns._pyroTimeout = support.SAFETY_S
        self.assertIsNone(self.ns.ping())
        Pyro4.config.COMMTIMEOUT = support.SAFETY_S
        self.addCleanup(setattr, Pyro4.config, "COMMTIMEOUT", 0.0)
        self.assertEqual(self.locate().count(), 1)

    def test_asynchronous_calls(self):
        ns = self.locate()
        Pyro4.asyncproxy(ns)
        pending = [ns.register("job.%d" % number, "PYRO:o@h:1") for number in range(20)]
        self.assertEqual([future.value for future in pending], [None] * 20)
        self.assertEqual(self.ns.remove(prefix="job."), 20)

    def test_proxies_in_many_threads(self):
        failures = []

        def work(worker):
            try:
                with self.server.locate(support.SERIALIZERS[worker % 4]) as ns:
                    for number in range(25):
                        name, uri = "w%d.%d" % (worker, number), "PYRO:o%d@h:%d" % (worker, number)
                        ns.register(name, uri, metadata=["w%d" % worker])
                        assert str(ns.lookup(name)) == uri
                        assert len(ns.list(metadata_all=["w%d" % worker])) == number + 1
            except Exception as problem:  # whatever it is, the main thread shows it
                failures.append(repr(problem))

        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(self.ns.count(), 16 * 25 + 1)

    def test_only_one_of_many_safe_registrations_wins(self):
        for round_number in range(10):
            start = threading.Barrier(8)
            won = []

            def work(worker):
                with self.server.locate() as ns:
                    start.wait()
                    try:
                        ns.register("contested", "PYRO:winner%d@h:1" % worker, safe=True)
                        won.append(worker)
                    except Pyro4.errors.NamingError:
                        pass

            threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.assertEqual(len(won), 1, round_number)
            self.assertEqual(self.ns.lookup("contested").object, "winner%d" % won[0])
            self.ns.remove("contested")


class Restart(support.DirectoryCase):
    def test_a_proxy_reconnects_to_a_server_that_was_restarted(self):
        place = ("-n", support.own_loopback_address())
        server = self.start_server(*place, port=7000)
        ns = self.locate(server)
        ns.register("gone with the memory", "PYRO:o@h:1")
        server.stop()
        with self.assertRaises(Pyro4.errors.CommunicationError):
            ns.count()
        again = self.start_server(*place, port=7000)
        ns._pyroReconnect()
        self.assertEqual(ns.count(), 1)
        self.assertIsNone(ns.register("x", "PYRO:o@h:1"))
        ns._pyroRelease()
        again.stop()


if __name__ == "__main__":
    support.main()
