"""JSON schema mode through LangChain's structured output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from amnestic.models.protocol import ChatBackend, LocalBackend

__all__ = ["schema_options"]


def schema_options(backend: ChatBackend, form: type[BaseModel]) -> Mapping[str, Any] | None:
    """The call options that make a model answer in `form`; `None` when it has no such mode.

    LangChain's structured output is a chain of the model, bound to these options, and a parser.
    The options are taken out of the chain, so that the call goes the silent way of every inner
    call and the answer is parsed here: some servers accept the options and ignore them. A model
    that runs in this process is kept to every form, so that it fills one says nothing of it: it is
    seen by what it decides, or writes by itself.
    """
    from langchain_core.language_models import BaseChatModel

    model = getattr(backend, "model", None)
    if not isinstance(model, BaseChatModel) or isinstance(backend, LocalBackend):
        return None
    try:
        first = getattr(model.with_structured_output(form), "first", None)
    except (NotImplementedError, ValueError, TypeError):
        return None
    options = dict(getattr(first, "kwargs", {}))
    options.pop("ls_structured_output_format", None)
    return options or None
