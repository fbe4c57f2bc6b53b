"""What page-validation has to say: PDF/A-3b (ISO 19005-3), of the certificate and of what `certpress convert` makes of its OFD.

`python -m judge.archive FILE…` judges other PDFs.
"""

import sys

import page

from .bench import Objection, ask, check, require
from .tools import TOOLS


def require_pdf_a(path):
    """Objects unless the file claims PDF/A-3b and breaks none of its rules."""
    report = page.validate_pdf(path)
    require(report.profile == page.ValidationProfile.PDF_A_3B, f"it claims to be {report.profile}")
    require(report.is_compliant, "; ".join(f"{failure.rule_id}: {failure.message}" for failure in report.failures))


@check("page-validation: the PDF is PDF/A-3b")
def sealed(sample):
    require_pdf_a(sample.pdf)


@check("page-validation: the conversion of the OFD is PDF/A-3b")
def conversion(sample):
    copy = sample.work / "conversion.pdf"
    ask(TOOLS.press, "convert", sample.ofd, "--to", "pdf", "--out", copy)
    require_pdf_a(copy)


def main():
    for path in sys.argv[1:]:
        try:
            require_pdf_a(path)
        except Objection as objection:
            sys.exit(f"FAIL  PDF/A-3b: {path}: {objection}")
    print(f"ok    PDF/A-3b: {len(sys.argv) - 1} PDFs with timestamps, or for paper")


if __name__ == "__main__":
    main()
