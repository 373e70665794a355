#!/usr/bin/env bash
# LangChain's FAISS store: after a deletion an index of lists finds other documents than it found.
#
# Seen with langchain-community 0.4.2 and faiss-cpu 1.15.1: `FAISS(embedding, index, …)` takes any
# index. `delete` removes the rows from it and numbers the documents that are left from nought,
# which is right for a flat index, where rows close up. An `IndexIVFFlat` keeps each vector's
# number, so that every document behind the deleted one is found by the text of another, and the
# last one's text raises a KeyError in the search. The next `add_texts` counts on from the number of
# vectors, so that two vectors have one number. Nothing says so, in memory or after `save_local`;
# who deletes a document at a person's wish has all the others mixed up, and may show the wrong
# person's.
#
# FAISS's wiki tells of the two ways to remove; LangChain's documentation tells of none. One would
# expect the numbers of such an index to be kept, or `delete` to refuse it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  langchain-community==0.4.2 faiss-cpu==1.15.1
"$folder/venv/bin/python" -W ignore - <<'PY'
from importlib.metadata import version

import faiss
import numpy as np
from langchain_community.docstore.in_memory import InMemoryDocstore
from langchain_community.vectorstores import FAISS
from langchain_core.embeddings import DeterministicFakeEmbedding

print("langchain-community", version("langchain-community"), "faiss-cpu", faiss.__version__)
embedding = DeterministicFakeEmbedding(size=8)
TEXTS = ["nought", "one", "two", "three", "four"]


def found(store):
    """What is found by each document's own text, which is nearest to itself."""
    nearest = {}
    for text in TEXTS:
        try:
            nearest[text] = store.similarity_search(text, k=1)[0].page_content
        except KeyError as error:
            nearest[text] = "KeyError"
    return nearest


def after_deletion(index):
    store = FAISS(embedding, index, InMemoryDocstore(), {})
    store.add_texts(TEXTS, ids=TEXTS)
    assert found(store) == {text: text for text in TEXTS}
    store.delete(["one"])
    assert store.index.ntotal == len(store.index_to_docstore_id) == 4
    return found(store)


flat = after_deletion(faiss.IndexFlatL2(8))
lists = faiss.IndexIVFFlat(faiss.IndexFlatL2(8), 8, 2)
lists.train(np.asarray(embedding.embed_documents([str(n) for n in range(100)]), dtype=np.float32))
lists.nprobe = 2
mixed = after_deletion(lists)
print("flat:", {text: flat[text] for text in TEXTS if text != "one"})
print("lists:", {text: mixed[text] for text in TEXTS if text != "one"})
assert all(flat[text] == text for text in TEXTS if text != "one")
mixed = [mixed[text] for text in ("two", "three", "four")]
assert mixed == ["three", "four", "KeyError"], "the behaviour has changed"
PY
echo "as described"
