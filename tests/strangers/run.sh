#!/usr/bin/env bash
# Renders certificates and lets strangers judge them. The last line tells how many checks passed and how many failed.
#
#   tests/strangers/run.sh [LIMIT]     how many of the senior title's records, 30 by default: the first ones hold every rare character;
#                                      of every other layout's, two
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

limit=${1:-30}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Kept between runs; everything in it is pinned by version.
export STRANGERS=${STRANGERS:-${TMPDIR:-/tmp}/certpress-strangers}
tests/strangers/tools.sh

# Two hierarchies: one that seals, and one that has nothing to do with it.
cargo build --release --quiet
press=${CARGO_TARGET_DIR:-target}/release/certpress
echo "a password for a test" >"$work/password"
for seal in seal another; do
    "$press" seal new 样例省人力资源和社会保障厅 --out "$work/$seal" --password-file "$work/password" >/dev/null
done
for records in examples/*.csv examples/*.jsonl; do
    kind=$(basename "${records%.*}")
    [[ -e layouts/$kind.xml ]] || continue
    "$press" render "layouts/$kind.xml" "$records" --limit "$([[ $kind == title-senior ]] && echo "$limit" || echo 2)" \
        --quiet --seal "$work/seal" --password-file "$work/password" --out "$work/out/$kind"
done

export CERTPRESS=$press
export STRANGERS_CLASSPATH=$STRANGERS/classes:/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar
export STRANGERS_PRESS=$press STRANGERS_SEAL=$work/seal STRANGERS_PASSWORD=$work/password
export PYTHONPATH=tests/strangers PYTHONDONTWRITEBYTECODE=1

# Timestamps, in the OFD and in each profile of the PDF.
for profile in cms cades gm-cms gm-seal; do
    "$press" render layouts/title-senior.xml examples/title-senior.csv --limit 1 --quiet --timestamp --pdf-profile "$profile" \
        --seal "$work/seal" --password-file "$work/password" --out "$work/stamped/$profile"
done
java -cp "$STRANGERS_CLASSPATH" VerifySeal "$work/seal/root.crt" "$work"/stamped/*/*.{ofd,pdf} >"$work/stamped.txt" ||
    { cat "$work/stamped.txt"; exit 1; }
(($(grep -c "ok   the timestamp's signature" "$work/stamped.txt") == 8)) || { echo "a timestamp is missing" >&2; exit 1; }

# What no sample of the judges is: those PDFs, and the editions for paper.
for edition in print overprint; do
    "$press" render layouts/title-senior.xml examples/title-senior.csv --limit 2 --quiet --edition "$edition" --out "$work/paper/$edition"
done
"$STRANGERS/venv/bin/python" -m judge.archive "$work"/{stamped,paper}/*/*.pdf

"$STRANGERS/venv/bin/python" -m judge examples "$work/out" "$work/seal/root.crt" "$work/judged"
