"""Stores that hold documents, each filled and looked at by its own library."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["STORES", "Document", "Store"]


@dataclass(frozen=True)
class Document:
    """A document: its id, what it says, and what must be gone of it (nothing of a plain one)."""

    id: str
    text: str
    gone: str = ""


@dataclass
class Store:
    """A filled store: its address, a hash of each document as it is kept, and its own search."""

    address: str
    prints: Callable[[], dict[str, str]]
    texts: Callable[[], dict[str, str]]
    search: Callable[[list[str]], list[str]]


def sha(value: Any) -> str:
    """A hash of what is kept."""
    return hashlib.sha256(repr(value).encode()).hexdigest()


def faiss(folder: Path, documents: list[Document], embed: Any) -> Store:
    """LangChain's FAISS store."""
    from langchain_community.vectorstores import FAISS

    texts, ids = [d.text for d in documents], [d.id for d in documents]
    FAISS.from_texts(texts, embed, ids=ids).save_local(str(folder))

    def read() -> Any:
        return FAISS.load_local(str(folder), embed, allow_dangerous_deserialization=True)

    def prints() -> dict[str, str]:
        store = read()
        rows = {name: row for row, name in store.index_to_docstore_id.items()}
        return {
            name: sha((d.model_dump(), store.index.reconstruct(rows[name]).tobytes()))
            for name, d in store.docstore._dict.items()
        }

    def told() -> dict[str, str]:
        return {name: d.page_content for name, d in read().docstore._dict.items()}

    def search(queries: list[str]) -> list[str]:
        store = read()
        return [
            "\n".join(d.page_content for d in store.similarity_search(query, k=10))
            for query in queries
        ]

    return Store(f"faiss:{folder}", prints, told, search)


def qdrant(folder: Path, documents: list[Document], embed: Any) -> Store:
    """Qdrant in a folder."""
    from qdrant_client import QdrantClient
    from qdrant_client.models import Distance, PointStruct, VectorParams

    vectors = embed.embed_documents([d.text for d in documents])
    client = QdrantClient(path=str(folder))
    size = VectorParams(size=len(vectors[0]), distance=Distance.COSINE)
    client.create_collection("docs", vectors_config=size)
    points = [
        PointStruct(id=i, vector=v, payload={"page_content": d.text, "metadata": {"id": d.id}})
        for i, (d, v) in enumerate(zip(documents, vectors, strict=True))
    ]
    client.upsert("docs", points)
    client.close()

    def asked(what: Callable[[Any], Any]) -> Any:
        opened = QdrantClient(path=str(folder))
        try:
            return what(opened)
        finally:
            opened.close()

    def all_of(opened: Any) -> list[Any]:
        return list(opened.scroll("docs", limit=100_000, with_vectors=True)[0])

    def prints() -> dict[str, str]:
        return {p.payload["metadata"]["id"]: sha(p) for p in asked(all_of)}

    def told() -> dict[str, str]:
        found = asked(all_of)
        return {p.payload["metadata"]["id"]: p.payload["page_content"] for p in found}

    def search(queries: list[str]) -> list[str]:
        vectors = embed.embed_documents(queries)
        found = asked(lambda c: [c.query_points("docs", query=v, limit=10).points for v in vectors])
        return ["\n".join(p.payload["page_content"] for p in points) for points in found]

    return Store(f"qdrant:{folder}#docs", prints, told, search)


def chroma(folder: Path, documents: list[Document], embed: Any) -> Store:
    """Chroma in a folder."""
    import chromadb

    client = chromadb.PersistentClient(str(folder))
    collection = client.create_collection("docs", embedding_function=None)
    texts = [d.text for d in documents]
    collection.add(
        ids=[d.id for d in documents], documents=texts, embeddings=embed.embed_documents(texts)
    )

    def prints() -> dict[str, str]:
        held: Any = collection.get(include=["documents", "embeddings"])
        rows = zip(held["ids"], held["documents"], held["embeddings"], strict=True)
        return {name: sha((text, vector.tobytes())) for name, text, vector in rows}

    def told() -> dict[str, str]:
        held: Any = collection.get()
        return dict(zip(held["ids"], held["documents"], strict=True))

    def search(queries: list[str]) -> list[str]:
        vectors = embed.embed_documents(queries)
        found: Any = collection.query(query_embeddings=vectors, n_results=10)
        return ["\n".join(texts) for texts in found["documents"]]

    return Store(f"chroma:{folder}#docs", prints, told, search)


