"""The folder in which LangChain's FAISS store is saved: an index, and a pickle of its documents.

A pickle can run code. Only what documents are made of is read from this one.
"""

from __future__ import annotations

import io
import os
import pickle
from contextlib import AbstractContextManager, suppress
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from amnestic.exceptions import StoreError
from amnestic.sweeping.connectors.base import alone_at
from amnestic.sweeping.connectors.faiss_index import FaissConnector
from amnestic.sweeping.connectors.needs import needs
from amnestic.sweeping.protocol import Connector, Embed

__all__ = ["open_folder"]

_PART, _COMMIT = ".amnestic-part", ".amnestic-sweep.commit"
_HOMES = {
    "InMemoryDocstore": "langchain_community.docstore.in_memory",
    "Document": "langchain_core.documents.base",
}
_VALUES = {
    "builtins": {"set", "frozenset", "bytearray", "complex", "range", "slice"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "uuid": {"UUID", "SafeUUID"},
    "collections": {"OrderedDict", "defaultdict", "deque"},
    "pathlib": {"Path", "PosixPath", "PurePath", "PurePosixPath", "WindowsPath"},
    "numpy": {"dtype", "ndarray"},
    "numpy.core.multiarray": {"scalar", "_reconstruct"},
    "numpy._core.multiarray": {"scalar", "_reconstruct"},
}


def open_folder(place: str, embed: Embed | None) -> Connector:
    """The store of `FOLDER`, or of `FOLDER#NAME` where its files have another name than `index`."""
    needs("faiss", "langchain_community", "langchain-community")
    folder, _, name = place.partition("#")
    return _FaissFolder(Path(folder), name or "index", embed, f"faiss:{place}")


class _FaissFolder(FaissConnector):
    """A saved store, which is read on the first look and written as a whole."""

    def __init__(self, folder: Path, name: str, embed: Embed | None, address: str) -> None:
        if not (folder / f"{name}.faiss").is_file() or not (folder / f"{name}.pkl").is_file():
            raise StoreError(f"`{folder}` holds no `{name}.faiss` and `{name}.pkl`")
        self._folder = folder
        self._files = (folder / f"{name}.faiss", folder / f"{name}.pkl")
        super().__init__(_read(*self._files), address, embed)

    def locked(self) -> AbstractContextManager[object]:
        """The folder, for one sweep; what an earlier one left half done is ended."""
        held = alone_at(self._folder, self.address)
        return _Locked(held, self)

    def _recover(self) -> None:
        """Put in place what a stopped sweep had written as a whole, or take away what it had not;
        then read again."""
        commit = self._folder / _COMMIT
        for file in self._files:
            part = file.with_name(file.name + _PART)
            if commit.exists() and part.exists():
                os.replace(part, file)
            part.unlink(missing_ok=True)
        commit.unlink(missing_ok=True)
        self._store = _read(*self._files)

    def _put(self, index: Any, documents: dict[str, Any], names: dict[int, str]) -> None:
        """Write both files beside their places and then put them there: who stops in between is
        gone on with by the next sweep."""
        import faiss

        docstore = self._store.docstore
        docstore._dict = documents
        parts = [file.with_name(file.name + _PART) for file in self._files]
        faiss.write_index(index, str(parts[0]))
        with parts[1].open("wb") as stream:
            pickle.dump((docstore, names), stream)
        for file, part in zip(self._files, parts, strict=True):
            with suppress(OSError):
                part.chmod(file.stat().st_mode & 0o777)
            _onto_disk(part)
        commit = self._folder / _COMMIT
        commit.touch()
        _onto_disk(commit)
        self._recover()


class _Locked:
    """A lock that recovers what was left when it is taken."""

    def __init__(self, held: AbstractContextManager[object], store: _FaissFolder) -> None:
        self._held = held
        self._store = store

    def __enter__(self) -> object:
        told = self._held.__enter__()
        self._store._recover()
        return told

    def __exit__(self, *given: Any) -> bool | None:
        return self._held.__exit__(*given)


def _read(index: Path, documents: Path) -> Any:
    import faiss

    try:
        read = faiss.read_index(str(index))
        docstore, names = _Documents(io.BytesIO(documents.read_bytes())).load()
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - a broken pickle raises anything
        raise StoreError(
            f"`{index.parent}` cannot be read as a FAISS store ({type(error).__name__})"
        ) from None
    return SimpleNamespace(index=read, docstore=docstore, index_to_docstore_id=names)


class _Documents(pickle.Unpickler):
    """Reads documents, and nothing that could do more than be one."""

    def find_class(self, module: str, name: str) -> Any:
        if name in _HOMES and module.startswith("langchain"):
            return getattr(import_module(_HOMES[name]), name)
        if name in _VALUES.get(module, ()):
            return getattr(import_module(module), name)
        raise StoreError(
            f"the documents hold a `{module}.{name}`, which is not read from a pickle: give the "
            "live store to `sweep` in Python"
        )


def _onto_disk(file: Path) -> None:
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
