"""From a model spec to a backend: `embedded`, `hf:…`, `gguf:…`, `openai:…`, or a ready model."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError, ModelNotFoundError
from amnestic.extras import is_installed, require
from amnestic.models.home_loop import blocking_client, http_client
from amnestic.models.langchain_backend import LangChainBackend, OpenAIBackend
from amnestic.models.protocol import ChatBackend
from amnestic.models.threads import default_threads
from amnestic.starting import loading

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["EMBEDDED_DIR", "ModelSpec", "resolve_backend"]

ModelSpec: TypeAlias = "str | BaseChatModel | ChatBackend"

EMBEDDED_DIR = Path(__file__).parent / "embedded"
"""The folder of the model that ships with the package."""

_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")
_FORMS = (
    "use 'embedded', 'hf:<path or repo>', 'gguf:<path>', 'openai:<name>' or a LangChain chat model"
)


def resolve_backend(spec: ModelSpec, settings: Settings) -> ChatBackend:
    """The backend that a model spec names; local weights are loaded on first use.

    Args:
        spec: `"embedded"`, `"hf:<path or repo>"` (also of a GGUF file), `"gguf:<path>"`,
            `"openai:<name>"`, a LangChain `BaseChatModel`, or a ready `ChatBackend`, which is given
            back as it is.
        settings: where the base URL, the key and the time-out come from.

    Raises `ModelNotFoundError` for a spec that names nothing, `ConfigurationError` for an
    `openai:` model without a key.

    >>> resolve_backend("openai:some-model", Settings(api_key="k")).name
    'openai:some-model'
    """
    if not isinstance(spec, str):
        return _from_object(spec, settings)
    kind, _, rest = spec.strip().partition(":")
    if kind == "embedded" and not rest:
        return _embedded(settings)
    if kind == "hf" and rest:
        return _local(spec, _checkpoint(rest, spec), settings)
    if kind == "gguf" and rest:
        return _gguf(rest, spec, settings)
    if kind == "openai" and rest:
        return _openai(rest, spec, settings)
    raise ModelNotFoundError(f"unknown model spec {spec!r}: {_FORMS}")


def _from_object(spec: Any, settings: Settings) -> ChatBackend:
    from langchain_core.language_models import BaseChatModel

    if isinstance(spec, BaseChatModel):
        from amnestic.models.transformers_backend import TransformersBackend
        from amnestic.models.transformers_chat import TransformersChatModel

        if isinstance(spec, TransformersChatModel):
            return TransformersBackend(spec, _name_of(spec), settings.model_timeout)
        return LangChainBackend(spec, _name_of(spec), settings.model_timeout)
    if isinstance(spec, ChatBackend):
        return spec
    raise ModelNotFoundError(f"a {type(spec).__name__} is not a chat model: {_FORMS}")


def _name_of(model: BaseChatModel) -> str:
    for attribute in ("model_name", "model"):
        if isinstance(found := getattr(model, attribute, None), str) and found:
            return found
    return type(model).__name__


def _checkpoint(rest: str, spec: str) -> str:
    """A folder or a GGUF file that exists, or the name of a repository on the hub."""
    path = Path(rest).expanduser()
    if path.is_file() or (path.is_dir() and not (path / "config.json").is_file()):
        return str(_weights(path, spec))
    if path.is_dir() or rest.startswith((".", "/", "~")) or not _REPO.fullmatch(rest):
        return str(_existing(path, spec))
    return rest


def _weights(path: Path, spec: str) -> Path:
    """The GGUF file at `path`, or the one in that folder; a folder that holds none is no model."""
    from amnestic.models.gguf_file import find_gguf, read_head

    if path.is_dir() and not any(path.glob("*.gguf")):
        raise ModelNotFoundError(
            f"model {spec!r}: {str(path)!r} holds no config.json and no .gguf file, so it is not "
            "a model"
        )
    file = find_gguf(path, spec)
    read_head(file, spec)
    return file


def _existing(path: Path, spec: str) -> Path:
    if not path.is_dir():
        raise ModelNotFoundError(f"model {spec!r}: there is no folder {str(path)!r}")
    return path


def _embedded(settings: Settings) -> ChatBackend:
    """The model that comes with the package: by torch, or else by llama.cpp's engine, whichever is
    installed."""
    if is_installed("local") or not is_installed("gguf"):
        return _local("embedded", str(_existing(EMBEDDED_DIR, "embedded")), settings)
    from amnestic.models.gguf import GgufBackend

    return GgufBackend(
        _written(settings.cache_dir / "embedded.gguf"),
        "embedded",
        timeout=settings.model_timeout,
        threads=settings.threads or 1,
        context=settings.context,
    )


@cache
def _written(file: Path) -> Path:
    """Once in a process, so that what an earlier release wrote, or half of it, is not read."""
    from amnestic.models.embedded_gguf import write_embedded

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_embedded(file)
    except OSError as error:
        raise ConfigurationError(
            f"model 'embedded': `{file}` cannot be written ({error.strerror or error}): choose "
            "another folder with AMNESTIC_CACHE_DIR"
        ) from None
    return file


def _local(name: str, checkpoint: str, settings: Settings) -> ChatBackend:
    require("local", f"model {name!r}", ", or name a model behind an API, such as openai:<name>")
    from amnestic.models.transformers_backend import TransformersBackend
    from amnestic.models.transformers_chat import TransformersChatModel

    # The embedded model's matrices are too small to share out among threads.
    threads = settings.threads or (1 if name == "embedded" else default_threads())
    return TransformersBackend(
        TransformersChatModel(
            checkpoint=checkpoint, timeout=settings.model_timeout, threads=threads
        ),
        name,
        settings.model_timeout,
    )


def _gguf(rest: str, spec: str, settings: Settings) -> ChatBackend:
    from amnestic.models.gguf import GgufBackend
    from amnestic.models.gguf_file import find_gguf, read_head

    require("gguf", f"model {spec!r}")
    path = find_gguf(Path(rest).expanduser(), spec)
    read_head(path, f"gguf:{path.name}")  # what cannot be loaded is refused at once
    return GgufBackend(
        path,
        f"gguf:{path.name}",  # callers read it, and where the weights lie is none of their business
        timeout=settings.model_timeout,
        threads=settings.threads or default_threads(),
        context=settings.context,
    )


@loading()  # the client's libraries are large
def _openai(model: str, spec: str, settings: Settings) -> ChatBackend:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    base_url = settings.base_url or os.environ.get("OPENAI_BASE_URL") or None
    key = settings.api_key or SecretStr(os.environ.get("OPENAI_API_KEY", ""))
    if not key.get_secret_value():
        if base_url is None:
            raise ConfigurationError(
                f"model {spec!r} needs an API key: set OPENAI_API_KEY or AMNESTIC_API_KEY, "
                "or a base URL of a server that needs none"
            )
        key = SecretStr("none")  # the client insists on one; local servers ignore it
    chat = ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=key,
        timeout=settings.model_timeout,
        max_retries=0,
        http_client=blocking_client(),
        http_async_client=http_client(),
    )
    return OpenAIBackend(chat, spec, settings.model_timeout)
