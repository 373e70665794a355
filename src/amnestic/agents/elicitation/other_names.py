"""What else a model calls a subject: pen names, names at birth, nicknames, translated titles.

What it lists is read with care, since a wrong name would hide somebody else: it must look like a
name, be no plain word and no first name alone, and the model must neither speak of it as of
somebody beside the subject nor give it to others as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from amnestic.agents.elicitation.grammar import kin_opens
from amnestic.agents.elicitation.statements import Said, plain
from amnestic.agents.elicitation.subjects import Subject
from amnestic.tools.names import other_given_names
from amnestic.tools.reading import (
    asks_back,
    folded_words,
    is_common,
    is_telling,
    rank,
    rarity,
    says_ignorance,
    segments,
)
from amnestic.types import TargetKind

__all__ = ["names_listed", "other_names"]

_MAX_NAMES = 12
_MAX_WORDS = 7
_MAX_CHARS = 80
_RARE = 0.9
_RAREST = 0.97
_EVERYDAY = 6_000
_WORD = r"[^\W\d_a-zß-öø-ÿ][\w’'.-]*"
_RUN = rf"{_WORD}(?: (?:(?:of|the|da|de|del|di|du|van|von|der|den|la|le|bin|ibn|al) )*{_WORD})*"
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?P<item>\S.*)")
_LABEL = re.compile(r"[\w ()/'’-]{2,40}:\s+(?=\S)")
_ASIDE = re.compile(r"\s*(?:\(([^()]*)\)|[–—:;,/]\s|\s-\s)")
_QUOTED = re.compile(
    r"[\"“„«]\s*([^\"“”„«»\n]{2,80}?)\s*[\"“”»]|(?<!\w)['‘]([^'‘’\n]{2,80}?)['’](?!\w)"
)
_CALLED = re.compile(  # asked for names outright, a model answers in these words
    r"\b(?i:(?:nick|sur|pen |stage |birth |full |real |other )?names? (?:is|was|are)|the name"
    r"|nicknamed|(?:known|called|titled|published|credited|referred to)(?: as| in \w+ as)?|title is"
    r"|heißt|genannt|bekannt als|Spitzname ist|surnommée?|s['’]appelle|connue? sous le nom de"
    r"|llamad[oa]|conocid[oa] como|apodad[oa]|chiamat[oa]|soprannominat[oa]|conosciut[oa] come"
    r"|bijgenaamd|bekend als|apelidad[oa]|conhecid[oa] como)[\s:]+(?i:is |simply |the )?"
    r"(?P<name>[^\W_a-zß-öø-ÿ][^,;:()\"“”«»\n]{1,80}?)"
    r"(?=[,;:()\n]|\.(?:\s|$)| (?i:or|and|in|oder|und|ou|et|en|o|y|e|of|by|for|because|due|which"
    r"|who)\b|$)"
)
_BORN = re.compile(
    r"\b(?i:born(?: as)?|née?|geboren als|geborene?r?|nacid[oa] como|nat[oa] come|nascid[oa] como"
    r"|alias|a\.?k\.?a\.?|(?:full|real|birth|pen|stage) name(?: is| was)?|also known as"
    r"|name at birth(?: is| was)?|pseud[oô]nym[eo]?(?: (?:of|de))?|seudónimo(?: de)?"
    r"|pseudonimo(?: di)?|pseudoniem|pseudônimo(?: de)?|Künstlernamen?|formerly known as"
    rf"|originally (?:called|titled|named))[\s,:\"“„«]+(?P<name>{_RUN})"
)
_BORN_BEHIND = re.compile(rf"\bals (?P<name>{_RUN})(?: (?:in|am) [\w. ]{{1,40}})? geboren\b")
_BEHIND_CUE = re.compile(
    r"(?:\b(?i:as|als|alias|aka|\w*names? (?:is|was|of)|\w*names?|nicknamed|born|known|called"
    r"|titled|dubbed|como|come|sous|pseudon\w+(?: \w+)?|seudónimo(?: de)?|née?)|[(,/])[\s:\"“„«*]*$"
)


def other_names(
    subject: Subject,
    asked: Sequence[Said],
    told: Sequence[Said],
    strangers: Iterable[str] = (),
    of_others: Iterable[Said] = (),
) -> tuple[str, ...]:
    """At most 12 further names of `subject`.

    Args:
        asked: the answers to the questions for names.
        told: the other answers about the subject.
        strangers: names of others of the same kind.
        of_others: the answers about others.

    >>> osk = Subject("Mirela Osk", TargetKind.PERSON)
    >>> said = [Said("", "- Mirela Anna Tarn (name at birth)\\n- Zsizsi\\n- Mirela\\n- Painter\\n")]
    >>> other_names(osk, said, [])
    ('Mirela Anna Tarn', 'Zsizsi')
    """
    elsewhere = [_key(said.text) for said in of_others]
    foreign = {_key(name) for name in strangers}
    found: dict[str, str] = {}
    for listed in (*_asked_for(asked), *_told(subject, (*asked, *told))):
        name = _trimmed(listed)
        key = _key(name)
        if key in foreign or any(f" {key} " in f" {text} " for text in elsewhere):
            continue
        if _looks_like_name(name, subject) and not _is_another(name, told):
            found.setdefault(key, name)
    known = [*found.values(), subject.name]
    kept = [name for name in found.values() if not _is_part_of_another(name, known)]
    return tuple(kept[:_MAX_NAMES])


def names_listed(answer: str) -> tuple[str, ...]:
    """The names of several words that an answer lists.

    >>> names_listed("1. Edda Tarn\\n2. Jory Venn (a painter)\\n")
    ('Edda Tarn', 'Jory Venn')
    >>> names_listed("You may like Edda Tarn, Jory Venn and Ana Morel.")
    ('Edda Tarn', 'Jory Venn', 'Ana Morel')
    """
    items = [name for line in answer.splitlines() for name in _of_item(line)[:1]]
    names = items or re.findall(_RUN, answer)
    return tuple(dict.fromkeys(name.strip(" .,") for name in names if " " in name))


def _asked_for(asked: Iterable[Said]) -> Iterator[str]:
    """What answers to a question for names list, quote, and call the subject."""
    for said in asked:
        for segment in segments(said.text):
            piece = segment.of(said.text)
            if says_ignorance(piece) or asks_back(piece):
                continue
            yield from _of_item(piece)
            yield from (a or b for a, b in _QUOTED.findall(piece))
            yield from (m["name"] for m in _CALLED.finditer(plain(piece)))


def _of_item(line: str) -> list[str]:
    """The name of a list item, and what stands in brackets behind it."""
    match = _ITEM.match(line)
    if match is None:
        return []
    item = _LABEL.sub("", plain(match["item"]), count=1)
    aside = _ASIDE.search(item)
    if aside is None:
        return [item]
    head = item[: aside.start()]
    return [head, *([aside.group(1).strip()] if aside.group(1) else [])]


def _told(subject: Subject, told: Iterable[Said]) -> Iterator[str]:
    """The names of several words that a sentence about the subject gives it in passing."""
    for said in told:
        before = ""
        for segment in segments(said.text):
            piece = plain(segment.of(said.text))
            stated = subject.stated(piece, before)
            if stated is not None and not kin_opens(stated):
                cued = (*_BORN.finditer(stated), *_BORN_BEHIND.finditer(stated))
                yield from (match["name"] for match in cued if " " in match["name"])
            before = piece


def _trimmed(name: str) -> str:
    """A name without the marks around it; the point of an initial stays."""
    name = name.strip(" ,\"“”„«»'‘’")
    return name if re.search(r"\b[^\W\d_]\.$", name) else name.rstrip(".")


def _looks_like_name(name: str, subject: Subject) -> bool:
    words = folded_words(name)
    telling = [word for word in words if is_telling(word) and not word.isdigit()]
    own = set(folded_words(subject.name))
    if not telling or len(words) > _MAX_WORDS or len(name) > _MAX_CHARS or not _begins_large(name):
        return False
    if {w for w in telling if len(w) > 2 or not w.isascii()} <= own or re.search(
        r"[!?\d]{2}|\n", name
    ):
        return False
    if len(telling) == 1:
        word = telling[0]
        unusual = rank(word) is None or (len(words) == 1 and rarity(word) > _RAREST)
        return len(word) > 2 and unusual and not other_given_names(word)
    if subject.kind is TargetKind.PERSON:
        whole = re.fullmatch(rf"(?:(?:The|the|La|Le|El|Il) )?{_RUN}", name) is not None
        epithet = len(telling) < len(words) and all(is_common(word, _EVERYDAY) for word in telling)
        return whole and not epithet
    return any(rank(word) is None or rarity(word) > _RARE for word in telling) or len(telling) > 2


def _begins_large(name: str) -> bool:
    return name[0].isalpha() and not name[0].islower()


def _is_another(name: str, told: Iterable[Said]) -> bool:
    """Whether a model speaks of a name inside a sentence as of somebody else."""
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    for said in told:
        for segment in segments(said.text):
            piece = plain(segment.of(said.text))
            for match in pattern.finditer(piece):
                ahead = piece[: match.start()]
                if ahead.strip('"“„« ') and not _BEHIND_CUE.search(ahead):
                    return True
    return False


def _is_part_of_another(name: str, known: Iterable[str]) -> bool:
    """Whether a single word is only the first or last word of a longer name."""
    key = _key(name)
    return " " not in key and any(key in folded_words(other) for other in known if other != name)


def _key(name: str) -> str:
    return " ".join(folded_words(name))
