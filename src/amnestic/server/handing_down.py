"""What all workers of a server have in common, loaded once before they are forked.

Libraries, tables and the weights of trained graphs make most of a worker, and none of them changes
any more. What was loaded before a fork is in memory once for all that come of it, as long as nobody
writes to it, and a worker has only its own left to load.

Nothing is opened here that does not get over a fork: no registry, no connection, no thread.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module

from amnestic.starting import loading

__all__ = ["load_for_workers"]

_MODULES = (
    "amnestic.server.app",
    "amnestic.server.serving",
    "amnestic.assembly",
    "amnestic.agents.critic",
    "amnestic.agents.rewriter",
    "faiss",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.loops.uvloop",  # not on every system
)


def load_for_workers() -> None:
    """Load it into this process, which runs nothing of it itself. What cannot be loaded is left to
    the workers: they say so in their own words."""
    with loading():
        for load in (*_libraries(), _sdk, _graphs, _tables):
            with suppress(Exception):  # a broken installation raises anything
                load()
    gc.collect()
    gc.freeze()  # a round of the collector writes to whatever it walks over


def _libraries() -> list[Callable[[], object]]:
    return [partial(import_module, module) for module in _MODULES]


def _sdk() -> None:
    """The SDK of OpenAI's, where the settings name a model that is asked through it. The upstream
    is asked without."""
    from amnestic.config import Settings

    told = Settings()
    named = (told.model, told.agent_model or "", told.embedder, *told.agent_models.values())
    if any(name.startswith("openai:") for name in named):
        import_module("openai")


def _graphs() -> None:
    from amnestic.config import Settings
    from amnestic.tools.detection import hand_down_attributor, hand_down_verifier
    from amnestic.tools.embedding import hand_down_minilm

    hand_down_verifier()
    hand_down_attributor()
    if Settings().embedder == "minilm":
        hand_down_minilm()


def _tables() -> None:
    from amnestic.tools.reading import language_of, read

    read("Who was it?")
    language_of("Who was it?")
