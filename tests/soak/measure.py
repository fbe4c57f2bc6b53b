#!/usr/bin/env python3
"""Runs a command; tells its time, processor time and peak memory."""

import resource
import subprocess
import sys
import time

start = time.monotonic()
code = subprocess.run(sys.argv[1:]).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
elapsed = time.monotonic() - start
print(f"{elapsed:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of processor time, peak memory {used.ru_maxrss / 1024:.0f} MiB")
sys.exit(code)
