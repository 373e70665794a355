"""The models of an OpenAI-compatible API as Ollama lists and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.integrations.ollama.replies import written
from amnestic.integrations.openai import Json

__all__ = ["model_list", "shown_model"]

_DETAILS = {
    "parent_model": "",
    "format": "",
    "family": "",
    "families": [],
    "parameter_size": "",
    "quantization_level": "",
}
_CAN = ["completion", "tools", "vision", "thinking"]
"""What is passed on to a model; whether it can is for the model to say."""


def model_list(told: Json) -> Json:
    """The list of models, from an API's own.

    >>> [model["name"] for model in model_list({"data": [{"id": "m", "created": 1}]})["models"]]
    ['m']
    """
    data: Any = told.get("data")
    entries = data if isinstance(data, list) else ()
    named = [e for e in entries if isinstance(e, Mapping) and isinstance(e.get("id"), str)]
    return {"models": [_listed(entry) for entry in named]}


def shown_model(told: Json) -> Json:
    """One model, from an API's own entry of it.

    >>> shown_model({"id": "m"})["capabilities"]
    ['completion', 'tools', 'vision', 'thinking']
    """
    return {
        "modelfile": "",
        "parameters": "",
        "template": "",
        "details": _DETAILS,
        "model_info": {},
        "capabilities": _CAN,
        "modified_at": written(told.get("created")),
    }


def _listed(entry: Mapping[str, Any]) -> Json:
    return {
        "name": entry["id"],
        "model": entry["id"],
        "modified_at": written(entry.get("created")),
        "size": 0,
        "digest": "",
        "details": _DETAILS,
    }
