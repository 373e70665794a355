#!/usr/bin/env bash
# PyYAML: the two loaders disagree about a byte order mark and about tabs.
#
# Seen with PyYAML 6.0.3: for a text that begins with U+FEFF the pure loader's marks count that
# character and those of the loader over libyaml do not, so that every `mark.index` is one less and
# cuts the text in the wrong place. And "key:<tab>value" is read by libyaml and refused by the pure
# loader, which takes the tab for indentation; YAML 1.1 lets tabs separate.
#
# One would expect the same text to give the same marks, and to be valid or not, with both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyyaml==6.0.3
"$folder/venv/bin/python" - <<'PY'
import yaml

assert yaml.__with_libyaml__, "this PyYAML was built without libyaml"
print("PyYAML", yaml.__version__)


def places(loader, text):
    try:
        (key, value), = yaml.compose(text, Loader=loader).value
    except yaml.YAMLError as error:
        return type(error).__name__
    return key.start_mark.index, value.start_mark.index


with_mark = [places(loader, "\ufeffa: 1\n") for loader in (yaml.SafeLoader, yaml.CSafeLoader)]
with_tab = [places(loader, "a:\t1\n") for loader in (yaml.SafeLoader, yaml.CSafeLoader)]
print("marks behind U+FEFF, pure and libyaml:", with_mark)
print("a tab behind the colon, pure and libyaml:", with_tab)
assert with_mark == [(1, 4), (0, 3)]
assert with_tab == ["ScannerError", (0, 3)]
PY
echo "as described"
