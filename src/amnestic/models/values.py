"""The words inside of a JSON value: every text that it carries, whatever field it stands in."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from amnestic.exceptions import ModelError

__all__ = [
    "is_drawn",
    "likelihood_texts",
    "likelihoods_of",
    "pieces_in",
    "strings_in",
    "words_beside",
]

_MOST_DEPTH = 64
_LISTS = ("tokens", "content", "refusal")
_USUAL = frozenset(
    "id object created created_at completed_at model usage prompt_tokens completion_tokens "
    "total_tokens input_tokens output_tokens prompt_tokens_details completion_tokens_details "
    "input_tokens_details output_tokens_details cached_tokens audio_tokens reasoning_tokens "
    "accepted_prediction_tokens rejected_prediction_tokens service_tier system_fingerprint default "
    "chat.completion chat.completion.chunk text_completion response assistant annotations status "
    "completed error incomplete_details parallel_tool_calls previous_response_id reasoning effort "
    "summary store temperature text format type truncation disabled tool_choice auto tools top_p "
    "user metadata background instructions max_output_tokens max_tool_calls top_logprobs "
    "frequency_penalty presence_penalty finish_reason stop logprobs token_usage model_name "
    "model_provider openai choices message messages delta index content role output output_text "
    "refusal tool_calls function custom function_call custom_tool_call arguments input call_id "
    "item part response item_id output_index content_index summary_index sequence_number "
    "obfuscation in_progress incomplete length content_filter summary_text reasoning_text "
    "reasoning_content reasoning_details encrypted_content signature output_index prompt "
    "annotation annotation_index token bytes logprob".split()
)
"""Names of fields, and fixed words in them, that every reply holds."""


def strings_in(
    value: Any, *, but: Collection[str] = (), keys: bool = False, depth: int = 0
) -> Iterator[str]:
    """Every text inside of a JSON value, in order. The values of the keys `but` are left out, and
    the keys themselves unless they are asked for, then but for what every reply holds.

    >>> list(strings_in({"a": ["x", {"b": "y"}], "id": "z"}, but=("id",)))
    ['x', 'y']
    >>> list(strings_in({"a": {"b": 1}}, keys=True))
    ['a', 'b']

    With the keys, what is sealed or a picture is left out as well: a long run of letters that are
    no words and say nothing decoded.
    """
    if depth > _MOST_DEPTH:
        raise ModelError("the upstream's answer is nested too deeply to be read")
    if isinstance(value, str):
        if value.strip() and not (keys and value in _USUAL):
            yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key in but:
                continue
            if keys and isinstance(inner, str) and _NAMES.search(str(key)):
                yield from _words_of_id(inner)
                continue
            if keys and isinstance(inner, str) and _SEALED.fullmatch(inner):
                yield from _unsealed(inner)
                continue
            if keys and isinstance(key, str) and key.strip() and key not in _USUAL:
                yield key
            yield from strings_in(inner, but=but, keys=keys, depth=depth + 1)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings_in(inner, but=but, keys=keys, depth=depth + 1)


def words_beside(value: Any, read: Collection[str]) -> Iterator[str]:
    """What a reply, or a piece of one, holds in words beside what is `read` of it as what it says:
    whatever shape it has, each text is in one or the other.

    >>> list(words_beside({"content": "Hi.", "mood": {"x": "good"}}, {"Hi."}))
    ['mood', 'x', 'good']
    """
    yield from (text for text in strings_in(value, keys=True) if text not in read)


def pieces_in(value: Any, read: Collection[str]) -> Iterator[tuple[tuple[Any, ...], str]]:
    """The texts inside of a piece of a stream that are not `read` as what it says, with their
    places: where another stands at the same place of the next piece, both may be one text.

    >>> list(pieces_in({"note": ["By A", "x"], "content": "Hi.", "id": "c1"}, {"Hi."}))
    [(('note', 0), 'By A'), (('note', 1), 'x')]
    """
    items: Any = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, Mapping | list):
            yield from (((key, *place), text) for place, text in pieces_in(inner, read))
        elif isinstance(inner, str) and inner not in read and not _is_mark(key, inner):
            yield (key,), inner


def _is_mark(key: Any, text: str) -> bool:
    """Whether a text says what a piece is, or is drawn by lot anew for each."""
    return text in _USUAL or key == "type" or bool(_NAMES.search(str(key)))


def is_drawn(text: str) -> bool:
    """Whether a text is drawn by lot, as ids are: letters and digits, small and large, in turns.

    >>> is_drawn("req_7f3a41bc9e"), is_drawn("0b1c4d7e-9f00-4c1f"), is_drawn("ada-venn-wrote-it")
    (True, True, False)
    """
    return bool(_HEX.fullmatch(text)) or _turns(text) > _DRAWN * len(text)


def _turns(text: str) -> int:
    return len(_TURN.findall(text)) + len(_RISE.findall(text))


def _unsealed(text: str) -> Iterator[str]:
    """What a long run of letters says in words, or decoded; mostly nothing.

    >>> list(_unsealed("gAAAAABo8x9Qm3RzK1v7Yw2Tn5Lc4Hd8Jf6Gs0Pb" * 3))
    []
    >>> list(_unsealed("ada_venn_" * 9))[0][:8]
    'ada venn'
    """
    payload = text.rpartition(",")[2]
    if _turns(payload) < _SEALS * len(payload):
        yield " ".join(_PIECE.findall(payload))
    for decode in (_from_base64, _from_urlsafe, bytes.fromhex):
        try:
            found = decode(payload).decode("utf-8")
        except ValueError:
            continue
        if found.replace("\n", " ").isprintable():
            yield found


def _from_urlsafe(run: str) -> bytes:
    return base64.urlsafe_b64decode(run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4))


def _words_of_id(text: str) -> Iterator[str]:
    """What an id or a fingerprint tells: its letters in words, and what they say decoded. Most are
    drawn by lot, and would be taken for all kinds of codes as they stand.

    >>> list(_words_of_id("call_AdaVenn7")), list(_words_of_id("x-QWRhIFZlbm4="))
    (['call Ada Venn'], ['x QWRh IFZlbm', 'Ada Venn'])
    """
    if words := " ".join(_PIECE.findall(text)):
        yield words
    for run in _RUN.findall(text):
        for decode in (_from_base64, bytes.fromhex):
            try:
                found = decode(run).decode("utf-8")
            except ValueError:
                continue
            if found.isprintable():
                yield found


def _from_base64(run: str) -> bytes:
    run = run.rstrip("=")
    return base64.b64decode(run + "=" * (-len(run) % 4), validate=True)


_NAMES = re.compile(r"(?:^|_)id$|fingerprint$|^obfuscation$")
_SEALED = re.compile(r"(?:data:[\w/+.;=-]{1,80},[A-Za-z0-9+/_-]{8,}|[A-Za-z0-9+/_-]{64,})={0,2}")
_HEX = re.compile(r"(?:(?:req|request|trace|gen|id)[-_])?[0-9a-f-]{12,}|\d+")
_TURN = re.compile(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])")
_RISE = re.compile(r"[a-z](?=[A-Z])")
_DRAWN, _SEALS = 0.2, 0.28  # turns a letter: of what is drawn .4 at the mean, of words below .2
_PIECE = re.compile(r"[A-Z]*[^\W\d_A-Z]+|[A-Z]+")
_RUN = re.compile(r"[A-Za-z0-9+/]{6,}")


def likelihood_texts(value: Any) -> Iterator[str]:
    """What the logprobs of an answer tell: the texts that its tokens make, and those of the tokens
    that were likely instead, the first, the second … of each place in a row. In the shapes of chat
    completions, of responses, and of the old completions.

    >>> other = [{"token": "Rome"}, {"token": "Oslo"}]
    >>> list(likelihood_texts({"content": [{"token": "Paris", "top_logprobs": other}]}))
    ['Paris', 'Rome', 'Oslo']
    >>> list(likelihood_texts({"tokens": ["Pa", "ris"], "top_logprobs": [{"Ro": -1}, {"me": -2}]}))
    ['Paris', 'Rome']
    """
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in _LISTS and isinstance(inner, list):
                yield from _of_places(inner)
            elif key == "top_logprobs" and isinstance(inner, list):
                yield from _ranks([list(p) if isinstance(p, Mapping) else [] for p in inner])
                yield from strings_in([v for p in inner for v in _odd(p)], keys=True)
            else:
                yield from strings_in({key: inner}, keys=True)
    elif isinstance(value, list):
        yield from _of_places(value)
    else:
        yield from strings_in(value)


def likelihoods_of(pieces: Sequence[Any]) -> Iterator[str]:
    """What the logprobs of a streamed answer tell, which came piece by piece.

    >>> list(likelihoods_of([{"content": [{"token": "Pa"}]}, {"content": [{"token": "ris"}]}, "x"]))
    ['Paris', 'x']

    A piece that holds several tokens is read by itself, too: joined with the next one, its words
    may run into those.
    """
    rows: dict[str, list[Any]] = {}
    for piece in pieces:
        for key, inner in piece.items() if isinstance(piece, Mapping) else ():
            if isinstance(inner, list):
                rows.setdefault(key, []).extend(inner)
    yield from likelihood_texts(rows)
    for piece in pieces:
        if isinstance(piece, Mapping):
            several = len(pieces) > 1 and any(
                isinstance(inner, list) and len(inner) > 1 for inner in piece.values()
            )
            rest = {key: inner for key, inner in piece.items() if not isinstance(inner, list)}
            yield from likelihood_texts(piece if several else rest)
        else:
            yield from likelihood_texts(piece)


def _of_places(places: Sequence[Any]) -> Iterator[str]:
    """The tokens of an answer, place by place, each with what could have stood there."""
    yield "".join(_token(place) for place in places)
    told = "".join(_token(place) for place in places if isinstance(place, Mapping))
    spelt = "".join(_spelt(place) for place in places)
    if spelt and spelt != told:
        yield spelt
    others = [_others(place) for place in places]
    yield from _ranks([[_token(other) for other in place] for place in others])
    yield from _ranks([[s for o in place if (s := _spelt(o)) != _token(o)] for place in others])
    for place in (p for each in zip(places, others, strict=True) for p in (each[0], *each[1])):
        if isinstance(place, Mapping):
            rest = {k: v for k, v in place.items() if not (k in _PLACE and _PLACE[k](v))}
            yield from strings_in(rest, keys=True)
        elif not isinstance(place, str):
            yield from strings_in(place, keys=True)


_PLACE = {
    "token": lambda value: isinstance(value, str),
    "bytes": lambda value: _is_spelt(value),
    "top_logprobs": lambda value: isinstance(value, list),
    "logprob": lambda value: isinstance(value, int | float),
}
"""The fields of a place that are read elsewhere, where they are what they should be."""


def _odd(place: Any) -> Sequence[Any]:
    """What stands in a place of the old completions where numbers should."""
    return list(place.values()) if isinstance(place, Mapping) else [place]


def _others(place: Any) -> list[Any]:
    found = place.get("top_logprobs") if isinstance(place, Mapping) else None
    return found if isinstance(found, list) else []


def _ranks(places: Sequence[Sequence[str]]) -> Iterator[str]:
    for rank in range(max(map(len, places), default=0)):
        if text := "".join(place[rank] for place in places if rank < len(place)):
            yield text


def _token(place: Any) -> str:
    found = place.get("token") if isinstance(place, Mapping) else place
    return found if isinstance(found, str) else ""


def _spelt(place: Any) -> str:
    """A token as its bytes spell it, which need not be what its text says."""
    found = place.get("bytes") if isinstance(place, Mapping) else None
    return bytes(found or ()).decode("utf-8", "replace") if _is_spelt(found) else ""


def _is_spelt(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(b, int) and 0 <= b < 256 for b in value)
