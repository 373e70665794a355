#!/usr/bin/env bash
# sentencex: the English rules know "Mr." and "Mrs." and not "Ms."; the French ones know "Ms." alone.
#
# Seen with sentencex 1.0.32: a sentence is ended behind "Ms." in English, and behind "Dr.", "Prof."
# and "Mr." in French, where the first two are written just so. One would expect a title before a
# name to end no sentence in either language.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sentencex==1.0.32
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from sentencex import segment

print("sentencex", version("sentencex"))
titles = ("Mr", "Mrs", "Ms", "Dr", "Prof")


def cut_behind(language):
    return [t for t in titles if len(list(segment(language, f"we saw {t}. Marsh go"))) > 1]


english, french = cut_behind("en"), cut_behind("fr")
print("English, cut behind:", english)
print("French, cut behind:", french)
assert english == ["Ms"]
assert french == ["Mr", "Mrs", "Dr", "Prof"]
PY
echo "as described"
