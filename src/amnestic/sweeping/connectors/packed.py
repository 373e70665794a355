"""Values as LangGraph's checkpointers write them: read as plain trees, without making any object of
them, and written back as they were but for what changes.

In msgpack an object is the name of its class and what it was made of. Only the latter is read, and
no class is imported.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ormsgpack

__all__ = ["Packing", "Unreadable"]

_KEYS_OF_ANY_KIND = ormsgpack.OPT_NON_STR_KEYS
_AS_GIVEN = _KEYS_OF_ANY_KIND | ormsgpack.OPT_PASSTHROUGH_DATACLASS
_ARRAY, _DELTA = 6, 7  # numbers of numpy; a value that changes are counted from
_NO_TEXT = frozenset(("datetime", "re", "zoneinfo", "ipaddress"))
_MESSAGES = "langchain_core.messages"
_FRAME = ("type", "id", "tool_call_id", "usage_metadata", "status")


class Unreadable(Exception):
    """A value that is not read; the message says why, and holds nothing of it."""


@dataclass(frozen=True, slots=True)
class _Extension:
    """An object as msgpack has it: a number for its kind, and what stands inside, unpacked."""

    code: int
    inner: Any


@dataclass(frozen=True, slots=True)
class Packing:
    """Reads and writes values by their types.

    Args:
        serde: the checkpointer's serialiser, where it may encrypt.
    """

    serde: Any = None

    @classmethod
    def of_environment(cls) -> Packing:
        """With the key of LangGraph's own variable, where it is set."""
        if not os.environ.get("LANGGRAPH_AES_KEY"):
            return cls()
        try:
            from langgraph.checkpoint.serde.encrypted import EncryptedSerializer

            return cls(EncryptedSerializer.from_pycryptodome_aes())
        except (ImportError, ValueError):
            return cls()

    def read(self, kind: str | None, raw: bytes) -> tuple[Any, Any]:
        """A value as a plain tree, and what `written` needs to write it. Raises `Unreadable`."""
        kind, cipher = self._parted(kind)
        if cipher:
            raw = self._decrypted(cipher, raw)
        try:
            if kind == "msgpack":
                node = ormsgpack.unpackb(raw, ext_hook=_unpacked, option=_KEYS_OF_ANY_KIND)
            elif kind == "json":
                node = json.loads(raw)
            elif kind in ("null", "empty", ""):
                node = None
            elif kind in ("bytes", "bytearray"):
                node = bytes(raw)
            else:
                raise Unreadable(f"it is written as `{kind}`, which is not read")
        except (ValueError, RecursionError):
            raise Unreadable("it cannot be unpacked") from None
        return _plain(node), node

    def written(self, kind: str | None, node: Any, plain: Any) -> tuple[str, bytes]:
        """A value with another plain tree, of the same shape, as it is stored."""
        name, cipher = self._parted(kind)
        node = _restored(node, plain)
        if name == "msgpack":
            raw = _packed(node)
        elif name == "json":
            raw = json.dumps(node, ensure_ascii=False).encode("utf-8", "replace")
        else:
            raw = node or b""
        if not cipher:
            return name, raw
        told, raw = self.serde.cipher.encrypt(raw)
        return f"{name}+{told}", raw

    def _parted(self, kind: str | None) -> tuple[str, str]:
        name, _, cipher = (kind or "").partition("+")
        return name, cipher

    def _decrypted(self, cipher: str, raw: bytes) -> bytes:
        if not hasattr(self.serde, "cipher"):
            raise Unreadable("it is encrypted: set LANGGRAPH_AES_KEY, or give the live store")
        try:
            told: bytes = self.serde.cipher.decrypt(cipher, raw)
        except Exception:  # noqa: BLE001 - a cipher of the caller's raises anything
            raise Unreadable("it is encrypted with another key") from None
        return told


def _unpacked(code: int, raw: bytes) -> _Extension:
    return _Extension(code, ormsgpack.unpackb(raw, ext_hook=_unpacked, option=_KEYS_OF_ANY_KIND))


def _packed(node: Any) -> bytes:
    def default(value: Any) -> Any:
        if isinstance(value, _Extension):
            return ormsgpack.Ext(value.code, _packed(value.inner))
        raise TypeError(type(value).__name__)

    return ormsgpack.packb(node, default=default, option=_AS_GIVEN)


def _plain(node: Any) -> Any:
    if isinstance(node, _Extension):
        return _plain_of(node)
    if isinstance(node, Mapping):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(value) for value in node]
    return node


def _plain_of(node: _Extension) -> Any:
    """What an object was made of; a message as a turn of a conversation."""
    if node.code == _ARRAY or _is_without_text(node):
        return None
    if node.code == _DELTA or not _is_object(node):
        return _plain(node.inner)
    payload = node.inner[2]
    if not _is_message(node):
        return _plain(payload)
    rest = {k: _plain(v) for k, v in payload.items() if k not in _FRAME}
    return {"role": payload.get("type", ""), **rest}


def _restored(node: Any, plain: Any) -> Any:
    if isinstance(node, _Extension):
        return _restored_object(node, plain)
    if isinstance(node, Mapping):
        pairs = zip(node.items(), plain.items(), strict=True)
        return {new: _restored(value, told) for (_, value), (new, told) in pairs}
    if isinstance(node, list | tuple):
        return [_restored(value, told) for value, told in zip(node, plain, strict=True)]
    return plain


def _restored_object(node: _Extension, plain: Any) -> _Extension:
    if node.code == _ARRAY or _is_without_text(node):
        return node
    if node.code == _DELTA or not _is_object(node):
        return _Extension(node.code, _restored(node.inner, plain))
    module, name, payload, *more = node.inner
    if _is_message(node):
        told = [k for k in payload if k not in _FRAME]
        values = [value for key, value in plain.items() if key != "role"]
        new = {k: _restored(payload[k], v) for k, v in zip(told, values, strict=True)}
        payload = {key: new.get(key, value) for key, value in payload.items()}
    else:
        payload = _restored(payload, plain)
    return _Extension(node.code, [module, name, payload, *more])


def _is_object(node: _Extension) -> bool:
    inner = node.inner
    return isinstance(inner, list | tuple) and len(inner) >= 3 and isinstance(inner[0], str)


def _is_without_text(node: _Extension) -> bool:
    return _is_object(node) and node.inner[0] in _NO_TEXT


def _is_message(node: _Extension) -> bool:
    return str(node.inner[0]).startswith(_MESSAGES) and isinstance(node.inner[2], dict)
