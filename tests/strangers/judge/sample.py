"""A sample: one record as it was given, and the two files made from it."""

import csv
import json
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .bench import ask_text, require

# Fields that the face of the certificate does not print: they travel as metadata and as a picture.
NOT_PRINTED = {"issuer_code", "photo", "provider", "approver", "reissue_of"}


@dataclass
class Sample:
    """One record and its certificate."""

    name: str
    row: dict
    report: dict
    ofd: Path
    pdf: Path
    photo: Path | None
    root: Path
    work: Path

    @cached_property
    def parts(self):
        """The parts of the OFD by name, in the package's order."""
        with zipfile.ZipFile(self.ofd) as package:
            return {name: package.read(name) for name in package.namelist()}

    @cached_property
    def record(self):
        """The fields of the structured record inside the OFD."""
        return json.loads(self.parts["Doc_0/Attachs/record.json"])["fields"]

    @cached_property
    def record_of_pdf(self):
        """The fields of the structured record inside the PDF."""
        names = ask_text("qpdf", "--list-attachments", self.pdf)
        require("record.json" in names, f"no record.json among the attachments: {names}")
        return json.loads(ask_text("qpdf", "--show-attachment=record.json", self.pdf))["fields"]

    @cached_property
    def printed(self):
        """What the face must show, by field."""
        return {name: on_paper(name, value) for name, value in self.record.items() if name not in NOT_PRINTED}

    @property
    def photo_bytes(self):
        """How much of each file is the photo."""
        return self.photo.stat().st_size if self.photo else 0


def on_paper(name, value):
    """A field's value as the page prints it."""
    if name == "issued_on":
        year, month, day = value.split("-")
        return f"{int(year)}年{int(month)}月{int(day)}日"
    return value


def plain(text):
    """Text for comparison: composed, without any white space, which line breaks and spacing make arbitrary."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def missing_from(text, expected):
    """The entries of `expected` that `text` does not hold."""
    text = plain(text)
    return {name: value for name, value in expected.items() if plain(value) not in text}


def load(records, out, root, work):
    """The samples of a run of `certpress render RECORDS --out OUT`."""
    rows = list(csv.DictReader(records.open(encoding="utf-8-sig")))
    samples = []
    for line in (out / "report.jsonl").read_text().splitlines():
        report = json.loads(line)
        require(report["status"] == "done", f"not made: {line}")
        files = {file["format"]: out / file["name"] for file in report["files"]}
        # Row 1 of a table is its head.
        row = rows[report["row"] - 2]
        name = files["ofd"].stem
        own = work / name
        own.mkdir(parents=True, exist_ok=True)
        photo = records.parent / row["photo"] if row["photo"] else None
        samples.append(Sample(name, row, report, files["ofd"], files["pdf"], photo, root, own))
    return samples
