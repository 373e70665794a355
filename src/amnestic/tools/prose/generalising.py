"""Putting a general word in the place of a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from amnestic.tools.names import ADDRESSES, facts_in
from amnestic.tools.prose.redact import Shape, drop_segments
from amnestic.tools.reading import Segment, segments
from amnestic.types import Span

__all__ = ["generalise", "generalise_mentions", "natural", "telling_pieces"]

_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|#{1,6}|>|\|)\s*")
_OPENING_PHRASE = re.compile(  # "Born in Tavel, Osk …", "In 1994 the poet Osk …"
    r"\W*(?:[A-Z]\w+(?:ed|ing)|Born|Known|In|On|At|As|After|Before|During|Since|From|For|With|Until"
    r"|By|While|When)\b[^.;:!?]{0,120}?(?:,\s*|\d\s+)(?:the\s+(?:\w+\s+){1,3})?[\"“‘'(]?"
)
_CLAUSE = re.compile(  # "I found this: Osk …", "They say that the poet Osk …"
    r"(?:[:;—–(\[“\"‘]|\s-|,|\b(?:that|because|since|and|but|when|where|while|whether|if|how))\s*"
    r"(?:the\s+(?:\w+\s+){1,3})?$",
    re.IGNORECASE,
)
_SAYS_NOBODY = (  # "… is known as someone", "its builder was someone", "taller than someone"
    r"\b(?:(?:than|unlike|like|named|called|titled|as|als|comme|como|come)\s+{noun}(?!\w)(?!['’]s)"
    r"|(?:is|was|are|were|be|been|ist|war|est|était|fut|es|era|fue|è|fu|é|foi)\s+"
    r"(?:(?:\w+ly|perhaps|maybe)\s+)?{noun}(?=\s*(?:[.,;:!?]|$)))"
)
_PREDICATE = re.compile(
    r"\s+(?!(?:and|or|in|on|at|of|for|with|to|from|by|as|but|than)\b)[^\W\d_A-Z]"
)


def generalise(text: str, spans: Sequence[Span], noun: str) -> str:
    """`text` with each of `spans` replaced by `noun`, a possessive kept.

    >>> generalise("Osk's novel", [Span(0, 3)], "someone")
    "Someone's novel"
    """
    for start, end in sorted({(s.start, s.end) for s in spans}, reverse=True):
        tail = text[end:]
        possessive = "'s" if text[start:end].endswith(("'s", "’s")) and tail[:1] != "'" else ""
        word = noun.capitalize() if _begins_sentence(text, start) else noun
        text = text[:start] + word + possessive + tail
    return text


def telling_pieces(
    text: str, spans: Sequence[Span], noun: str, tells: Callable[[str], bool] = lambda _: False
) -> list[Segment]:
    """The sentences and lines that do more than mention what `spans` name: a clause begins with the
    name, they hold a date or an address, or `tells` says so; or nobody would say them with `noun`.

    >>> text = "Hill was taught by Osk. Osk: born 1961-03-12. Hill writes."
    >>> [s.of(text) for s in telling_pieces(text, [Span(19, 22), Span(24, 27)], "someone")]
    ['Osk: born 1961-03-12. ']
    """
    found = []
    for segment in segments(text):
        piece, inside = segment.of(text), _inside(segment, spans)
        if inside and (
            tells(piece)
            or any(_tells(piece, s.start, s.end) for s in inside)
            or not natural(generalise(piece, inside, noun), noun)
        ):
            found.append(segment)
    return found


def generalise_mentions(
    text: str,
    spans: Sequence[Span],
    noun: str,
    shapes_of: Callable[[str], Sequence[Shape]] = lambda _: (),
    tells: Callable[[str], bool] = lambda _: False,
) -> str:
    """`text` with `noun` where a sentence only mentions what `spans` name. A sentence that tells
    something of it goes (`telling_pieces`). `shapes_of` finds the pieces whose form must hold; no
    name in them is replaced here.

    >>> text = "Hill was taught by Osk. Osk: born 1961-03-12. Hill writes."
    >>> generalise_mentions(text, [Span(19, 22), Span(24, 27)], "someone")
    'Hill was taught. Hill writes.'
    """
    fixed = [shape.span for shape in shapes_of(text)]
    free = [s for s in spans if not any(f.start <= s.start < f.end for f in fixed)]
    gone = {piece.of(text) for piece in telling_pieces(text, free, noun, tells)}
    new = "".join(_reworded(text, segment, free, gone, noun) for segment in segments(text))
    return drop_segments(new, lambda piece: piece in gone, shapes=shapes_of(new))


def _reworded(
    text: str, segment: Segment, spans: Sequence[Span], gone: Collection[str], noun: str
) -> str:
    piece, inside = segment.of(text), _inside(segment, spans)
    if not inside or piece in gone:
        return piece
    return natural(generalise(piece, inside, noun), noun)


def _inside(segment: Segment, spans: Sequence[Span]) -> list[Span]:
    """The places that begin in a piece, as places in it."""
    return [
        Span(s.start - segment.start, s.end - segment.start)
        for s in spans
        if segment.start <= s.start < segment.end
    ]


def natural(sentence: str, noun: str) -> str:
    """`sentence`, in which `noun` stands for a name, as one would say it; nothing where nobody
    would.

    >>> natural("Tavel, home of someone, is a port.", "someone")
    'Tavel is a port.'
    >>> natural("It was praised by someone.", "someone"), natural("It is like someone.", "someone")
    ('It was praised.', '')
    >>> natural("Its builder is known as someone.", "someone")
    ''
    """
    said = re.escape(noun)
    if re.search(_SAYS_NOBODY.format(noun=said), sentence):
        return ""
    if re.search(rf"\b[Tt]he\s+{said}(?!\w)", sentence):  # "The someone of Horror"
        return ""
    sentence = re.sub(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s+(?={said}(?!\w))", "", sentence)
    sentence = re.sub(
        rf",\s[^,.;:!?]*\b(?:of|by|to|with|from)\s{said}(?!\w)[^,.;:!?]*(?:,(?=\s)|(?=[.;:!?]))",
        "",
        sentence,
    )
    ends = r"(?=\s*[.,;:!?]|\s+(?:in|on|at|(?:and|but)(?! by\b)|for|after|before|during)\b)"
    return re.sub(rf"\s+by\s+{said}{ends}", "", sentence)


def _tells(sentence: str, name_at: int, name_end: int) -> bool:
    """Whether a sentence is about what it names between these places."""
    before = _BULLET.sub("", sentence[:name_at])
    begins = not re.search(r"\w", before) or bool(_OPENING_PHRASE.fullmatch(before))
    begins = begins or bool(_CLAUSE.search(before) and _PREDICATE.match(sentence, name_end))
    exact = any(True for _ in facts_in(sentence)) or any(a.search(sentence) for a in ADDRESSES)
    return begins or exact


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at].rstrip()
    return not before or before.endswith((".", "!", "?"))
