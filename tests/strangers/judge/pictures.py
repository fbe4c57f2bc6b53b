"""What renderers show: the mark read off the page, and two formats that look the same."""

import xml.etree.ElementTree as ET

import numpy as np
import ofdkit
from PIL import Image

from .bench import ask, ask_text, check, require
from .ofd import OFD, signature_xml
from .sample import SHEET
from .tools import TOOLS

DPI = 200
# Two renderers place the edge of a line within a pixel of each other (0.13 mm at 200 dpi), and mix its colour at will.
TONE = 64
ALIKE = 0.001
# Words of the note that a PDF bears and the OFD does not.
NOTE = "不具备与原件同等法律效力"


def poppler(sample):
    """The pages of the PDF by poppler."""
    stem = sample.work / "poppler"
    ask("pdftoppm", "-r", DPI, "-png", sample.pdf, stem)
    return drawn(sample, "poppler-*.png")


def mupdf(sample):
    """The pages of the PDF by MuPDF."""
    ask("mutool", "draw", "-q", "-r", DPI, "-o", sample.work / "mupdf-%03d.png", sample.pdf)
    return drawn(sample, "mupdf-*.png")


def sofd(sample):
    """The pages of the OFD by sofd."""
    for page in range(len(sample.pages)):
        ask(TOOLS.sofd, "render", "--dpi", DPI, "-p", page, "-o", sample.work / f"sofd-{page:03}.png", sample.ofd)
    return drawn(sample, "sofd-*.png")


def ofd_core(sample):
    """The pages of the OFD by ofd-core."""
    ask(TOOLS.ofd_core, sample.ofd, DPI, sample.work / "ofd-core")
    return drawn(sample, "ofd-core-???.png")


def preview(sample):
    """The pages of the record by `certpress preview`, before any file is written."""
    ask(
        *(TOOLS.press, "preview", sample.layout, sample.records, "--record", sample.number, "--dpi", DPI),
        *("--seal", TOOLS.seal, "--password-file", TOOLS.password, "--out", sample.work / "preview.png"),
    )
    pages = len(sample.pages)
    return [sample.work / (f"preview-{page}.png" if pages > 1 else "preview.png") for page in range(1, pages + 1)]


def drawn(sample, pattern):
    """The pictures of that name, one for each page."""
    pictures = sorted(sample.work.glob(pattern))
    require(len(pictures) == len(sample.pages), f"{len(pictures)} pictures of {len(sample.pages)} pages")
    return pictures


def read_mark(pictures, sample):
    """Objects unless the pages hold one QR mark, and that leads to this certificate; a list, which has no holder, bears none."""
    reader = ("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable")
    # 4: nothing was found.
    told = [line for picture in pictures for line in ask_text(*reader, picture, accept=(0, 4)).splitlines()]
    expected = sample.record["identifier"] if "name" in sample.record else None
    if expected and "reissue_of" in sample.record:
        expected += "?reissue"
    require(len(told) == (1 if expected else 0), f"{len(told)} marks")
    for mark in told:
        require(mark.startswith("https://") and mark.endswith(f"/{expected}"), mark)


@check("zbarimg: the mark on the PDF page, by poppler at 200 dpi")
def mark_poppler(sample):
    read_mark(poppler(sample), sample)


@check("zbarimg: the mark on the PDF page, by MuPDF at 200 dpi")
def mark_mupdf(sample):
    read_mark(mupdf(sample), sample)


@check("zbarimg: the mark on the OFD page, by sofd at 200 dpi")
def mark_sofd(sample):
    read_mark(sofd(sample), sample)


@check("zbarimg: the mark on the OFD page, by ofd-core at 200 dpi")
def mark_ofd_core(sample):
    read_mark(ofd_core(sample), sample)


