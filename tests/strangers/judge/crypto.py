"""OpenSSL's verdict on single SM2 signatures, taken out of their containers."""

import hashlib
import tempfile
from pathlib import Path

from .bench import Objection, ask

# The user id of GB/T 35276 where no other is agreed on.
ID = "distid:1234567812345678"


def sm3(data):
    """SM3 by OpenSSL, through Python."""
    return hashlib.new("sm3", data).digest()


def verify(certificate, signature, data):
    """Objects unless `signature` (DER) over `data` is that of the certificate's key."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        public = ask("openssl", "x509", "-inform", "DER", "-pubkey", "-noout", stdin=certificate)
        (folder / "public.pem").write_bytes(public)
        (folder / "signature").write_bytes(signature)
        (folder / "data").write_bytes(data)
        ask(
            *("openssl", "dgst", "-sm3", "-verify", folder / "public.pem", "-sigopt", ID),
            *("-signature", folder / "signature", folder / "data"),
        )


def verify_chain(root, certificates):
    """Objects unless each certificate is signed by the root or by one that is: OpenSSL 3 follows SM2 link by link."""
    with tempfile.TemporaryDirectory() as folder:
        trusted, pem = Path(folder) / "trusted.pem", Path(folder) / "certificate.pem"
        trusted.write_bytes(root.read_bytes())
        waiting = list(certificates)
        while waiting:
            for certificate in waiting:
                pem.write_bytes(ask("openssl", "x509", "-inform", "DER", stdin=certificate))
                command = ("openssl", "verify", "-vfyopt", ID, "-partial_chain", "-trusted", trusted, pem)
                if b": OK" in ask(*command, accept=(0, 2)):
                    break
            else:
                raise Objection(f"{len(waiting)} certificates do not chain to the root")
            waiting.remove(certificate)
            trusted.write_bytes(trusted.read_bytes() + pem.read_bytes())
