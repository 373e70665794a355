"""What was read of forget requests, held against the reading of a careful person. The rule:

* read right: the outcome is one of those; no name is a `must_not` string; and, where targets are
  to be stored, they pair one to one by name and kind, and each has its identifiers, its exceptions
  and its expiry.
* misread in silence: stored otherwise than a careful person would, and no warning says so.
* refused wrongly: refused or asked back where the request can be stored as it stands.
* precision of facts: of the sentences that are stored of targets, in sets whose readings tell facts
  at all, the share of which 60 % of the words, the names aside, stand in the reading (its facts,
  identifiers, aliases and subject); the others are noise, and counted by request.
* recall of identifiers, exceptions, aliases and facts over the targets of requests that can be
  stored; expiry: the share of those targets that have the date told.

Kinds that Amnestic does not have are mapped once, on both sides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amnestic.agents.requests import Interpretation
from amnestic.tools.names.dates import dates_in
from amnestic.tools.reading import segments

KINDS = {"event": "topic", "product": "topic", "project": "topic", "other": "topic"} | {
    "secret": "record"
}
TITLES = r"mr|mrs|ms|miss|mx|dr|prof|professor|maître|me|herr|frau|sig|signora|doña|don|phil"
LEGAL = (
    r"inc|ltd|limited|llc|llp|plc|gmbh|ag|se|kg|ab|as|oy|bv|nv|sa|srl|spa|s\.?p\.?a|s\.?r\.?l|"
    r"s\.?a\.?s?|b\.?v|n\.?v|corp|co|sp\.?\s?z\s?o\.?\s?o|e\.?\s?v|e\.?\s?g"
)
ARTICLES = frozenset("the a an der die das le la les el los il lo i un une uno una l".split())
LIGHT = ARTICLES | frozenset(
    "his her its their our my your he she it they him them this that these those".split()
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one request."""

    outcome: str
    targets: tuple[Interpretation, ...] = ()
    warned: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """One request, what was read, and what is wrong with it (nothing: read right)."""

    row: Mapping[str, Any]
    read: Outcome
    faults: tuple[str, ...]


def plain(name: str) -> str:
    """A name as it is compared: without titles, legal form, articles, punctuation and spaces."""
    text = re.sub(r"^how\s+to\s+", "", name.casefold().strip())
    text = re.sub(rf"^(?:(?:{TITLES})\.?\s+)+", "", text)
    text = re.sub(rf"[\s,]+(?:{LEGAL})\.?$", "", text)
    return "".join(w for w in re.findall(r"\w+", text) if w not in ARTICLES)


def alnum(text: str) -> str:
    """Letters and digits alone."""
    return "".join(c for c in text.casefold() if c.isalnum())


def names_of(target: Interpretation) -> tuple[str, ...]:
    """Subject and aliases."""
    return (target.subject, *target.aliases)


def is_forbidden(name: str, must_not: Iterable[str]) -> bool:
    """Whether a name is one that must not be stored."""

    def bare(text: str) -> str:
        return re.sub(r"^the\s+", "", text.casefold().strip(" .,;:!?\"'“”‘’()[]")).strip()

    return bare(name) in {bare(m) for m in must_not}


def has_identifier(target: Interpretation, value: str) -> bool:
    """Whether an identifier's value is stored with a target."""
    stored = [*names_of(target), *(i.value for i in target.identifiers)]
    wanted = alnum(value)
    days = {day for day, _ in dates_in(value)}
    if days and any(days & {day for day, _ in dates_in(s)} for s in stored):
        return True
    return any(wanted == alnum(s) or _national(wanted) == _national(alnum(s)) for s in stored)


def _national(digits: str) -> str:
    return re.sub(r"^(?:0044|44|0)", "", digits) if digits.isdigit() else digits


def has_exception(target: Interpretation, exception: str) -> bool:
    """Whether the words of an exception stand in the exceptions read."""
    read = {w for e in target.exceptions for w in re.findall(r"\w+", e.casefold())}
    return {w for w in re.findall(r"\w+", exception.casefold()) if w not in LIGHT} <= read


def has_fact(target: Interpretation, fact: str) -> bool:
    """Whether 60 % of a fact's words, the names aside, stand in what is told of the target."""
    names = {w for n in names_of(target) for w in re.findall(r"\w+", n.casefold())}
    words = [w for w in re.findall(r"\w+", fact.casefold()) if w not in names]
    told = set(re.findall(r"\w+", target.description.casefold()))
    return not words or sum(w in told for w in words) >= 0.6 * len(words)


def noise_in(target: Interpretation, wanted: Mapping[str, Any]) -> tuple[list[str], int]:
    """The stored sentences of a target that its reading does not tell, and how many are stored."""
    told = " ".join(
        (
            wanted["subject"],
            *(wanted.get("subject_also") or ()),
            *(wanted.get("aliases") or ()),
            *(wanted.get("facts") or ()),
            *(f"{i.get('type', '')} {i['value']}" for i in wanted.get("identifiers") or ()),
        )
    )
    held = {*re.findall(r"\w+", told.casefold())} | LIGHT | {"is", "was"}
    names = {w for n in names_of(target) for w in re.findall(r"\w+", n.casefold())}
    stored = [target.description[s.start : s.end] for s in segments(target.description)]
    noise = []
    for sentence in stored:
        words = [w for w in re.findall(r"\w+", sentence.casefold()) if w not in names]
        values = (i["value"] for i in wanted.get("identifiers") or ())
        if any(alnum(value) in alnum(sentence) for value in values):
            continue
        if not words or sum(w in held for w in words) < 0.6 * len(words):
            noise.append(sentence)
    return noise, len(stored)


