"""What stands in a LangChain model's answer beside what it says: metadata, ids, likely words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from amnestic.models.values import likelihood_texts, strings_in

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_core.outputs import ChatResult

__all__ = ["beside", "unlikely"]

_LIKELY = "logprobs"
_READ = ("tool_calls", "reasoning_content", "refusal", _LIKELY)
_SAID = ("type", "text", "refusal", "reasoning", "thinking", "summary", "content", "id", "index")
_CALL = ("name", "args", "arguments", "input", "type", "index", "partial_json")
_CALLS = ("tool_use", "tool_call", "function_call", "invalid_tool_call", "input_json_delta")
_QUIET = ("encrypted_content", "signature", "data")


def beside(message: AIMessage, info: Mapping[str, Any]) -> Iterator[str]:
    """Every text of an answer that is neither said, nor thought, nor given to a tool.

    >>> from langchain_core.messages import AIMessage
    >>> list(beside(AIMessage("Hi.", response_metadata={"from": "a friend"}), {}))
    ['from', 'a friend']
    """
    for fields in (message.response_metadata, message.additional_kwargs, info):
        yield from strings_in({k: v for k, v in fields.items() if k not in _READ}, keys=True)
        yield from likelihood_texts(fields.get(_LIKELY))
    yield from strings_in({"id": message.id or ""}, keys=True)
    yield from strings_in(message.name)
    for call in (*message.tool_calls, *message.invalid_tool_calls):
        yield from strings_in({"id": call.get("id") or ""}, keys=True)
    for block in message.content if isinstance(message.content, list) else ():
        if isinstance(block, Mapping):
            known = _CALL if block.get("type") in _CALLS else _SAID
            rest = {key: value for key, value in block.items() if key not in known}
            yield from strings_in(rest, but=_QUIET, keys=True)


def unlikely(result: ChatResult) -> ChatResult:
    """A result without its logprobs; the result itself where it has none."""
    found = [_unlikely(choice) for choice in result.generations]
    if all(new is old for new, old in zip(found, result.generations, strict=True)):
        return result
    return result.model_copy(update={"generations": found})


def _unlikely(choice: Any) -> Any:
    fields = (choice.generation_info or {}, choice.message.response_metadata)
    if not any(_LIKELY in held for held in fields):
        return choice
    info, told = ({k: v for k, v in held.items() if k != _LIKELY} for held in fields)
    message = choice.message.model_copy(update={"response_metadata": told})
    return choice.model_copy(update={"generation_info": info or None, "message": message})
