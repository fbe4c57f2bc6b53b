"""Judges of what `certpress verify` answers: a validator of JSON Schema reads it as a platform would."""

import json
import os
from functools import cache
from pathlib import Path

import jsonschema

from .bench import ask_text, check, require


@cache
def validator():
    schema = json.loads(Path("docs/verify-report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@check("jsonschema: the answers about OFD and PDF keep to the published schema, and refuse neither")
def answers(sample):
    # 1 if something is refused, 3 if something is not known: no timestamp proves when these were sealed.
    told = ask_text(
        os.environ["CERTPRESS"], "verify", "--json", "--trust", sample.root, sample.ofd, sample.pdf, accept=(0, 1, 3)
    )
    for line in map(json.loads, told.splitlines()):
        validator().validate(line)
        require(line["verdict"] in ("VALID", "INDETERMINATE"), f"{line['file']}: {line['verdict']}")
