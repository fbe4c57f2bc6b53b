"""Judges of what `certpress verify` answers: a validator of JSON Schema reads it as a platform would."""

import json
import os
import re
from functools import cache
from pathlib import Path

import jsonschema
from referencing import Registry, Resource

from .bench import ask_text, check, require


@cache
def validators():
    """Of the answers about files, and about marks, which refer to the schema of the former."""
    schemas = [json.loads(Path(f"docs/verify-{of}.schema.json").read_text()) for of in ("report", "mark")]
    registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)
    for schema in schemas:
        jsonschema.Draft202012Validator.check_schema(schema)
    return [jsonschema.Draft202012Validator(schema, registry=registry) for schema in schemas]


@check("jsonschema: the answers about OFD and PDF keep to the published schema, and refuse neither")
def answers(sample):
    # 1 if something is refused, 3 if something is not known: no timestamp proves when these were sealed.
    told = ask_text(
        os.environ["CERTPRESS"], "verify", "--json", "--trust", sample.root, sample.ofd, sample.pdf, accept=(0, 1, 3)
    )
    for line in map(json.loads, told.splitlines()):
        validators()[0].validate(line)
        require(line["verdict"] in ("VALID", "INDETERMINATE"), f"{line['file']}: {line['verdict']}")
    mark = re.search("^text = (.*)$", Path("docs/qr-payload.md").read_text(), re.MULTILINE)[1]
    told = ask_text(os.environ["CERTPRESS"], "verify", "--qr", mark, "--json", accept=(3,))
    validators()[1].validate(json.loads(told))
