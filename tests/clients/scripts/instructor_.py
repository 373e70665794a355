"""instructor: its default mode and the others; behind a wrapped client, too."""

from __future__ import annotations

from typing import Any

import instructor
from asking import MODEL, Answer, Door, main


def _cell(mode: Any) -> Any:
    def ask(door: Door, question: str) -> Any:
        client = instructor.from_openai(door.openai(), **({"mode": mode} if mode else {}))
        found, made = client.chat.completions.create_with_completion(
            model=MODEL, response_model=Answer, messages=_user(question), max_retries=0
        )
        return found, [found, made]

    return ask


def streamed(door: Door, question: str) -> Any:
    client = instructor.from_openai(door.openai())
    found = list(
        client.chat.completions.create_partial(
            model=MODEL, response_model=Answer, messages=_user(question), max_retries=0
        )
    )
    return Answer(**found[-1].model_dump()), found


def several(door: Door, question: str) -> Any:
    client = instructor.from_openai(door.openai())
    found = list(
        client.chat.completions.create_iterable(
            model=MODEL, response_model=Answer, messages=_user(question), max_retries=0
        )
    )
    return found, found


def plain(door: Door, question: str) -> Any:
    client = instructor.from_openai(door.openai())
    made = client.chat.completions.create(
        model=MODEL, response_model=None, messages=_user(question)
    )
    return made.choices[0].message.content, made


def plain_streamed(door: Door, question: str) -> Any:
    client = instructor.from_openai(door.openai())
    chunks = list(
        client.chat.completions.create(
            model=MODEL, response_model=None, messages=_user(question), stream=True
        )
    )
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), chunks


def _user(question: str) -> list[Any]:
    return [{"role": "user", "content": question}]


main(
    {
        "plain": plain,
        "streamed": plain_streamed,
        "structured": _cell(None),
        "structured streamed": streamed,
        "structured, several": several,
        "structured, JSON schema": _cell(instructor.Mode.JSON_SCHEMA),
        "structured, strict": _cell(instructor.Mode.TOOLS_STRICT),
        "structured, responses": _cell(instructor.Mode.RESPONSES_TOOLS),
    }
)
