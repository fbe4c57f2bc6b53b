"""Tampered twins: for every check a sample spoiled on purpose, to which it must object."""

import dataclasses
import re
import zipfile

from .bench import CHECKS, STUMBLED, objection
from .seals import OfdSeal, PdfSignature


def with_ofd(sample, change):
    """A twin whose OFD has parts changed by `change(name, data)`."""
    path = sample.work / "twin" / "twin.ofd"
    path.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in sample.parts.items():
            package.writestr(name, change(name, data))
    return dataclasses.replace(sample, ofd=path, work=path.parent)


def part(pattern, change):
    """A twin whose OFD has those parts changed whose names match."""
    return lambda sample, _: with_ofd(sample, lambda name, data: change(data) if re.search(pattern, name) else data)


def bytes_of(kind, change):
    """A twin whose OFD or PDF is `change` of its bytes."""

    def make(sample, _):
        path = sample.work / "twin" / f"twin.{kind}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(change(getattr(sample, kind).read_bytes()))
        return dataclasses.replace(sample, work=path.parent, **{kind: path})

    return make


def flip(at):
    """Flips a bit at this share of the data."""

    def change(data):
        i = int(len(data) * at)
        return data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :]

    return change


def swap(old, new):
    """Replaces the first occurrence of a pattern, which must be there."""

    def change(data):
        changed, count = re.subn(old, new, data, count=1)
        if not count:
            raise ValueError(f"{old} is not in the data")
        return changed

    return change


def record_of_another(sample, other):
    """Carries the record of another certificate."""
    return with_ofd(sample, lambda name, data: other.parts[name] if name.endswith("record.json") else data)


def mistyped_layout(sample, _):
    """Has a layout with a letter missing in an element's name."""
    path = sample.work / "layout.xml"
    path.write_bytes(swap(b"<let ", b"<lt ")(sample.layout.read_bytes()))
    return dataclasses.replace(sample, layout=path)


def pdf_of_another(sample, other):
    """Comes with the PDF of another certificate."""
    return dataclasses.replace(sample, pdf=other.pdf)


def preview_of_another(sample, other):
    """Is previewed as another record."""
    return dataclasses.replace(sample, number=other.number)


def another_root(sample, _):
    """Is asked to chain to the root of another hierarchy."""
    return dataclasses.replace(sample, root=sample.root.parent.parent / "another" / "root.crt")


def unlisted_signer(sample, _):
    """Has another certificate in the seal's list, one bit off the signer's."""

    def change(data):
        # The list comes first, the signer's own certificate after it.
        at = data.find(OfdSeal(sample).certificate) + 100
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    return part("SignedValue", change)(sample, None)


def forged_pdf_signature(sample, _):
    """Has a signature value that is off by one bit."""
    value = PdfSignature(sample).signature.hex().encode()
    data = sample.pdf.read_bytes()
    at = max(data.find(value), data.find(value.upper())) + len(value) - 1
    return bytes_of("pdf", lambda data: data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :])(
        sample, None
    )


BOUNCY_CASTLE = ["BouncyCastle: the seal", "BouncyCastle: the CMS"]

