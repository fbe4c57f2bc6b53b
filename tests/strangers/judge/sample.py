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

# Fields that no face prints: they travel as metadata and as a picture. And those that a family of layouts, by the beginning of their names,
# does not print.
NOT_PRINTED = {"issuer_code", "photo", "provider", "approver", "reissue_of"}
NOT_PRINTED_BY = {
    "score-": {"approval", "note"},
    "registration-": {"approval", "note"},
    "roster": {"approval"},
    "licence-register": {"approval"},
}

# The sheets of each family of layouts, by the beginning of their names: width and height in mm, one for each page.
SHEETS = {"title-": [(210, 297)], "vocational-": [(176, 250), (176, 250)], "score-": [(210, 297)], "registration-": [(210, 297)]}
# The sheet of those that take as many as they need.
SHEET = {"roster": (210, 297), "licence-register": (297, 210)}


@dataclass
class Sample:
    """One record and its certificate."""

    kind: str
    layout: Path
    records: Path
    number: int
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
        """What the face must show, by field: a list of texts, each in one of several forms."""
        own = [fields for family, fields in NOT_PRINTED_BY.items() if self.kind.startswith(family)]
        hidden = NOT_PRINTED.union(*own)
        return {name: on_paper(value) for name, value in self.record.items() if name not in hidden}

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
    """A field's value as the page prints it: the texts that must be there, each in one of several forms. Lists mask identity numbers."""
    match value:
        case list():
            return [listed(cell) for row in value for cell in row.values()]
        case dict():
            return []
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return [(chinese(value),)]
    return [(str(value),)]


def listed(value):
    """The forms in which a cell of a list may stand on the page."""
    value = str(value)
    if re.fullmatch(r"\d{17}[\dX]", value):
        return (f"{value[:6]}********{value[-4:]}",)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (value, chinese(value))
    return (value,)


def chinese(date):
    """A date as 2026年3月5日."""
    year, month, day = date.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"


def plain(text):
    """Text for comparison: composed, without any white space, which line breaks and spacing make arbitrary."""
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text))


def missing_from(text, expected):
    """The entries of `expected` that `text` does not hold: by name lists of texts, each with all its forms."""
    text = plain(text)
    missing = {
        name: [forms[0] for forms in texts if not any(plain(form) in text for form in forms)]
        for name, texts in expected.items()
    }
    return {name: texts for name, texts in missing.items() if texts}


def load(examples, out, root, work):
    """The samples of all folders that `certpress render` wrote into `out`, each named as its layout."""
    return [sample for folder in sorted(out.iterdir()) for sample in load_kind(folder.name, examples, folder, root, work)]


def load_kind(kind, examples, out, root, work):
    """The samples of one layout."""
    rows = rows_of(examples / kind)
    for line in (out / "manifest.jsonl").read_text().splitlines():
        report = json.loads(line)
        if "row" not in report:
            continue
        require(report["status"] == "done", f"not made: {line}")
        files = {file["format"]: out / file["name"] for file in report["files"]}
        row = rows[report["row"]]
        name = files["ofd"].stem
        own = work / kind / name
        own.mkdir(parents=True, exist_ok=True)
        photo = examples / row["photo"] if row.get("photo") else None
        records, number = file_of(examples / kind), list(rows).index(report["row"]) + 1
        layout = Path("layouts") / f"{kind}.xml"
        yield Sample(kind, layout, records, number, f"{kind}/{name}", row, report, files["ofd"], files["pdf"], photo, root, own)


def file_of(path):
    """The file of records whose name lacks its ending."""
    table, lines = path.with_suffix(".csv"), path.with_suffix(".jsonl")
    return table if table.exists() else lines


def rows_of(path):
    """The records of a file whose name lacks its ending, by their row in it."""
    file = file_of(path)
    if file.suffix == ".csv":
        # Row 1 of a table is its head.
        return dict(enumerate(csv.DictReader(file.open(encoding="utf-8-sig")), 2))
    return dict(enumerate(map(json.loads, file.read_text(encoding="utf-8").splitlines()), 1))
