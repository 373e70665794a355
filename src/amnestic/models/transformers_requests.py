"""A call's conversation and options as a model of transformers is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amnestic.models.answer_forms import grammar_of, schema_in
from amnestic.models.forced_tools import Demand, WholeCall, arguments_schema, demanded
from amnestic.models.template_calls import CallForm, CallReader, functions_in

__all__ = ["Request", "request_of"]


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked: messages, the tools that its chat template shows, the schema that its
    answer has to keep to, and the call that it has to make."""

    messages: Sequence[dict[str, Any]]
    tools: Sequence[Mapping[str, Any]] | None = None
    schema: Mapping[str, Any] | None = None
    demand: Demand | None = None

    def grammar(self, form: CallForm | None, number: int) -> str | None:
        """What may be answered; `None` where it is any text. Beside a schema the tools may still be
        called, in the form of the template, where it has one.

        Args:
            form: how the template writes calls.
            number: of the first call, as `CallForm.read` takes it.
        """
        if self.schema is None:
            return None
        offered = {} if self.demand or form is None else functions_in(self.tools)
        calls = [
            (*form.around(name, number), arguments_schema(function))
            for name, function in offered.items()
            if form is not None
        ]
        return grammar_of(self.schema, [(before, held, after) for before, after, held in calls])

    def reader(self, form: CallForm | None, number: int) -> CallReader | WholeCall | None:
        """What reads the calls in an answer; `None` where it is read as text."""
        if self.demand is not None:
            return WholeCall(self.demand, number)
        if form is None or not self.tools:
            return None
        return CallReader(form, functions_in(self.tools), number)


def request_of(
    messages: Sequence[dict[str, Any]], options: Mapping[str, Any], template_reads_tools: bool
) -> Request:
    """The request of a call. Raises `InvalidRequestError` as `schema_in` and `demanded` do.

    >>> request_of([], {"response_format": {"type": "json_object"}}, True).schema
    {'type': 'object'}
    """
    demand = demanded(options, template_reads_tools)
    if demand is None:
        tools = None if options.get("tool_choice") == "none" else options.get("tools")
        return Request(messages, tools or None, schema_in(options))
    asked = demand.asked_for_in({"messages": messages})
    shown = (asked.get("chat_template_kwargs") or {}).get("tools")
    return Request(asked["messages"], shown, schema_in(asked), demand)
