"""Certificates of the test's own, made when it runs: any that are kept would expire some day."""

import os
import subprocess

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                   check=True)


class Authority:
    """A CA; `file` is its certificate."""

    def __init__(self, directory, name="Lab CA"):
        self.directory = directory
        self.file = os.path.join(directory, name.replace(" ", "-") + ".pem")
        self.key = self.file[:-len("pem")] + "key"
        openssl("req", "-x509", *NEW_KEY, "-nodes", "-subj", "/CN=" + name, "-days", "90", "-keyout", self.key, "-out",
                self.file)

    def issue(self, prefix, name="localhost", hosts="DNS:localhost,IP:127.0.0.1", expired=False, passphrase=None):
        """The paths of a certificate and of its private key."""
        certificate, key, request = (os.path.join(self.directory, prefix + ending) for ending in (".pem", ".key", ".csr"))
        secrecy = ["-passout", "pass:" + passphrase] if passphrase else ["-nodes"]
        openssl("req", *NEW_KEY, *secrecy, "-subj", "/O=Lab/CN=" + name, "-addext", "subjectAltName=" + hosts,
                "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key, "-CAcreateserial",
                "-copy_extensions", "copy", "-days", "-1" if expired else "60", "-out", certificate)
        return certificate, key


def server_settings(certificate, key, authorities=None, requires=False):
    """PYRO_* variables of a name server with TLS."""
    settings = {"PYRO_SSL": "true", "PYRO_SSL_SERVERCERT": certificate, "PYRO_SSL_SERVERKEY": key}
    if authorities:
        settings["PYRO_SSL_CACERTS"] = authorities
    if requires:
        settings["PYRO_SSL_REQUIRECLIENTCERT"] = "true"
    return settings


def client_settings(authorities, certificate=None, key=None):
    """PYRO_* variables of its clients."""
    settings = {"PYRO_SSL": "true", "PYRO_SSL_CACERTS": authorities}
    if certificate:
        settings.update(PYRO_SSL_CLIENTCERT=certificate, PYRO_SSL_CLIENTKEY=key)
    return settings
