"""Undoing what hides words: escapes, base64, hex, codes, rot13, leet, spacing, reversal.

`read` gives one `Reading` of a text: the text with everything decoded that shows itself to be
encoded, and the words of it in every way that they may be meant. A transformation of the whole
text (rot13, reversal) is undone when the outcome holds clearly more known words than the text.
Every step is a single pass, and decoding is repeated a bounded number of times.
"""

from __future__ import annotations

import codecs
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from amnestic.tools.reading.codes import from_codes, perhaps_from_codes
from amnestic.tools.reading.columns import Columns
from amnestic.tools.reading.encodings import from_base64, from_hex, perhaps_unescaped, unescape
from amnestic.tools.reading.leet import leet_readings
from amnestic.tools.reading.normalise import Mapped, Token, WordList, clean, fold
from amnestic.tools.reading.words import known_among, known_share, rank, segment
from amnestic.types import Span

__all__ = [
    "Reading",
    "View",
    "gain_of_turning",
    "is_turned",
    "letters_together",
    "may_stand_apart",
    "read",
    "view_of",
    "words_in_letters",
]

_ROUNDS = 3
_SAMPLE = 4_000
_SEGMENTED = 2_000
_RUN_TOGETHER = 13
_FEWEST_APART = 3  # letters that are put together
_READABLE = 0.5
_BETTER = 0.3
_READS_WELL = 1 - _BETTER  # nothing can read so much better than this

_SPACED = re.compile(
    r"(?<![^\W_])[^\W_](?P<sep>[,;.:\-]? |\r?\n|[.\-_*|,/~+:·•])[^\W_]"
    r"(?:(?P=sep)[^\W_])*(?![^\W_])"
)
_ROT13 = str.maketrans(
    string.ascii_letters,
    codecs.encode(string.ascii_letters, "rot13"),
)

_Steps = tuple[tuple[str, Callable[[Mapped], Mapped]], ...]


@dataclass(frozen=True, slots=True)
class View:
    """One way to read the words of a text."""

    kind: str
    folded: Mapped
    words: WordList = field(repr=False)
    columns: Columns = field(repr=False)

    @property
    def tokens(self) -> list[Token]:
        """The words with their places."""
        return self.words.tokens

    def span(self, first: int, last: int) -> Span:
        """The source range from word `first` to word `last`, both included."""
        return self.folded.span(self.words.spans[first][0], self.words.spans[last][1])


