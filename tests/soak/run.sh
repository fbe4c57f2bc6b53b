#!/usr/bin/env bash
# What takes too long for `cargo test`, or needs root: run.sh [PRESS] [COUNT]
#
#   1. COUNT records with photographs (100,000): time, peak memory, files a second; then a check of every file.
#   2. 10,000 records, one in a hundred bad, in ten ways: exactly 9,900 pairs and 100 rows of error.
#   3. A file system of 16 MB that fills up, is made larger, and the batch gone on with (as root alone).
#
# PRESS is a release build of certpress. Everything is written below SOAK (a new folder in TMPDIR) and removed again.
set -euo pipefail
cd "$(dirname "$0")/../.."
press=$(realpath "${1:-target/release/certpress}") count=${2:-100000}
work=$(mktemp -d "${SOAK:-${TMPDIR:-/tmp}}/certpress-soak-XXXX")
trap 'mountpoint -q "$work/small" && umount "$work/small"; rm -rf "$work"' EXIT
# Photographs are looked for beside the records.
cp -r examples/photos "$work/photos"
fixed=(layouts/title-senior.xml --seal demo --time 2026-03-05T08:00:00Z --deterministic)
say() { printf '\n== %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
rows() { grep -c "^{\"row\".*\"status\":\"$2\"" "$1/manifest.jsonl" || true; }

say "$count records with photographs, into a folder"
tests/soak/records.py examples/title-senior.csv "$count" >"$work/many.csv"
/usr/bin/env python3 tests/soak/measure.py "$press" render "${fixed[0]}" "$work/many.csv" "${fixed[@]:1}" --out "$work/many" ${SOAK_OPTIONS:-}
"$press" manifest check "$work/many" || fail "the check"
rm -rf "$work/many"

say "10,000 records, 100 of them bad"
tests/soak/records.py examples/title-senior.csv 10000 100 >"$work/bad.csv"
"$press" render "${fixed[0]}" "$work/bad.csv" "${fixed[@]:1}" --out "$work/bad" --no-sync 2>/dev/null && fail "no record failed" || [[ $? == 1 ]]
done=$(rows "$work/bad" done) failed=$(rows "$work/bad" failed)
pairs=$(find "$work/bad" -name '*.ofd' | while read -r ofd; do [[ -f ${ofd%.ofd}.pdf ]] && echo; done | wc -l)
echo "$done done, $failed failed, $pairs pairs"
grep -o '"errors":\[{"code":"[^"]*"' "$work/bad/manifest.jsonl" | sort | uniq -c
[[ $done == 9900 && $failed == 100 && $pairs == 9900 ]] || fail "not 9,900 pairs and 100 rows of error"
"$press" manifest check "$work/bad" || fail "the check"
rm -rf "$work/bad"

say "a file system that fills up"
if mkdir "$work/small" && mount -t tmpfs -o size=16m tmpfs "$work/small" 2>/dev/null; then
    tests/soak/records.py examples/title-senior.csv 400 >"$work/some.csv"
    render() { "$press" render "${fixed[0]}" "$work/some.csv" "${fixed[@]:1}" --out "$1" "${@:2}"; }
    render "$work/whole" --quiet
    render "$work/small/out" && fail "16 MB held everything" || [[ $? == 2 ]]
    [[ -z $(find "$work/small" -name '.certpress-*') ]] || fail "unfinished files were left"
    find "$work/small/out" -name '*.ofd' -o -name '*.pdf' | while read -r file; do
        grep -q "\"name\":\"$(basename "$file")\",\"bytes\":$(stat -c %s "$file")," "$work/small/out/manifest.jsonl" || fail "unlisted: $file"
    done
    mount -o remount,ro "$work/small"
    render "$work/small/out" --resume && fail "a read-only file system was written to" || [[ $? == 2 ]]
    mount -o remount,rw,size=200m "$work/small"
    render "$work/small/out" --resume
    diff -r "$work/whole" "$work/small/out" || fail "the bytes differ"
    echo "the same bytes as without the fault"
else
    echo "skipped: only root can mount"
fi