def greys(pictures, sample):
    """The pages in grey tones, without the seals, which not every reader draws, and without the note that the PDF alone bears."""
    _, signature = signature_xml(sample)
    stamps = list(signature.iter(f"{OFD}StampAnnot"))
    document = ET.fromstring(sample.parts["Doc_0/Document.xml"])
    ids = [page.get("ID") for page in document.iter(f"{OFD}Page")]
    for (across, down), page, picture, note in zip(sample.pages, ids, pictures, notes(sample), strict=True):
        tones = np.asarray(Image.open(picture).convert("L"), dtype=np.int16)
        height, width = tones.shape
        size = (across / 25.4 * DPI, down / 25.4 * DPI)
        require(abs(width - size[0]) < 1.5 and abs(height - size[1]) < 1.5, f"{width} × {height} pixels")
        tones = tones[: int(size[1]), : int(size[0])].copy()
        blanks = [map(float, s.get("Boundary").split()) for s in stamps if s.get("PageRef") == page]
        for x, y, w, h in (*blanks, *note):
            x, y, w, h = (v / 25.4 * DPI for v in (x, y, w, h))
            tones[max(int(y) - 1, 0) : int(y + h) + 2, max(int(x) - 1, 0) : int(x + w) + 2] = 255
        yield tones


def notes(sample):
    """Where each page of the PDF says that it is a conversion: boxes in mm."""
    # Without its head: pdftotext writes a name beyond the BMP there as two surrogates, which is no UTF-8.
    told = ask("pdftotext", "-bbox", sample.pdf, "-")
    told = ET.fromstring(told[told.index(b"<doc>") : told.index(b"</doc>") + 6])
    for page in told.iter("page"):
        words = [w for w in page.iter("word") if NOTE in (w.text or "")]
        boxes = ([float(w.get(side)) * 25.4 / 72 for side in ("xMin", "yMin", "xMax", "yMax")] for w in words)
        yield [(left, top, right - left, bottom - top) for left, top, right, bottom in boxes]


def differing(a, b):
    """The share of pixels of `a` whose tone is not among those of the same pixel of `b` and its eight neighbours."""
    padded = np.pad(b, 1, mode="edge")
    height, width = b.shape
    near = [padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]
    darkest, lightest = np.minimum.reduce(near), np.maximum.reduce(near)
    return float(np.mean((a < darkest - TONE) | (a > lightest + TONE)))


def soft(tones):
    """Each pixel as the mean of itself and its neighbours: a hairline thinner than a pixel weighs the same, snapped to one row or spread
    over two."""
    padded = np.pad(tones.astype(np.float32), 1, mode="edge")
    height, width = tones.shape
    return sum(padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)) / 9


# Tables, whose rules are hairlines, are compared softly.
NOT_RULED = ("title-", "vocational-")


def require_alike(ones, others, sample):
    """Objects unless both sets of pictures show the same, and something at all."""
    pairs = zip(greys(ones, sample), greys(others, sample), ones, others, strict=True)
    for a, b, one, other in pairs:
        ink = float(np.mean(a < 200))
        # The last page of a list may hold a signature alone.
        least = 0.003 if sample.kind in SHEET and one != ones[0] else 0.01
        require(ink > least, f"only {ink:.2%} of the page is dark")
        if not sample.kind.startswith(NOT_RULED):
            a, b = soft(a), soft(b)
        difference = max(differing(a, b), differing(b, a))
        require(difference <= ALIKE, f"{difference:.3%} of the pixels differ, {ALIKE:.1%} may: {one} and {other}")


@check("the note: each page of the PDF says that it is a conversion, the OFD does not")
def standing(sample):
    for page, boxes in enumerate(notes(sample), 1):
        require(len(boxes) == 1, f"{len(boxes)} notes on page {page}")
    with ofdkit.open(sample.ofd) as document:
        told = "".join(run.text for page in document.pages for run in page.runs)
    require(NOTE not in told, "the OFD bears the note")


@check("picture: poppler and MuPDF show the same PDF")
def pdf_alike(sample):
    require_alike(poppler(sample), mupdf(sample), sample)


@check("picture: sofd shows the OFD as poppler shows the PDF")
def sofd_alike(sample):
    require_alike(poppler(sample), sofd(sample), sample)


@check("picture: ofd-core shows the OFD as poppler shows the PDF")
def ofd_core_alike(sample):
    require_alike(poppler(sample), ofd_core(sample), sample)


@check("picture: certpress previews the record as poppler shows the PDF")
def preview_alike(sample):
    require_alike(poppler(sample), preview(sample), sample)


@check("picture: certpress previews the record as sofd shows the OFD")
def preview_alike_ofd(sample):
    require_alike(sofd(sample), preview(sample), sample)