@dataclass(frozen=True, slots=True)
class Reading:
    """A text decoded: `plain` as a reader would see it, and its `views`, the plain one first.

    `hidden` tells which ways of hiding were undone.
    """

    source: str
    plain: Mapped
    views: tuple[View, ...]
    hidden: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The decoded text, cased, as an embedder should see it."""
        return self.plain.text

    @property
    def tokens(self) -> list[Token]:
        """The words of the decoded text."""
        return self.views[0].tokens


def read(text: str) -> Reading:
    """Decode a text and cut it into words.

    >>> read("Who is U3RlcGhlbg== ?").text
    'Who is Stephen ?'
    >>> read("jub jebgr gur tynff uneobhe").text
    'who wrote the glass harbour'
    >>> read("Who is A.d.a L-o-v-e?").text
    'Who is Ada Love?'
    """
    plain = clean(text)
    hidden: list[str] = []
    for _ in range(_ROUNDS):
        before = plain.text
        plain = _stepped(plain, _STEPS, hidden)
        if _known(plain.text) <= _READS_WELL:
            plain = _stepped(plain, _TURNS, hidden)
        if plain.text == before:
            break
        if not plain.text.isascii():
            inner = clean(plain.text)
            plain = _composed(plain, inner)
    views = [view_of("plain", plain)]
    coded = perhaps_from_codes(plain)
    if coded is not plain:
        views.append(view_of("codes", coded))
    broken = perhaps_unescaped(plain)
    if broken is not plain:
        views.append(view_of("breaks", broken))
    unmasked = leet_readings(plain)
    views += (view_of("leet", leet) for leet in unmasked)
    if unmasked and _reads_better(unmasked[0].text, plain.text):
        plain = unmasked[0]
        views.insert(0, view_of("plain", plain))
        hidden.append("leet")
    return Reading(text, plain, tuple(views), tuple(dict.fromkeys(hidden)))


def _stepped(plain: Mapped, steps: _Steps, hidden: list[str]) -> Mapped:
    """The text after the steps; the names of those that changed it go to `hidden`."""
    for name, step in steps:
        changed = step(plain)
        if changed is not plain:
            plain = changed
            hidden.append(name)
    return plain


def _composed(outer: Mapped, inner: Mapped) -> Mapped:
    if inner.starts is None or inner.ends is None:
        return Mapped(inner.text, outer.starts, outer.ends)
    if not inner.text:
        return Mapped("")
    starts, ends = outer.offsets()
    return Mapped(inner.text, starts[inner.starts], ends[inner.ends - 1])


def view_of(kind: str, plain: Mapped) -> View:
    """A text that is cleaned and decoded, in words."""
    folded = fold(plain)
    return View(kind, folded, WordList(folded, plain), Columns(folded.text))


# ── Steps: each gives the text itself back when it finds nothing ─────────────────────────────────


def _spaced(plain: Mapped) -> Mapped:
    """Join letters that stand apart; where nothing marks the words, cut them by likelihood."""
    words = plain.text[:_SAMPLE].split()
    alone = sum(len(w.strip(".,-_*")) == 1 for w in words)
    shortest = 2 if alone > 0.5 * len(words) else _FEWEST_APART
    pieces = list(_spaced_pieces(plain.text, shortest))
    return plain.replaced(pieces)


def letters_together(text: str) -> str:
    """A text with the letters together that stand apart in it, parted by the same sign, as `read`
    puts them where not most of a text stands apart.

    >>> letters_together("It is a.k.a. Ada, e.g. in M-a-y.")
    'It is aka. Ada, e.g. in May.'
    """
    return Mapped(text).replaced(list(_spaced_pieces(text, _FEWEST_APART))).text


def _spaced_pieces(text: str, shortest: int) -> Iterator[tuple[int, int, str]]:
    for match in _SPACED.finditer(text):
        step = len(match["sep"]) + 1
        letters = match.group()[::step]
        if len(letters) < shortest or (shortest > 2 and letters.isdigit()):
            continue
        yield match.start(), match.end(), _with_spaces(letters)


def _with_spaces(letters: str) -> str:
    folded = letters.lower()
    if not _RUN_TOGETHER <= len(letters) <= _SEGMENTED or rank(folded) is not None:
        return letters
    if not letters.isascii():
        return letters
    words = segment(folded)
    if len(words) == 1 or sum(len(w) > 1 for w in words) < 0.7 * len(words):
        return letters
    out, at = [], 0
    for word in words:
        out.append(letters[at : at + len(word)])
        at += len(word)
    return " ".join(out)


def is_turned(text: str) -> bool:
    """Whether a text reads clearly better in another alphabet, or backwards."""
    plain = Mapped(text)
    return any(step(plain) is not plain for _, step in _TURNS)


def gain_of_turning(text: str) -> int:
    """How much nearer a text comes to being turned by some of its words, in tenths of a word: words
    that are only known in another alphabet, or backwards, count for it and all others against it.
    A text is turned only where the sum of its parts is no less than nothing, and so is that of one
    of the parts, however it is cut between spaces.

    >>> gain_of_turning("tynff uneobhe"), gain_of_turning("glass"), gain_of_turning("glass uneobhe")
    (14, -13, -6)
    """
    words = words_in_letters(text)
    known, lettered = known_among(words)
    turned = ([w.translate(_ROT13) for w in words], [w[::-1] for w in words])
    most = max(known_among(other)[0] for other in turned)
    return round(10 * (most - known) - 10 * _BETTER * lettered)


def may_stand_apart(text: str) -> bool:
    """Whether two letters stand in a text that only one sign parts."""
    return _SPACED.search(text) is not None


def _rot13(plain: Mapped) -> Mapped:
    if _reads_better(plain.text[:_SAMPLE].translate(_ROT13), plain.text):
        return Mapped(plain.text.translate(_ROT13), plain.starts, plain.ends)
    return plain


def _reversed(plain: Mapped) -> Mapped:
    words = words_in_letters(plain.text)
    turned = [w[::-1] for w in words]
    if known_share(turned) < max(_READABLE, known_share(words) + _BETTER):
        return plain
    starts, ends = plain.offsets()
    back = Mapped(plain.text[::-1], starts[::-1].copy(), ends[::-1].copy())
    if _order(back.text) >= _order(_each_reversed(plain.text)):
        return back
    pieces = [(m.start(), m.end(), m.group()[::-1]) for m in re.finditer(r"[^\W_]+", plain.text)]
    return plain.replaced(pieces)


def _each_reversed(text: str) -> str:
    return re.sub(r"[^\W_]+", lambda m: m.group()[::-1], text[:_SAMPLE])


_STARTERS = frozenset(
    "who what when where which how why is are was were did does do can could please tell name the "
    "in on i a an you if quien que cual wer was qui quel".split()
)
_PAIRS = re.compile(
    r"\b(?:of the|in the|is the|did the|was the|who was|who is|what is|to the|for the|on the"
    r"|how many|the \w+ of|(?:what|which|who|how|when|where) (?:is|was|did|does|are|do|were))\b"
)


def _order(text: str) -> float:
    """How much the words of a text stand in reading order: openers first, usual pairs."""
    small = text[:_SAMPLE].lower()
    words = re.findall(r"\w+", small)
    opens = bool(words) and words[0] in _STARTERS
    closes = small.rstrip().endswith(("?", ".", "!", ":"))
    return len(_PAIRS.findall(small)) + 1.0 * opens + 1.5 * closes


def _reads_better(decoded: str, given: str) -> bool:
    after = _known(decoded)
    return after >= _READABLE and after >= _known(given) + _BETTER


def _known(text: str) -> float:
    return known_share(words_in_letters(text))


def words_in_letters(text: str) -> list[str]:
    """The words by whose share a text is known to be one."""
    return re.findall(r"[^\W_]+", text[:_SAMPLE].lower())


_STEPS: _Steps = (
    ("escapes", unescape),
    ("base64", from_base64),
    ("codes", from_codes),
    ("hex", from_hex),
    ("spaced", _spaced),
)
_TURNS: _Steps = (("rot13", _rot13), ("reversed", _reversed))
