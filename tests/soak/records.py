#!/usr/bin/env python3
"""Many records out of few: records.py SOURCE.csv COUNT [BAD]

Repeats the records of SOURCE with numbers and identifiers of their own. With BAD, so many of them are spoilt, in ten ways by turns, at even distances.
"""

import csv
import sys

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check(body):
    """The check character of an identifier (GB/T 36904-2018): ISO 7064, MOD 37,36."""
    product = 36
    for c in body:
        product = ((product + DIGITS.index(c)) % 36 or 36) * 2 % 37
    return DIGITS[(37 - product) % 36]


def identifier(sample, serial):
    root, parts = sample[:15], sample[15:].split(".")
    parts[2] = f"2026{serial:07}"
    return root + ".".join(parts[:4] + [check("".join(parts[:4]))])


def spoil(way, row, first, out):
    """Spoils a record; each way has a code of its own."""
    match way:
        case 0:
            row["name"] = ""
        case 1:
            row["issued_on"] = "2026-02-30"
        case 2:
            row["identifier"] = row["identifier"][:-1] + "*"
        case 3:
            row["number"] = first["number"]
        case 4:
            row["identifier"] = first["identifier"]
        case 5:
            row["photo"] = "photos/none.jpg"
        case 6:
            row["id_number"] = "999999197006280033"
        case 7:
            row["unit"] = "样\U0001F600"
        case 8:
            row["name"] = "很长的名字" * 20
        case 9:
            # A row that ends early.
            out.writerow(list(row.values())[:5])
            return
    out.writerow(row.values())


def main():
    source, count = sys.argv[1], int(sys.argv[2])
    bad = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    with open(source, newline="", encoding="utf-8-sig") as file:
        samples = list(csv.DictReader(file))
    out = csv.writer(sys.stdout)
    out.writerow(samples[0].keys())
    first, spoilt = None, 0
    for i in range(count):
        row = dict(samples[i % len(samples)])
        row["number"] = f"SK2026{i + 1:07}"
        row["identifier"] = identifier(row["identifier"], i + 1)
        first = first or dict(row)
        if bad and i % (count // bad) == count // bad - 1:
            spoil(spoilt % 10, row, first, out)
            spoilt += 1
        else:
            out.writerow(row.values())


main()
