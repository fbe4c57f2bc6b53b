"""`python -m judge RECORDS OUT ROOT WORK`: judges what RECORDS became in OUT, sealed under the certificate ROOT."""

import os
import sys
from pathlib import Path

# Imported for the checks they register.
from . import ofd, pdf, pictures, seals  # noqa: F401
from .bench import run_all
from .sample import load
from .twins import run_twins


def main():
    records, out, root, work = map(Path, sys.argv[1:])
    samples = load(records, out, root, work)
    print(f"{len(samples)} certificates, {sum(1 for s in samples if not s.photo)} of them without a photo")
    passed, failed = run_all(samples, os.cpu_count() or 1)
    refused, accepted = run_twins(samples[0], samples[1])
    print(f"{passed + refused} passed, {failed + accepted} failed")
    return 1 if failed + accepted else 0


sys.exit(main())
