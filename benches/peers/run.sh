#!/usr/bin/env bash
# Sets the same certificate, unsealed, with certpress, typst and reportlab, and signs with `sm2` and `sm-crypto`; prints the ratios.
#
#     benches/peers/run.sh [SECONDS]     how long each of them may run (default 5)
#
# Keeps its tools in $PEERS (default /tmp/certpress-peers): a venv with the pinned versions below, made on the first run. Processor time
# counts, user and system, so that other work on the machine hardly matters. The layout and the words are ours: see certificate.typ and
# peers.py, which print what layouts/title-senior.xml prints, with the same faces, photograph and QR content.
set -euo pipefail
cd "$(dirname "$0")/../.."

TYPST=0.15.2
REPORTLAB=5.1.0
SEGNO=1.6.6
SECONDS_EACH=${1:-5}
PEERS=${PEERS:-/tmp/certpress-peers}

venv=$PEERS/venv-$TYPST-$REPORTLAB-$SEGNO
if [[ ! -e $venv/ready ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check "typst==$TYPST" "reportlab==$REPORTLAB" "segno==$SEGNO"
    touch "$venv/ready"
fi

cargo build -q --release
target=${CARGO_TARGET_DIR:-target}
"$target/release/certpress" bench layouts/title-senior.xml examples/title-senior.csv --seal none \
    --seconds $((3 * SECONDS_EACH)) --jobs 1 --json > "$PEERS/certpress.json"
"$venv/bin/python" benches/peers/peers.py "$PEERS/certpress.json" "$SECONDS_EACH"

echo
echo "SM2, time of one signature and one verification (criterion), and how many times as long sm-crypto takes:"
cargo bench -q --bench sm -- --measurement-time "$SECONDS_EACH" --warm-up-time 1 '^sm2' 2> /dev/null | awk '
    # Long names stand in a line of their own.
    /^sm2 / { name = $0; sub(/ +time:.*/, "", name) }
    match($0, /time: +\[[^ ]+ [^ ]+ [0-9.]+ [^ ]+/) {
        count = split(substr($0, RSTART, RLENGTH), words, " ")
        unit = words[count]
        times[name] = words[count - 1] * (unit == "ns" ? 0.001 : unit == "ms" ? 1000 : 1)
        names[++last] = name
    }
    END {
        for (i = 1; i <= last; i++) {
            split(names[i], parts, "/")
            printf "  %-38s %8.1f µs %8.1f\n", names[i], times[names[i]], times[parts[1] "/sm-crypto"] / times[names[i]]
        }
    }'
