"""The small words of seven languages by which a sentence shows where its clauses begin and end.

Only closed classes stand here, those to which a language adds no words: what joins, what opens a
clause or an aside, articles and pronouns, and the verbs that help. Open classes are told by shape.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from amnestic.tools.reading import language_of

__all__ = ["Grammar", "grammar_of", "has_grammar", "has_verb", "is_verb", "totals_of_all"]


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """The closed classes of one language, each a set of small words; `small` are those that no
    clause ends with, and `verbal` is the shape of its verbs."""

    code: str
    joins: frozenset[str]
    contrasts: frozenset[str]
    opens: frozenset[str]
    conditions: frozenset[str]
    relates: frozenset[str]
    compares: tuple[str, ...]
    places: frozenset[str]
    articles: frozenset[str]
    owns: frozenset[str]
    pronouns: frozenset[str]
    speakers: frozenset[str]
    helps: frozenset[str]
    persons: frozenset[str]
    points: frozenset[str]
    numbered: frozenset[str]
    totals: frozenset[str]
    items: frozenset[str]
    scopes: frozenset[str]
    small: frozenset[str]
    common: frozenset[str]
    concludes: tuple[str, ...]
    connects: tuple[str, ...]
    reports: tuple[str, ...]
    sames: tuple[str, ...]
    pairs: tuple[str, ...]
    verbal: re.Pattern[str]
    units: re.Pattern[str]
    verb_second: bool = False
    nouns_are_capital: bool = False
    drops_subjects: bool = False


_LISTS = "grammar.toml"
_WORDS = ("joins", "contrasts", "opens", "conditions", "relates", "places", "articles", "owns",
          "pronouns", "speakers", "helps", "persons", "points", "numbered", "totals", "items",
          "scopes")  # fmt: skip
_SMALL = ("joins", "contrasts", "opens", "conditions", "relates", "articles", "owns", "places")
_PHRASES = ("compares", "concludes", "connects", "reports", "sames", "pairs")
_WORD = re.compile(r"(?:[^\W\d_]|qu|un|dell|nell|all)['’](?=\w)|[^\W\d_]+(?:[-'’][^\W\d_]+)*['’]?")
_ENOUGH = ("de", "en")  # whose verbs are told by shape and place alone
_KNOWN = 0.4  # of the words of a sentence, small words of its language
_DESCRIBES = re.compile(r"(?:['’]s|\w{2,}(?:ful|ous|ive|al|ic|ing|ish))$")  # before a plural
_ALONE = frozenset(  # articles that stand for a noun as well
    "this that these those both all some many several most few each other alle beide viele einige "
    "mehrere tous toutes plusieurs ce todos todas varios varias algunos tutti tutte molti alcuni "
    "vele enkele vários várias alguns".split()
)


@cache
def _grammars() -> Mapping[str, Grammar]:
    text = resources.files("amnestic.tools.prose").joinpath("data", _LISTS).read_text("utf-8")
    return {code: _grammar(code, table) for code, table in tomllib.loads(text).items()}


def _grammar(code: str, table: Mapping[str, Any]) -> Grammar:
    def words(name: str) -> frozenset[str]:
        return frozenset(table[name].split())

    def phrases(name: str) -> tuple[str, ...]:
        found = (" ".join(phrase.split()) for phrase in table[name].split(","))
        return tuple(sorted(found, key=len, reverse=True))

    told: dict[str, Any] = {name: words(name) for name in _WORDS}
    told |= {name: phrases(name) for name in _PHRASES}
    told["small"] = frozenset().union(*(told[name] for name in _SMALL))
    told["common"] = told["small"] | told["helps"] | told["pronouns"]
    return Grammar(
        code=code,
        **told,
        verbal=re.compile("".join(table["verbal"].split())),
        units=re.compile(rf"(?:{'|'.join(table['units'].split())})", re.IGNORECASE),
        verb_second=table.get("verb_second", False),
        nouns_are_capital=table.get("nouns_are_capital", False),
        drops_subjects=table.get("drops_subjects", False),
    )


@cache
def totals_of_all() -> frozenset[str]:
    """The words by which any of the languages names a sum or a mean.

    >>> {"total", "insgesamt", "promedio"} <= totals_of_all()
    True
    """
    return frozenset().union(*(grammar.totals for grammar in _grammars().values()))


@lru_cache(256)
def grammar_of(sentence: str) -> Grammar:
    """The grammar of the language that a sentence is in; of English where nothing tells.

    >>> grammar_of("Der Fluss trat über die Ufer.").verb_second
    True
    """
    words = [w.lower().replace("’", "'") for w in _WORD.findall(sentence)]
    hits = {code: sum(map(g.common.__contains__, words)) for code, g in _grammars().items()}
    most = max(hits.values())
    likely = [code for code, n in hits.items() if n == most]
    told = likely[0] if len(likely) == 1 else language_of(sentence)
    return _grammars()[told if told in likely else "en"]


@lru_cache(256)
def has_grammar(sentence: str) -> bool:
    """Whether a sentence is in one of the languages whose small words are known.

    >>> has_grammar("Der Fluss trat über die Ufer."), has_grammar("Rzeka wylała wczoraj wieczorem.")
    (True, False)
    """
    words = [w.lower() for w in _WORD.findall(sentence)]
    known = sum(map(grammar_of(sentence).common.__contains__, words))
    return known >= _KNOWN * len(words) or language_of(sentence) in _grammars()


@lru_cache(4096)
def has_verb(clause: str, grammar: Grammar, *, strict: bool = False) -> bool:
    """Whether a clause has what looks like a finite verb; to be `strict` is to take no plural for
    one.

    >>> english = grammar_of("The mill is old.")
    >>> has_verb("the mill burned", english), has_verb("the old mill", english)
    (True, False)
    """
    return any(_verbs(clause, grammar, strict=strict))


def is_verb(word: str, grammar: Grammar) -> bool:
    """Whether a word by itself looks like a finite verb.

    >>> english = grammar_of("The mill is old.")
    >>> is_verb("sang", english), is_verb("the", english)
    (True, False)
    """
    small = word in grammar.small or word in grammar.pronouns
    return word in grammar.helps or (not small and bool(grammar.verbal.fullmatch(word)))


def _is_plural(word: str, after: str, grammar: Grammar, *, named: bool) -> bool:
    """Whether an English word in -s is rather a noun: "suits over cotton", not "runs it"."""
    follows = (
        (not after and named)
        or after.lower() in grammar.articles | grammar.owns
        or after.endswith("ly")
    )
    return grammar.code == "en" and re.search(r"[^s]s$", word) is not None and not follows


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not word.endswith(("'s", "’s"))


def _verbs(clause: str, grammar: Grammar, *, strict: bool) -> Iterator[bool]:
    words = _WORD.findall(clause)
    before = ""
    for i, word in enumerate(words):
        after = words[i + 1] if i + 1 < len(words) else ""
        if word.lower().replace("’", "'") in grammar.helps:
            yield True
        elif word[0].islower() and is_verb(word, grammar):
            describes = (
                before.lower() in (grammar.articles - _ALONE) | grammar.owns | grammar.places
            )
            if grammar.code == "en" and word.endswith("s"):
                describes = describes or _DESCRIBES.search(before) is not None
            if grammar.nouns_are_capital:
                yield not (after[:1].isupper() and word.endswith(("e", "en", "er", "es", "em")))
            else:
                yield (
                    not describes
                    and after != "of"
                    and not (strict and _is_plural(word, after, grammar, named=_is_name(before)))
                )
        elif word[0].islower() and word not in grammar.small and _is_name(before):
            yield grammar.code not in _ENOUGH and before.lower() not in grammar.small
        before = word