# What is spoiled, how, and which checks must object.
TWINS = [
    ("a layout with a mistyped element", mistyped_layout, ["xmllint: the layout"]),
    (
        "an OFD cut short",
        bytes_of("ofd", lambda data: data[:-100]),
        ["unzip", "page-validation: the conversion"],
    ),
    (
        "a PDF without an output intent",
        bytes_of("pdf", swap(b"/GTS_PDFA1", b"/GTS_PDFAX")),
        ["page-validation: the PDF"],
    ),
    ("a page that is not well-formed", part("Pages/Page_0", swap(b"</ofd:Page>", b"")), ["xmllint: every XML part"]),
    ("a page with another content", part("Pages/Page_0", swap(b"0", b"1")), ["ofd-core", "Python's hashlib", "jsonschema"]),
    ("a page of another size", part("Document.xml", swap(b"210 297", b"211 297")), ["sofd info"]),
    ("an OFD whose signature is gone", part("SignedValue", lambda data: b""), ["sofd verify"]),
    (
        "the record of another certificate",
        record_of_another,
        [
            *("ofdkit: every", "ofdkit: the objects", "sofd search", "the record inside the OFD"),
            *("the metadata of the OFD", "pdftotext", "mutool", "qpdf: the record", "pdfinfo"),
            *("zbarimg: the mark on the PDF page, by poppler", "zbarimg: the mark on the PDF page, by MuPDF"),
            *("zbarimg: the mark on the OFD page, by sofd", "zbarimg: the mark on the OFD page, by ofd-core"),
        ],
    ),
    ("an OFD with 120 kB more", bytes_of("ofd", lambda data: data + bytes(120_000)), ["size: an OFD"]),
    ("a PDF with 100 kB more", bytes_of("pdf", lambda data: data + bytes(100_000)), ["size: a PDF"]),
    ("a PDF cut short", bytes_of("pdf", lambda data: data[: len(data) // 2]), ["qpdf --check"]),
    ("a PDF with a font missing", bytes_of("pdf", swap(b"/FontFile2", b"/FontFileX")), ["pdffonts"]),
    ("a PDF without its structure", bytes_of("pdf", swap(b"/StructTreeRoot", b"/StructTreeRooT")), ["poppler: the structure"]),
    (
        "a Signature.xml that was changed",
        part("Signature.xml", swap(b"certpress", b"certprefs")),
        ["OFD seal: dataHash"],
    ),
    (
        "a seal with another picture",
        part("SignedValue", flip(0.4)),
        ["OpenSSL: the signer's SM2 signature over TBS_Sign", "OpenSSL: the seal maker"],
    ),
    ("a signer that the seal does not list", unlisted_signer, ["OFD seal: the signer is in"]),
    (
        "a stamp of another size",
        part("Signature.xml", swap(rb'Boundary="(\S+ \S+) 42', rb'Boundary="\1 41')),
        ["OFD seal: the stamp"],
    ),
    (
        "certificates of another hierarchy",
        another_root,
        ["OpenSSL: signer and seal maker", "OpenSSL: the certificates of the PDF", *BOUNCY_CASTLE],
    ),
    (
        "a PDF with one bit changed",
        bytes_of("pdf", flip(0.3)),
        ["PDF signature: messageDigest", "BouncyCastle: the CMS"],
    ),
    ("a PDF with a line after its end", bytes_of("pdf", lambda data: data + b"%\n"), ["PDF signature: messageDigest"]),
    (
        "a forged PDF signature",
        forged_pdf_signature,
        ["OpenSSL: the signer's SM2 signature over the signed", "BouncyCastle: the CMS"],
    ),
    (
        "a PDF without content",
        bytes_of("pdf", swap(rb"/Contents(?= ?[\[\d])", b"/Kontents")),
        ["picture: poppler and MuPDF", "the note"],
    ),
    ("the PDF of another certificate", pdf_of_another, ["picture: sofd", "picture: ofd-core"]),
    ("a preview of another record", preview_of_another, ["picture: certpress previews the record as poppler", "picture: certpress previews the record as sofd"]),
]


def run_twins(sample, other):
    """Lets the checks object to the twins of `sample`; tells which do not. Gives the numbers of passed and failed."""
    passed = failed = 0
    waiting = {one.name for one in CHECKS}
    for what, make, prefixes in TWINS:
        twin = make(sample, other)
        for prefix in prefixes:
            [one] = [one for one in CHECKS if one.name.startswith(prefix)]
            waiting.discard(one.name)
            answer = objection(one, twin)
            if answer is None or answer.startswith(STUMBLED):
                failed += 1
                print(f"FAIL  {what}: {one.name}: {answer or 'is accepted'}")
            else:
                passed += 1
    for name in sorted(waiting):
        failed += 1
        print(f"FAIL  no twin that must fail: {name}")
    print(f"{'FAIL' if failed else 'ok':4}  tampered twins are refused: {passed} of {passed + failed}")
    return passed, failed
