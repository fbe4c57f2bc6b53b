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

# Fields that no face prints: they travel as metadata and as a picture.
NOT_PRINTED = {"issuer_code", "photo", "provider", "approver", "reissue_of"}

# The sheets of each family of layouts, by the beginning of their names: width and height in mm, one for each page. A family that is not
# here is a list on sheets of A4, as many as it needs.
SHEETS = {
    "title-": [(210, 297)],
    "vocational-": [(176, 250), (176, 250)],
}


@dataclass
class Sample:
    """One record and its certificate."""

    kind: str
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
        """What the face must show, by field: a list of texts."""
        return {name: on_paper(value) for name, value in self.record.items() if name not in NOT_PRINTED}

    @cached_property
    def pages(self):
        """The pages of the PDF, as poppler tells them: width and height in mm."""
        told = ask_text("pdfinfo", "-f", 1, "-l", 9999, self.pdf)
        return [(float(w) * 25.4 / 72, float(h) * 25.4 / 72) for w, h in re.findall(r"size:\s+(\S+) x (\S+) pts", told)]

    @property
    def photo_bytes(self):
        """How much of each file is the photo."""
        return self.photo.stat().st_size if self.photo else 0


def on_paper(value):
    """A field's value as the page prints it: the texts that must be there."""
    match value:
        case list():
            return [text for row in value for cell in row.values() for text in on_paper(cell)]
        case dict():
            return []
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            year, month, day = value.split("-")
            return [f"{int(year)}年{int(month)}月{int(day)}日"]
    return [str(value)]


def plain(text):
    """Text for comparison: composed, without any white space, which line breaks and spacing make arbitrary."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def missing_from(text, expected):
    """The entries of `expected`, lists of texts by name, that `text` does not hold."""
    text = plain(text)
    missing = {name: [value for value in values if plain(value) not in text] for name, values in expected.items()}
    return {name: values for name, values in missing.items() if values}


def load(examples, out, root, work):
    """The samples of all folders that `certpress render` wrote into `out`, each named as its layout."""
    return [sample for folder in sorted(out.iterdir()) for sample in load_kind(folder.name, examples, folder, root, work)]


def load_kind(kind, examples, out, root, work):
    """The samples of one layout."""
    rows = rows_of(examples / kind)
    for line in (out / "report.jsonl").read_text().splitlines():
        report = json.loads(line)
        require(report["status"] == "done", f"not made: {line}")
        files = {file["format"]: out / file["name"] for file in report["files"]}
        row = rows[report["row"]]
        name = files["ofd"].stem
        own = work / kind / name
        own.mkdir(parents=True, exist_ok=True)
        photo = examples / row["photo"] if row.get("photo") else None
        yield Sample(kind, f"{kind}/{name}", row, report, files["ofd"], files["pdf"], photo, root, own)


def rows_of(path):
    """The records of a file whose name lacks its ending, by their row in it."""
    table, lines = path.with_suffix(".csv"), path.with_suffix(".jsonl")
    if table.exists():
        # Row 1 of a table is its head.
        return dict(enumerate(csv.DictReader(table.open(encoding="utf-8-sig")), 2))
    return dict(enumerate(map(json.loads, lines.read_text(encoding="utf-8").splitlines()), 1))
