#!/usr/bin/env python3
"""Seals an OFD anew with OpenSSL 3: its keys, its certificates, its two signatures. make.py SEALED.ofd

SEALED.ofd is a certificate of certpress with one seal of GB/T 38540-2020 and no timestamp; openssl.ofd is what the tests read.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
PKI = HERE.parent / "pki"
VALUE = "Doc_0/Signs/Sign_0/SignedValue.dat"


def tlv(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x83" + size.to_bytes(3, "big")
    if 128 <= size < 256:
        length = b"\x81" + bytes([size])
    elif 256 <= size < 65536:
        length = b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def split(der):
    """The elements of a SEQUENCE, each with tag and length."""

    def header(at):
        first = der[at + 1]
        count = first - 128 if first >= 128 else 0
        length = int.from_bytes(der[at + 2 : at + 2 + count], "big") if count else first
        return at + 2 + count, length

    at, length = header(0)
    end, elements = at + length, []
    while at < end:
        start, size = header(at)
        elements.append(der[at : start + size])
        at = start + size
    return elements


def sequence(*elements):
    return tlv(0x30, b"".join(elements))


def sign(message):
    with tempfile.NamedTemporaryFile() as file:
        file.write(message)
        file.flush()
        key = PKI / "sm2-signer-test-only.key"
        command = ["openssl", "dgst", "-sm3", "-sign", key, "-sigopt", "distid:1234567812345678", file.name]
        return tlv(3, b"\0" + subprocess.run(command, check=True, capture_output=True).stdout)


def main():
    pem = (PKI / "sm2-signer.crt").read_bytes()
    certificate = subprocess.run(["openssl", "x509", "-outform", "DER"], input=pem, check=True, capture_output=True).stdout
    certificate = tlv(4, certificate)
    with zipfile.ZipFile(sys.argv[1]) as package:
        parts = [(name, package.read(name)) for name in package.namelist()]
    tbs, _, algorithm, _ = split(dict(parts)[VALUE])
    version, seal, *rest = split(tbs)
    header, es_id, properties, picture = split(split(seal)[0])
    kind, name, list_type, _, *dates = split(properties)
    info = sequence(header, es_id, sequence(kind, name, list_type, sequence(certificate), *dates), picture)
    seal = sequence(info, certificate, algorithm, sign(info))
    tbs = sequence(version, seal, *rest)
    value = sequence(tbs, certificate, algorithm, sign(tbs))
    with zipfile.ZipFile(HERE / "openssl.ofd", "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts:
            entry = zipfile.ZipInfo(name, (2026, 3, 5, 8, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, value if name == VALUE else data)


main()
