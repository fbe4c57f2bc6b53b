#!/usr/bin/env bash
# The page of `certpress preview --serve` in headless Chromium. The last line tells how many cases passed and how many failed.
#
#   tests/browser/run.sh [FOLDER]     keeps screenshots in FOLDER
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Chromium, and the Python that speaks with it, are installed with the strangers.
export STRANGERS=${STRANGERS:-${TMPDIR:-/tmp}/certpress-strangers}
tests/strangers/tools.sh

cargo build --release --quiet
PYTHONDONTWRITEBYTECODE=1 "$STRANGERS/venv/bin/python" tests/browser "${CARGO_TARGET_DIR:-target}/release/certpress" "$@"
