"""What renderers show: the mark read off the page, and two formats that look the same."""

import numpy as np
from PIL import Image

from .bench import ask, ask_text, check, require
from .ofd import OFD, signature_xml
from .tools import TOOLS

DPI = 200
# Two renderers place the edge of a line within a pixel of each other (0.13 mm at 200 dpi), and mix its colour at will.
TONE = 64
ALIKE = 0.001


def poppler(sample):
    """The PDF by poppler."""
    stem = sample.work / "poppler"
    ask("pdftoppm", "-r", DPI, "-png", "-singlefile", sample.pdf, stem)
    return stem.with_suffix(".png")


def mupdf(sample):
    """The PDF by MuPDF."""
    out = sample.work / "mupdf.png"
    ask("mutool", "draw", "-q", "-r", DPI, "-o", out, sample.pdf, 1)
    return out


def sofd(sample):
    """The OFD by sofd."""
    out = sample.work / "sofd.png"
    ask(TOOLS.sofd, "render", "--dpi", DPI, "-o", out, sample.ofd)
    return out


def ofd_core(sample):
    """The OFD by ofd-core."""
    out = sample.work / "ofd-core.png"
    ask(TOOLS.ofd_core, sample.ofd, DPI, out)
    return out


def read_mark(picture, sample):
    """Objects unless the picture holds one QR mark, and that leads to this certificate."""
    told = ask_text("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture).splitlines()
    require(len(told) == 1, f"{len(told)} marks")
    require(told[0].startswith("https://") and told[0].endswith(sample.record["identifier"]), told[0])


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


def grey(picture, sample):
    """A page of A4 in grey tones, without the seal: not every reader draws signatures."""
    tones = np.asarray(Image.open(picture).convert("L"), dtype=np.int16)
    height, width = tones.shape
    require(abs(width - 210 / 25.4 * DPI) < 1.5 and abs(height - 297 / 25.4 * DPI) < 1.5, f"{width} × {height} pixels")
    tones = tones[: int(297 / 25.4 * DPI), : int(210 / 25.4 * DPI)].copy()
    _, signature = signature_xml(sample)
    for stamp in signature.iter(f"{OFD}StampAnnot"):
        x, y, w, h = (float(v) / 25.4 * DPI for v in stamp.get("Boundary").split())
        tones[int(y) : int(y + h) + 2, int(x) : int(x + w) + 2] = 255
    return tones


def differing(a, b):
    """The share of pixels of `a` whose tone is not among those of the same pixel of `b` and its eight neighbours."""
    padded = np.pad(b, 1, mode="edge")
    height, width = b.shape
    near = [padded[dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)]
    darkest, lightest = np.minimum.reduce(near), np.maximum.reduce(near)
    return float(np.mean((a < darkest - TONE) | (a > lightest + TONE)))


def require_alike(one, other, sample):
    """Objects unless both pictures show the same, and something at all."""
    a, b = grey(one, sample), grey(other, sample)
    ink = float(np.mean(a < 200))
    require(ink > 0.01, f"only {ink:.2%} of the page is dark")
    difference = max(differing(a, b), differing(b, a))
    require(difference <= ALIKE, f"{difference:.3%} of the pixels differ, {ALIKE:.1%} may: {one} and {other}")


@check("picture: poppler and MuPDF show the same PDF")
def pdf_alike(sample):
    require_alike(poppler(sample), mupdf(sample), sample)


@check("picture: sofd shows the OFD as poppler shows the PDF")
def sofd_alike(sample):
    require_alike(poppler(sample), sofd(sample), sample)


@check("picture: ofd-core shows the OFD as poppler shows the PDF")
def ofd_core_alike(sample):
    require_alike(poppler(sample), ofd_core(sample), sample)
