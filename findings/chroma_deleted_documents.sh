#!/usr/bin/env bash
# Chroma: a deleted document goes on standing in its file, text, metadata and vector.
#
# Seen with chromadb 1.5.9: `collection.delete(ids)` is a line more in the table `embeddings_queue`
# of chroma.sqlite3, and the line of `add`, with all that the document held, stays beside it: until
# the index of vectors is written, which is after a thousand changes (`hnsw:sync_threshold`) of the
# same collection, whatever time goes by and however often the store is opened. The same of `update`
# and `upsert`, which leave the old text and the old vector there. VACUUM does not help, since the
# lines are not free.
#
# One would expect of a deletion that what was deleted is gone from the tables when it returns, or a
# call that says so; `embeddings_queue_config` has "automatically_purge": true.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check chromadb==1.5.9
"$folder/venv/bin/python" - "$folder/store" <<'PY'
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path

import chromadb

print("chromadb", version("chromadb"))
place = Path(sys.argv[1])
client = chromadb.PersistentClient(str(place))
collection = client.create_collection("docs", embedding_function=None)
collection.add(
    ids=["a", "b"],
    documents=["The violet kettle whistles.", "It rained."],
    embeddings=[[1.0, 0.0], [0.0, 1.0]],
)
collection.delete(ids=["a"])
assert collection.get()["ids"] == ["b"]
with sqlite3.connect(place / "chroma.sqlite3") as connection:
    query = "SELECT operation, id, metadata, length(vector) FROM embeddings_queue ORDER BY seq_id"
    lines = connection.execute(query).fetchall()
    for line in lines:
        print(line)
    connection.commit()
    connection.execute("VACUUM")
added = [line for line in lines if line[1] == "a" and "violet kettle" in (line[2] or "")]
assert added and added[0][3] == 8, "the behaviour has changed"
assert b"violet kettle" in (place / "chroma.sqlite3").read_bytes(), "the behaviour has changed"
PY
echo "as described"
