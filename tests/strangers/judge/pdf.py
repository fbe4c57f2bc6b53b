"""What readers of PDF have to say: syntax, fonts, text, metadata."""

import re

from .bench import ask, ask_text, check, require
from .ofd import metadata_of, require_same_record
from .sample import missing_from


@check("qpdf --check: no complaint")
def syntax(sample):
    ask("qpdf", "--check", sample.pdf)


@check("pdffonts: every font is embedded, a subset, and maps to Unicode")
def fonts(sample):
    lines = ask_text("pdffonts", sample.pdf).splitlines()[2:]
    require(len(lines) >= 2, f"{len(lines)} fonts")
    for line in lines:
        # name, type (one or two words), encoding, emb, sub, uni, object number and generation
        emb, sub, uni = line.split()[-5:-2]
        require((emb, sub, uni) == ("yes", "yes", "yes"), line)
        require(line[6] == "+", f"no subset tag: {line}")


@check("pdftotext: every printed field is in the text of the PDF")
def poppler_text(sample):
    missing = missing_from(ask_text("pdftotext", "-raw", sample.pdf, "-"), sample.printed)
    require(not missing, f"not in the text: {missing}")


@check("mutool: every printed field is in the text of the PDF")
def mupdf_text(sample):
    missing = missing_from(ask_text("mutool", "draw", "-q", "-F", "txt", sample.pdf), sample.printed)
    require(not missing, f"not in the text: {missing}")


@check("qpdf: the record inside the PDF is that of the OFD and of the row")
def record(sample):
    require(sample.record_of_pdf == sample.record, f"{sample.record_of_pdf} is not {sample.record}")
    require_same_record(sample, sample.record_of_pdf)


@check("pdfinfo: title, author and metadata of the PDF say what the row says")
def metadata(sample):
    told = ask_text("pdfinfo", "-enc", "UTF-8", sample.pdf)
    for field in ("issuer", "number"):
        require(sample.record.get(field, "") in told, told)
    xmp = ask_text("pdfinfo", "-meta", sample.pdf)
    ask("xmllint", "--nonet", "--noout", "-", stdin=xmp.encode())
    missing = missing_from(xmp, metadata_of(sample))
    require(not missing, f"not in the XMP: {missing}")


@check("poppler: the structure of the PDF tells the printed fields to those who cannot see them, under one heading")
def structure(sample):
    told = ask_text("pdfinfo", "-struct-text", sample.pdf)
    # Each element in a line of its own, its texts in quotation marks below it.
    read_aloud = "".join(re.findall(r'^\s*"(.*)"$', told, re.MULTILINE))
    missing = missing_from(read_aloud, sample.printed)
    require(not missing, f"not in the structure: {missing}")
    require(re.search(r"^\s+H1 ", told, re.MULTILINE), told)
    require("Tagged:          yes" in ask_text("pdfinfo", sample.pdf), "not tagged")


@check("size: a PDF of the senior title without its photo has at most 100 kB, any other of one or two pages 130 kB")
def size(sample):
    rest = sample.pdf.stat().st_size - sample.photo_bytes
    most = 100_000 if sample.kind == "title-senior" else 130_000
    require(rest <= most or len(sample.pages) > 2, f"{rest} bytes")
