"""What readers of OFD have to say: package, XML, structure, text, digests."""

import base64
import re
import xml.etree.ElementTree as ET
import zipfile

import ofdkit

from .bench import Objection, ask, ask_text, check, require
from .crypto import sm3
from .sample import SHEET, SHEETS, missing_from
from .tools import TOOLS

OFD = "{http://www.ofdspec.org/2016}"
SM3_OID = "1.2.156.10197.1.401"


@check("unzip: the OFD is a sound package, OFD.xml first, no name twice")
def package(sample):
    ask("unzip", "-tqq", sample.ofd)
    with zipfile.ZipFile(sample.ofd) as package:
        names = package.namelist()
    require(names[0] == "OFD.xml", f"the first part is {names[0]}")
    folded = [name.lower() for name in names]
    require(len(set(folded)) == len(folded), "names that differ in case alone or not at all")


@check("xmllint: every XML part is well-formed and without DOCTYPE")
def well_formed(sample):
    for name, data in sample.parts.items():
        if name.endswith(".xml"):
            require(b"<!DOCTYPE" not in data, f"{name} has a DOCTYPE")
            try:
                ask("xmllint", "--nonet", "--noout", "-", stdin=data)
            except Objection as e:
                raise Objection(f"{name}: {e}") from None


@check("ofd-core: structure conforms, every digest of the signature matches")
def ofd_core(sample):
    ask(TOOLS.ofd_core, sample.ofd, 36, sample.work / "ofd-core-36")


@check("sofd info: the pages of the PDF and of the layout, every font embedded, one signature")
def sofd_info(sample):
    told = ask_text(TOOLS.sofd, "--locale", "en-US", "info", sample.ofd)
    width, height = sample.pages[0]
    for line in (f"Pages: {len(sample.pages)}", f"Page size: {width:.1f} x {height:.1f} mm", "Signatures: 1"):
        require(line in told, f"no “{line}” in: {told}")
    fonts = sum(data[:4] == b"\0\1\0\0" for data in sample.parts.values())
    require(f"Embedded fonts: {fonts}" in told, f"{fonts} font files, but: {told}")
    rounded = [(round(w), round(h)) for w, h in sample.pages]
    families = [sheets for family, sheets in SHEETS.items() if sample.kind.startswith(family)]
    expected = families[0] if families else [SHEET[sample.kind]] * len(rounded)
    require(rounded == expected, f"sheets of {rounded} mm")


@check("sofd verify: the signature and all that it covers are valid")
def sofd_verify(sample):
    told = ask_text(TOOLS.sofd, "--locale", "en-US", "verify", sample.ofd)
    require(re.search(r"Signature\.xml: Valid$", told, re.M), told)
    require("with 1 files outside" in told, f"more than Signatures.xml is not covered: {told}")


@check("ofdkit: every printed field is in the text of the OFD")
def text(sample):
    # In the order of the page's objects: the reader's own guesses columns, and a label beside two lines parts them.
    with ofdkit.open(sample.ofd) as document:
        told = "".join(run.text for page in document.pages for run in page.runs)
    missing = missing_from(told, sample.printed)
    require(not missing, f"not in the text: {missing}")


@check("ofdkit: the objects that a field is tied to show its value")
def tags(sample):
    tied = {}
    with ofdkit.open(sample.ofd) as document:
        for field in ET.fromstring(sample.parts["Doc_0/Tags/Fields.xml"]):
            for reference in field:
                words = document.page_by_id(reference.get("PageRef")).object_text(reference.text)
                name = field.tag.rpartition("}")[2]
                tied[name] = tied.get(name, "") + (words or "")
    for name, texts in sample.printed.items():
        missing = missing_from(tied.get(name, ""), {name: texts})
        require(not missing, f"{missing} is not {name}'s {tied.get(name)!r}")


@check("sofd search: the id number and every rare character are found on the page")
def search(sample):
    # This reader searches text objects one by one, and a value may be set in several.
    names = sample.record.get("name", "")
    rare = [c for c in names if ord(c) > 0xFFFF or 0x3400 <= ord(c) < 0x4E00]
    for words in [sample.record[name] for name in ("id_number",) if name in sample.record] + rare:
        told = ask_text(TOOLS.sofd, "--locale", "en-US", "search", sample.ofd, words, accept=(0, 1))
        require(re.search(rf"^page \d+: .*{words}", told, re.M), f"{words} is not found: {told}")


@check("the record inside the OFD says what the row says")
def record(sample):
    require_same_record(sample, sample.record)


def require_same_record(sample, record):
    """Objects unless the structured record holds the row's values, or mended ones with a warning in the report."""
    mended = {warning.get("field") for warning in sample.report.get("warnings", ())}
    for name, given in sample.row.items():
        if name == "photo":
            there = record.get("photo", {}).get("bytes", 0)
            require(there == sample.photo_bytes, f"a photo of {there} bytes, {sample.photo_bytes} were given")
        elif name not in mended and given != "":
            told = record.get(name)
            # Numbers of a list may be given as text.
            same = words(told) == words(given) if isinstance(given, list) else told == given
            require(same, f"{name} is {told!r}, given was {given!r}")


def words(rows):
    """The rows of a list with every value as text."""
    return [{name: str(value) for name, value in row.items()} for row in rows]


@check("the metadata of the OFD says what the row says")
def metadata(sample):
    entry = ET.fromstring(sample.parts["OFD.xml"])
    told = {e.get("Name"): e.text or "" for e in entry.iter(f"{OFD}CustomData")}
    for name, [[value]] in metadata_of(sample).items():
        require(told.get(name, "") == value, f"{name} is {told.get(name)!r}")


# Names of GB/T 36903 by the fields that they repeat.
METADATA = {"ZZBH": "number", "ZZBS": "identifier", "ZZBFJG": "issuer", "ZZBFJGDM": "issuer_code", "CZZT": "name"}


def metadata_of(sample):
    """What the metadata must say, by the names of GB/T 36903: one text each, in one form."""
    return {name: [(sample.record[field],)] for name, field in METADATA.items() if field in sample.record}


@check("Python's hashlib: the signature lists every other part with its SM3")
def references(sample):
    path, signature = signature_xml(sample)
    listed = {}
    for element in signature.iter(f"{OFD}References"):
        require(element.get("CheckMethod") == SM3_OID, f"CheckMethod {element.get('CheckMethod')}")
        for reference in element.iter(f"{OFD}Reference"):
            listed[reference.get("FileRef").lstrip("/")] = base64.b64decode(reference.findtext(f"{OFD}CheckValue"))
    own = {path, f"{path.rpartition('/')[0]}/SignedValue.dat", "Doc_0/Signs/Signatures.xml"}
    for name, data in sample.parts.items():
        if name not in own:
            require(listed.pop(name, None) == sm3(data), f"{name} is not covered, or has changed")
    require(not listed, f"listed, but missing: {sorted(listed)}")


def signature_xml(sample):
    """Path and tree of the one Signature.xml."""
    paths = [name for name in sample.parts if re.fullmatch(r"Doc_0/Signs/Sign_\d+/Signature\.xml", name)]
    require(len(paths) == 1, f"signatures: {paths}")
    return paths[0], ET.fromstring(sample.parts[paths[0]])


@check("size: an OFD of one or two pages without its photo has at most 120 kB")
def size(sample):
    rest = sample.ofd.stat().st_size - sample.photo_bytes
    require(rest <= 120_000 or len(sample.pages) > 2, f"{rest} bytes")