def langgraph_store(folder: Path, documents: list[Document], embed: Any) -> Store:
    """LangGraph's store in a SQLite file."""
    from langgraph.store.sqlite import SqliteStore

    folder.mkdir()
    with SqliteStore.from_conn_string(str(folder / "s.sqlite")) as store:
        store.setup()
        for d in documents:
            store.put(("docs",), d.id, {"text": d.text, "n": len(d.text)})
    return _table(f"store-sqlite:{folder / 's.sqlite'}", folder / "s.sqlite", "store", "key")


def checkpoints(folder: Path, documents: list[Document], embed: Any) -> Store:
    """LangGraph's checkpoints in a SQLite file: a thread for each document."""
    from langchain_core.messages import AIMessage, HumanMessage
    from langgraph.checkpoint.base import empty_checkpoint
    from langgraph.checkpoint.sqlite import SqliteSaver

    folder.mkdir()
    file = folder / "c.sqlite"

    def say(text: str) -> Any:
        told = [HumanMessage("Tell me.", id="q"), AIMessage(text, id="a")]
        return {**empty_checkpoint(), "channel_values": {"messages": told}}

    with SqliteSaver.from_conn_string(str(file)) as saver:
        for d in documents:
            config: Any = {"configurable": {"thread_id": d.id, "checkpoint_ns": ""}}
            saver.put(config, say(d.text), {"source": "loop", "step": 1}, {})

    def told() -> dict[str, str]:
        with SqliteSaver.from_conn_string(str(file)) as saver:
            return {
                c.config["configurable"]["thread_id"]: "\n".join(
                    str(m.content) for m in c.checkpoint["channel_values"]["messages"]
                )
                for c in saver.list(None)
            }

    store = _table(f"langgraph-sqlite:{file}", file, "checkpoints", "thread_id")
    store.texts = told
    store.search = _looking(told)
    return store


def llm_cache(folder: Path, documents: list[Document], embed: Any) -> Store:
    """LangChain's cache of answers."""
    from langchain_community.cache import SQLiteCache
    from langchain_core.outputs import Generation as Answer

    folder.mkdir()
    file = folder / "cache.db"
    cache = SQLiteCache(str(file))
    for d in documents:
        cache.update(f"Tell me ({d.id}).", "gpt", [Answer(text=d.text)])
    cache.engine.dispose()  # type: ignore[attr-defined]
    store = _table(f"llm-cache:{file}", file, "full_llm_cache", "prompt")

    def by_id(found: dict[str, str]) -> dict[str, str]:
        return {k.removeprefix("Tell me (").removesuffix(")."): v for k, v in found.items()}

    prints, told = store.prints, store.texts
    store.prints, store.texts = (lambda: by_id(prints())), (lambda: by_id(told()))
    return store


def logs(folder: Path, documents: list[Document], embed: Any) -> Store:
    """Lines of JSON in files."""
    folder.mkdir()
    for start in range(0, len(documents), 100):
        lines = [json.dumps({"id": d.id, "msg": d.text}) for d in documents[start : start + 100]]
        (folder / f"app.{start}.jsonl").write_text("\n".join(lines) + "\n")

    def read() -> Iterator[tuple[str, str]]:
        for file in folder.glob("*.jsonl"):
            for line in file.read_text().splitlines():
                yield json.loads(line)["id"], line

    def told() -> dict[str, str]:
        return {name: json.loads(line)["msg"] for name, line in read()}

    return Store(f"logs:{folder}", lambda: {n: sha(x) for n, x in read()}, told, _looking(told))


def _looking(told: Callable[[], dict[str, str]]) -> Callable[[list[str]], list[str]]:
    """A look at every record, where there is no other search."""

    def search(queries: list[str]) -> list[str]:
        whole = "\n".join(told().values())
        return [whole for _ in queries]

    return search


def _table(address: str, file: Path, table: str, key: str) -> Store:
    """A table of a SQLite file, looked at as it is."""

    def rows() -> list[tuple[str, Any]]:
        with sqlite3.connect(file) as connection:
            cursor = connection.execute(f"SELECT {key}, * FROM {table}")
            found = [(row[0], row[1:]) for row in cursor]
        connection.close()
        return found

    def told() -> dict[str, str]:
        return {name: str(row) for name, row in rows()}

    return Store(address, lambda: {n: sha(r) for n, r in rows()}, told, _looking(told))


STORES: dict[str, tuple[Callable[..., Store], str]] = {
    "FAISS": (faiss, "langchain_community"),
    "Qdrant": (qdrant, "qdrant_client"),
    "Chroma": (chroma, "chromadb"),
    "LangGraph store": (langgraph_store, "langgraph.store.sqlite"),
    "LangGraph checkpoints": (checkpoints, "langgraph.checkpoint.sqlite"),
    "LLM cache": (llm_cache, "langchain_community"),
    "logs": (logs, "json"),
}
