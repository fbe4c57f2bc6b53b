"""`python -m judge EXAMPLES OUT ROOT WORK`: judges what the records of EXAMPLES became in OUT, a folder for each layout, sealed under
the certificate ROOT."""

import os
import sys
from pathlib import Path

# Imported for the checks they register.
from . import answers, archive, layout, ofd, pdf, pictures, seals  # noqa: F401
from .bench import run_all
from .sample import load
from .twins import run_twins


def main():
    examples, out, root, work = map(Path, sys.argv[1:])
    samples = load(examples, out, root, work)
    kinds = sorted({sample.kind for sample in samples})
    print(f"{len(samples)} certificates of {len(kinds)} layouts: {', '.join(kinds)}")
    passed, failed = run_all(samples, os.cpu_count() or 1)
    one, other = [sample for sample in samples if sample.kind == "title-senior"][:2]
    refused, accepted = run_twins(one, other)
    print(f"{passed + refused} passed, {failed + accepted} failed")
    return 1 if failed + accepted else 0


sys.exit(main())
