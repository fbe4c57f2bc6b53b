"""Judges of the layout language: a validator of XML Schema reads the layouts as an editor would."""

from .bench import ask, check


@check("xmllint: the layout keeps to the XML Schema of the language")
def keeps_to_the_schema(sample):
    ask("xmllint", "--nonet", "--noout", "--schema", "layouts/layout.xsd", sample.layout)