def is_same(target: Interpretation, wanted: Mapping[str, Any]) -> bool:
    """Whether subject and kind are those of the careful reading."""
    named = {plain(n) for n in (wanted["subject"], *wanted.get("subject_also", ()))}
    kind = KINDS.get(wanted["type"], wanted["type"])
    return plain(target.subject) in named and target.kind.value == kind


def score(row: Mapping[str, Any], read: Outcome) -> Score:
    """Judge what was read of one request."""
    faults = [
        f"{name!r} is a name"
        for target in read.targets
        for name in names_of(target)
        if is_forbidden(name, row.get("must_not") or ())
    ]
    if read.outcome not in (row["outcome"], *(row.get("outcome_also") or ())):
        faults.append(f"{read.outcome} instead of {row['outcome']}")
    elif row["outcome"] == "ok" and read.outcome == "ok":
        faults.extend(_target_faults(row["targets"], read.targets))
    return Score(row, read, tuple(faults))


def _target_faults(
    wanted: Sequence[Mapping[str, Any]], read: Sequence[Interpretation]
) -> Iterator[str]:
    for target in read:
        if not any(is_same(target, w) for w in wanted):
            yield f"not asked for: {target.subject!r} ({target.kind})"
    for w in wanted:
        found = next((t for t in read if is_same(t, w)), None)
        if found is None:
            yield f"not read: {w['subject']!r} ({w['type']})"
            continue
        for identifier in w.get("identifiers") or ():
            if not has_identifier(found, identifier["value"]):
                yield f"identifier {identifier['value']!r} is missing"
        for exception in w.get("exceptions") or ():
            if not has_exception(found, exception):
                yield f"exception {exception!r} is missing"
        expires = found.expires.date().isoformat() if found.expires else None
        if expires != (w.get("expires") or None):
            yield f"expires {expires} instead of {w.get('expires')}"


def figures(scores: Sequence[Score]) -> dict[str, Any]:
    """The figures over all requests."""
    stored = [s for s in scores if s.read.outcome != "refuse" and s.read.targets]
    silent = [s for s in stored if s.faults and not s.read.warned]
    plainly = [s for s in scores if s.row["outcome"] == "ok"]
    may_not = [s for s in scores if s.row["outcome"] != "ok"]
    refused = [s for s in plainly if s.read.outcome != "ok" and s.faults]
    wrong = [s for s in scores if s.faults]
    return {
        "requests": len(scores),
        "read_right": _share(len(scores) - len(wrong), len(scores)),
        "silent_misread": _share(len(silent), len(scores)),
        "refused_wrongly": _share(len(refused), len(plainly)),
        "stored_silently": _share(sum(s in silent for s in may_not), len(may_not)),
        **_recalls(plainly),
        **_noise(plainly),
        "wrong_by_kind": dict(Counter(s.row["kind"] for s in wrong)),
        "wrong": {s.row["id"]: [*s.faults, *([s.read.said] if s.read.said else [])] for s in wrong},
    }


def _noise(scores: Sequence[Score]) -> dict[str, float]:
    pairs = [
        noise_in(target, w)
        for s in scores
        for w in s.row["targets"]
        if (target := next((t for t in s.read.targets if is_same(t, w)), None))
    ]
    told = any(w.get("facts") for s in scores for w in s.row["targets"])
    noise, stored = sum(len(n) for n, _ in pairs), sum(count for _, count in pairs)
    if not told or not stored:
        return {}
    return {"fact_precision": _share(stored - noise, stored), "noise": _share(noise, len(scores))}


def _recalls(scores: Sequence[Score]) -> dict[str, float]:
    found: dict[str, list[bool]] = {
        name: [] for name in ("identifiers", "exceptions", "expiry", "alias_recall", "fact_recall")
    }
    for s in scores:
        for w in s.row["targets"]:
            target = next((t for t in s.read.targets if is_same(t, w)), None)
            for name, held in _held(target, w):
                found[name].append(held)
    return {name: _share(sum(held), len(held)) for name, held in found.items()}


def _held(target: Interpretation | None, w: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    for identifier in w.get("identifiers") or ():
        yield "identifiers", target is not None and has_identifier(target, identifier["value"])
    for exception in w.get("exceptions") or ():
        yield "exceptions", target is not None and has_exception(target, exception)
    if w.get("expires"):
        date = target.expires.date().isoformat() if target and target.expires else None
        yield "expiry", date == w["expires"]
    for alias in w.get("aliases") or ():
        named = {plain(n) for n in names_of(target)} if target else set()
        yield "alias_recall", plain(alias) in named
    for fact in w.get("facts") or ():
        yield "fact_recall", target is not None and has_fact(target, fact)


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
