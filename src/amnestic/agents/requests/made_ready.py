"""The text of a request made ready for its readers: checked, laid out, and what is meant in it."""

from __future__ import annotations

import re

from amnestic.agents.requests.laid_out import as_plain_text
from amnestic.agents.requests.length import refuse_long
from amnestic.agents.requests.letters import Letter, opened
from amnestic.agents.requests.of_two import with_the_two_named
from amnestic.agents.requests.pointing import corrected
from amnestic.agents.requests.rows_asked import with_letters_marked
from amnestic.exceptions import ForgetRequestError

__all__ = ["as_meant", "made_ready"]

_WORD = re.compile(r"[^\W_]+")
_WITHOUT_END = re.compile(  # which says no more than that no end is told; a title has capitals
    r",?\s+(?:until\s+further\s+notice|bis\s+auf\s+[Ww]eiteres|jusqu['’]à\s+nouvel\s+ordre|hasta\s+nuevo\s+aviso|"
    r"fino\s+a\s+nuovo\s+(?:avviso|ordine)|tot\s+nader(?:e)?\s+(?:order|bericht)|até\s+(?:novo\s+aviso|nova\s+ordem)|"
    r"do\s+odwołania)(?=\s*(?:[.,;:!?)]|$|\n)|\s+[a-zà-ÿ])",
)
_YOU = re.compile(  # as in a chat; in Dutch it is a word of its own
    r"(?<![\w'’.-])u(?=\s+(?:have|got|know|knew|hold|store|keep|remember|can|could|should|must|would|are|ever)\b)"
)


def made_ready(text: str) -> Letter:
    """A request without what stands around it, laid out as the readers know it."""
    return opened(re.sub(r"[ \t]+", " ", as_plain_text(_checked(text))))


def as_meant(text: str) -> str:
    """A text with the names that are meant in the place of those that are corrected or pointed
    to, and with words of a chat as they are written elsewhere."""
    text = _WITHOUT_END.sub("", with_letters_marked(text))
    return with_the_two_named(corrected(_YOU.sub("you", text)))


def _checked(text: str) -> str:
    if not isinstance(text, str):
        raise ForgetRequestError(
            f"a forget request is words, not {type(text).__name__}; write what to forget"
        )
    refuse_long(text)
    cleaned = text.encode("utf-8", "replace").decode()
    cleaned = re.sub(
        r"[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\ufeff]", " ", cleaned
    )
    cleaned = cleaned.replace("⟦", "[").replace("⟧", "]")  # what marks identifiers from here on
    if not _WORD.search(cleaned):
        raise ForgetRequestError(
            "the forget request is empty; write what to forget, as in 'Please forget …'"
        )
    return re.sub(r"[ \r\f\v\xa0]+", " ", cleaned).strip()  # tabs part the cells of a table
