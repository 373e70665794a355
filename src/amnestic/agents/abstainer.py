"""The abstainer: how a model that never learned the target would answer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import blake2b
from importlib.resources import files

from amnestic.agents.contracts import VetVerdict
from amnestic.tools.reading import language_of

__all__ = ["WordedAbstainer", "abstentions", "worded_abstention"]

_KINDS = (
    ("number", re.compile(r"\bhow (?:many|much)\b", re.IGNORECASE)),
    ("any", re.compile(r"\bhow (?:old|long|tall|far|big|high|heavy)\b", re.IGNORECASE)),
    ("why", re.compile(r"\bwhy\b", re.IGNORECASE)),
    ("when", re.compile(r"\b(?:when|what (?:year|date|day)|which year)\b", re.IGNORECASE)),
    ("where", re.compile(  # in capitals it is a word of SQL
        r"\b(?:[Ww]here|(?i:(?:what|which) (?:city|country|town|place)))\b")),
    ("who", re.compile(
        r"\b(?:who|whom|whose|wer|wem|wessen|qui|quién|quien|chi|quem|wie (?:is|was)|kto|kim|kimdir"
        r"|vem|hvem|kuka|kdo|cine|siapa|siapakah|кто|кем|хто|ким|ποιος|ποια|कौन)\b"
        r"|\bki (?:az|volt)\b|\blà ai\b|谁|誰|누구|من (?:هو|هي|كان)|מי (?:זה|היה|היא|הוא)",
        re.IGNORECASE)),
    ("about", re.compile(
        r"\b(?:tell|describe|explain|summari[sz]e|write|give|list|about|biography)\b", re.I)),
)  # fmt: skip


class WordedAbstainer:
    """Chooses a sentence that fits the question's kind and language; makes no model call.

    The choice depends on nothing but the question, so that the same question gets the same
    answer, and no word of it depends on the target.
    """

    async def abstain(self, verdict: VetVerdict) -> str:
        """The sentence for the conversation's last question."""
        return worded_abstention(verdict.question)


def worded_abstention(question: str, *, language: str = "", kind: str = "") -> str:
    """A sentence that says "I don't know".

    Args:
        question: what is not known.
        language: in which it is said; the question's own unless given.
        kind: of the sentences of the package, one that fits the question unless given.

    >>> worded_abstention("Who painted the ceiling?").startswith("I")
    True
    >>> worded_abstention("Who painted the ceiling?", language="nl", kind="rest")
    'De rest weet ik niet.'
    """
    table = abstentions()
    lines = table.get(language or language_of(question), table["en"])
    choices = lines.get(kind or _kind(question)) or lines["any"]
    digest = blake2b(question.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return choices[int.from_bytes(digest, "big") % len(choices)]


def _kind(question: str) -> str:
    tail = question[-400:]
    return next((kind for kind, pattern in _KINDS if pattern.search(tail)), "any")


@cache
def abstentions() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The sentences of the package, by language and by what is asked.

    >>> abstentions()["nl"]["any"][0]
    'Dat weet ik niet.'
    """
    text = files("amnestic.prompts").joinpath("abstentions.toml").read_text("utf-8")
    return tomllib.loads(text)
