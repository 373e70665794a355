#!/usr/bin/env bash
# Presidio: an entity that shall be kept shields what lies within it, though that shall be replaced.
#
# Seen with presidio-anonymizer 2.2.366: of two findings, one within the other, the longer one
# counts, whatever its score; that is settled before anyone looks at what shall be done with each.
# With `keep` for the longer one (web addresses stay, e-mail addresses go) the shorter one is
# dropped with its operator, and the address in the link stays as it was, in the text and without an
# item that tells of it. Both conflict strategies do so; with two findings that only cross each
# other both operators run.
#
# The documentation says that the larger text is used where one is contained in another, and that
# `keep` leaves an entity as it is; of the two together it says nothing. One would expect an
# operator that changes nothing to give way to one that removes, or a word that a finding was
# dropped.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check presidio-anonymizer==2.2.366
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import (
    ConflictResolutionStrategy,
    OperatorConfig,
    RecognizerResult,
)

TEXT = "Stop it at https://shop.example/stop?of=kettle@mail.example today."


def finding(kind, part, score):
    start = TEXT.index(part)
    return RecognizerResult(kind, start, start + len(part), score)


address = finding("EMAIL", "kettle@mail.example", 1.0)
link = finding("URL", "https://shop.example/stop?of=kettle@mail.example", 0.5)
beginning = finding("URL", "https://shop.example/stop?of=kettle", 0.5)
operators = {"URL": OperatorConfig("keep"), "EMAIL": OperatorConfig("replace")}


def cleaned(*findings, **more):
    done = AnonymizerEngine().anonymize(TEXT, list(findings), operators=operators, **more)
    return done.text, sorted(item.entity_type for item in done.items)


print("presidio-anonymizer", version("presidio-anonymizer"))
alone, crossed = cleaned(address), cleaned(address, beginning)
within = {s.name: cleaned(address, link, conflict_resolution=s) for s in ConflictResolutionStrategy}
print("the address alone:", *alone)
print("crossed by a kept link:", *crossed)
for strategy, done in within.items():
    print(f"within a kept link ({strategy}):", *done)
assert "kettle@" not in alone[0] and "EMAIL" in alone[1]
assert "EMAIL" in crossed[1] and "mail.example" not in crossed[0]
assert all(done == (TEXT, ["URL"]) for done in within.values()), "the behaviour has changed"
PY
echo "as described"
