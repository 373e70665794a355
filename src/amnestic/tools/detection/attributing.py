"""Asking the attributor of the targets that a reply names: of all of them in one call."""

from __future__ import annotations

import json
import logging
import re
import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate

from amnestic.exceptions import RetrievalError
from amnestic.tools.detection.attributed import AttributedWords
from amnestic.tools.detection.attribution import (
    Attributor,
    Mention,
    Passage,
    Word,
    part_of,
    stretches,
)
from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.calls import digest_of
from amnestic.tools.detection.company import excepts_something
from amnestic.tools.detection.measures import Scored
from amnestic.tools.detection.named_pieces import Named, NamedPieces
from amnestic.tools.detection.weights import TextKind
from amnestic.tools.detection.whose import Attributed
from amnestic.tools.index import Roster
from amnestic.tools.protocols import Context, Told
from amnestic.tools.reading import language_of, read
from amnestic.types import Band, ForgetTarget, Span

__all__ = ["Attributing"]

_MOST_TARGETS = 4
_MOST_CHARS = 6_000  # of a text that are read for a target, a thousand words
_JUST_TALKED_OF = 0.6
_KEPT = 64
_FOREIGN = re.compile("[^\\W\\d_A-Za-z\u00aa-\u024f\u1e00-\u1eff\ufb00-\ufb06]")
_FOREIGN_SHARE = 0.5
_STRANGE = re.compile(  # letters of other scripts, and characters that nobody sees
    f"{_FOREIGN.pattern}"
    "|[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_PLAIN, _JSON = "plain", "json"
_log = logging.getLogger("amnestic")

_Words = tuple[Word, ...]


class Attributing:
    """Reads replies in which targets are named, and pieces that were cut from such.

    A piece that was cut from a draft is told of whom the draft tells it of: what the piece shows by
    itself, without the name, is not asked, and the draft is not read again. What was read is kept
    as numbers, by digests. Where the attributor fails, nothing is said of any piece, and what the
    detector finds by itself stands. Safe to share between threads.
    """

    def __init__(self, roster: Roster, pieces: NamedPieces, attributor: Attributor) -> None:
        self._roster = roster
        self._pieces = pieces
        self._attributor = attributor
        self._known: OrderedDict[bytes, _Words] = OrderedDict()
        self._turn = threading.Lock()

    @property
    def limits(self) -> Thresholds:
        """Where the bands of the attributor's log-odds begin."""
        return self._attributor.limits

    def read(
        self, text: str, asked: str, context: Context, scored: Sequence[Scored]
    ) -> list[Attributed]:
        """What the pieces of a reply tell of each target that it names, that its draft named, or of
        which the talk just was and the detector found something. Nothing of a text that is no
        reply, or is JSON: its records are cut by no sentence."""
        if not context.reply or context.bulk:
            return []
        targets = [
            target
            for target_id in _near(scored, context)[:_MOST_TARGETS]
            if (target := self._roster.target(target_id)) is not None
        ]
        if not targets or _are_json(text, context):
            return []
        try:
            return self._attributed(text, asked, context, targets)
        except RetrievalError:
            _log.warning("the attributor failed; what a piece shows by itself decides alone")
            return []

    def _attributed(
        self, text: str, asked: str, context: Context, targets: Sequence[ForgetTarget]
    ) -> list[Attributed]:
        named = self._named(text, context)
        open_ = {target.id: _open(named, target.id) for target in targets}
        targets = [target for target in targets if open_[target.id]]
        if not targets:
            return []
        drafts = context.drafts.texts if context.drafts is not None else ()
        if drafts:
            said = self._words(drafts, context, targets)
        else:
            said = self._words((Told(text, asked),), replace(context, drafts=None), targets)
        may_clear = self._are_plain(drafts, context) and _is_plain(text, hidden=named.hidden)
        found = []
        for target in targets:
            words = said[target.id]
            pieces: dict[Span, float] = {}
            for piece in open_[target.id]:
                cut = text[piece.start : piece.end]
                odds = [w.of(cut, self.limits.clean) if drafts else w.at(piece) for w in words]
                known = [z for z in odds if z is not None]
                if known:
                    pieces[piece] = max(known)
            found.append(Attributed(target.id, pieces, may_clear, not excepts_something(target)))
        return found

    def _named(self, text: str, context: Context) -> Named:
        """The pieces of a text; those of one that was cut from a draft are judged again and
        again."""
        if context.drafts is None:
            return self._pieces.named(text, context)
        kept, key = context.drafts.kept, (self._roster.generation, text)
        known = kept.get(key)
        if not isinstance(known, Named):
            known = kept[key] = self._pieces.named(text, context)
        return known

    def _words(
        self, texts: Sequence[Told], context: Context, targets: Sequence[ForgetTarget]
    ) -> dict[str, list[AttributedWords]]:
        """The words of texts, for each target; what was not read before is read in one call."""
        kept = context.drafts.kept if context.drafts is not None else {}
        generation = self._roster.generation
        missing = [
            (i, target)
            for i in range(len(texts))
            for target in targets
            if (generation, i, target.id) not in kept
        ]
        for (i, target), words in zip(
            missing, self._looked_up(texts, missing, context), strict=True
        ):
            told, out = texts[i].text, texts[i].out
            open_ = words if not out else [word for word in words if word.start >= out]
            kept[generation, i, target.id] = AttributedWords(told, open_)
        found: dict[str, list[AttributedWords]] = {}
        for target in targets:
            own = (kept[generation, i, target.id] for i in range(len(texts)))
            found[target.id] = [words for words in own if isinstance(words, AttributedWords)]
        return found

    def _are_plain(self, drafts: Sequence[Told], context: Context) -> bool:
        """The same of the drafts that a text was cut from: what is left may not show any more in
        which language they are."""
        if not drafts or context.drafts is None:
            return True
        kept = context.drafts.kept
        if _PLAIN not in kept:
            kept[_PLAIN] = all(
                _is_plain(told.text, hidden=bool(read(told.text).hidden)) for told in drafts
            )
        return bool(kept[_PLAIN])

    def _looked_up(
        self, texts: Sequence[Told], wanted: Sequence[tuple[int, ForgetTarget]], context: Context
    ) -> list[_Words]:
        around = Context(context.namespace)
        befores = [f"{context.cue}\n{told.asked}".strip() for told in texts]
        keys = [self._key(texts[i].text, befores[i], target, around) for i, target in wanted]
        with self._turn:
            known = {key: self._known[key] for key in keys if key in self._known}
        fresh = {key: one for key, one in zip(keys, wanted, strict=True) if key not in known}
        passages = self._passages(texts, befores, list(fresh.values()), around)
        read = self._read(passages)
        with self._turn:
            for key, words in zip(fresh, read, strict=True):
                self._known[key] = known[key] = words
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return [known[key] for key in keys]

    def _key(self, text: str, before: str, target: ForgetTarget, around: Context) -> bytes:
        generation = str(self._roster.generation)
        return digest_of((f"{generation} {target.id}", text, before, around))

    def _passages(
        self,
        texts: Sequence[Told],
        befores: Sequence[str],
        wanted: Sequence[tuple[int, ForgetTarget]],
        around: Context,
    ) -> list[Passage]:
        own = {i: self._pieces.named(texts[i].text, around).mentions for i, _ in wanted}
        earlier = {i: self._mentions(befores[i], around) for i, _ in wanted}
        return [
            Passage(
                texts[i].text,
                befores[i],
                target,
                tuple(own[i].get(target.id, ())),
                tuple(earlier[i].get(target.id, ())),
            )
            for i, target in wanted
        ]

    def _mentions(self, text: str, around: Context) -> dict[str, list[Mention]]:
        return self._pieces.named(text, around).mentions if text else {}

    def _read(self, passages: Sequence[Passage]) -> list[_Words]:
        """The words of passages, of long ones of a part; none of those in other scripts than that
        of the encoder's vocabulary."""
        if not passages:
            return []
        spans = [
            stretches(len(p.text), p.mentions, _MOST_CHARS) if _is_latin(p.text) else []
            for p in passages
        ]
        parts = [(i, span) for i, some in enumerate(spans) for span in some]
        if not parts:
            return [() for _ in passages]
        told = self._attributor.read([part_of(passages[i], span) for i, span in parts])
        found: list[list[Word]] = [[] for _ in passages]
        for (i, span), words in zip(parts, told, strict=True):
            found[i] += [
                Word(span.start + word.start, span.start + word.end, word.logit) for word in words
            ]
        return [tuple(words) for words in found]


def _is_plain(text: str, *, hidden: bool) -> bool:
    """Whether the attributor reads a text as everybody does: in English, with nothing hidden."""
    return not hidden and not _STRANGE.search(text) and language_of(text) == "en"


def _are_json(text: str, context: Context) -> bool:
    """Whether a text, or all drafts that it was cut from, are JSON."""
    if context.drafts is None or not context.drafts.texts:
        return _is_json(text)
    kept = context.drafts.kept
    if _JSON not in kept:
        kept[_JSON] = all(_is_json(told.text) for told in context.drafts.texts)
    return bool(kept[_JSON])


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _is_latin(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return len(_FOREIGN.findall(text)) <= _FOREIGN_SHARE * letters


def _near(scored: Iterable[Scored], context: Context) -> list[str]:
    """The targets that a text names by itself, or its drafts did, and of those of which the talk
    just was, those that something is found of."""
    rows = list(scored)
    named = [
        one.measure.target_id
        for one in rows
        if one.measure.kind is TextKind.STATEMENT and one.measure.named
    ]
    talked_of = {t for t, weight in context.sticky.items() if weight >= _JUST_TALKED_OF}
    talked_of |= context.named
    likely = [
        one.measure.target_id
        for one in rows
        if one.measure.target_id in talked_of and one.band is not Band.CLEAN
    ]
    of_drafts = sorted(context.drafts.targets) if context.drafts is not None else []
    return list(dict.fromkeys((*named, *of_drafts, *likely)))


def _open(named: Named, target_id: str) -> list[Span]:
    """The pieces of a text of which it is open whose they are: in which nothing names the target
    for certain."""
    own = sorted((m.span.start, m.span.end) for m in named.mentions.get(target_id, ()) if m.full)
    starts = [start for start, _ in own]
    ends = [*accumulate((end for _, end in own), max)]

    def names_it(piece: Span) -> bool:
        before = bisect_left(starts, piece.end)
        return before > 0 and ends[before - 1] > piece.start

    return [piece for piece in named.pieces if not names_it(piece)]
