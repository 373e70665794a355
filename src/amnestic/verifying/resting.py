"""What a verification rests on: the system that was asked, and what has changed of it since."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from amnestic.exceptions import TargetNotFoundError
from amnestic.tools.registry import digest_of

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["canonical", "changes_since", "sha256_of", "system_of", "upstream_identity"]

_PLACES = (
    "db",
    "cache_dir",
    "api_key",
    "base_url",
    "signing_key",
    "seal_key_file",
    "seal_key",
)  # settings that are no part of what was tested
_UNNAMED = ("model", "embedder", "audit", "prompts_dir")  # told otherwise, or naming other tenants


def system_of(amnesia: Amnesia) -> dict[str, Any]:
    """What a document says of a layer."""
    from amnestic import __version__

    settings = amnesia.settings
    told = settings.model_dump(mode="json", exclude=set(_PLACES))
    fields = type(settings).model_fields
    usual = {name: fields[name].get_default(call_default_factory=True) for name in fields}
    named = {
        name: value
        for name, value in told.items()
        if name not in _UNNAMED and getattr(settings, name) != usual[name]
    }
    return {
        "amnestic": __version__,
        "model": amnesia.parts.backend.name,
        "embedder": amnesia.parts.embedder.identity,
        "settings": named,
        "settings_sha256": sha256_of(told),
        **_prompts(settings.prompts_dir),
    }


def _prompts(folder: Path | None) -> dict[str, str]:
    """A hash of the prompts that take the place of others, where there are any."""
    if folder is None:
        return {}
    told = {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.md"))}
    return {"prompts_sha256": sha256_of(told)}


def upstream_identity(model: str, address: str) -> dict[str, str]:
    """What a document says of a model of an upstream's: its name as the command line gives it, and
    a hash of the address without what may be secret in it.

    >>> upstream_identity("m", "https://me:secret@api.example.org/v1/")["model"]
    'openai:m'
    """
    return {"model": f"openai:{model}", "upstream_sha256": sha256_of(_bare(address))}


def _bare(address: str | None) -> str:
    split = urlsplit(address or "")
    host = split.netloc.rpartition("@")[2].lower()
    return urlunsplit((split.scheme.lower(), host, split.path.rstrip("/"), "", ""))


def changes_since(
    document: dict[str, Any], amnesia: Amnesia, upstream: str | None
) -> Iterator[str]:
    """What is not as it was when a document was signed; `upstream` is where callers name a model
    themselves, at the address that is given."""
    was, now = document.get("system", {}), system_of(amnesia)
    target = document.get("target", {})
    if "upstream_sha256" in was:
        if upstream is not None:
            now["model"] = was.get("model")
        if was["upstream_sha256"] != sha256_of(_bare(upstream or amnesia.settings.base_url)):
            yield "the address of the upstream"
    for name in ("amnestic", "model", "embedder"):
        if was.get(name) != now[name]:
            yield f"{name}: it was {was.get(name)!r}, it is {now[name]!r}"
    if was.get("settings_sha256") != now["settings_sha256"]:
        others = _otherwise(was["settings"], now["settings"]) if "settings" in was else ""
        yield f"the settings: {others}" if others else "the settings"
    if "settings" in was and was.get("prompts_sha256") != now.get("prompts_sha256"):
        yield "the prompts of `prompts_dir`"
    try:
        found = amnesia.find(str(target.get("id")))
    except TargetNotFoundError:
        yield "the target is not there any more"
        return
    if not found.is_active():
        yield f"the target is {found.state()}"
    elif digest_of(found) != target.get("digest"):
        if found.version == target.get("version"):
            yield "the target: a model said more of it, or it was restored"
        else:
            yield f"the target: it was version {target.get('version')}, it is {found.version}"


def _otherwise(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The settings that are told otherwise than before."""
    changed = sorted(name for name in {*was, *now} if was.get(name) != now.get(name))
    values = ((name, was.get(name, "as usual"), now.get(name, "as usual")) for name in changed)
    return ", ".join(f"`{name}` was {before}, is {after}" for name, before, after in values)


def canonical(document: Any) -> bytes:
    """Plain data as bytes, the same for the same data."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_of(told: Any, salt: str = "") -> str:
    """A hash of plain data: with a sealed target's salt, so that nobody finds by trying what it was
    made of."""
    if salt:
        return hmac.new(salt.encode(), canonical(told), hashlib.sha256).hexdigest()
    return hashlib.sha256(canonical(told)).hexdigest()
