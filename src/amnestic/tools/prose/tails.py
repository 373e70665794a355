"""What a sentence, or a part of it up to a mark, can end without."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice

from amnestic.tools.prose.counted import counts_told
from amnestic.tools.prose.grammar import has_verb, is_verb
from amnestic.tools.prose.parentheticals import is_aside
from amnestic.tools.prose.scanning import ALSO, BY, OF, PARTICIPLE, WORD, WOULD, Cut, Scan
from amnestic.tools.prose.wellformed import is_nominal

__all__ = ["tails"]

_NEAR = 12  # marks on either side of what leaks, in which a cut begins or ends
_UNDER = frozenset("under unter onder sous bajo sotto sob alongside".split())
_WHICH = re.compile(r"\b(?:der|die|das|dem|den)\s+[^\W\d_]+$")
_PARTING = ("–", "—", "-", ":", ";")


def tails(scan: Scan) -> Iterator[Cut]:
    """What a sentence, or a part of it up to a mark, ends with."""
    ends = [*islice(_ends(scan), _NEAR), len(scan.body)]
    for begin, inside_at in deque(_starts(scan), _NEAR):
        for end in ends:
            inside = scan.body[inside_at:end]
            fits = scan.covers(begin, end) and scan.ends_well(inside, end)
            if fits and _may_end(scan, begin, inside_at, inside, end):
                cut = scan.cut(begin, end)
                yield Cut(cut.span, _rejoined(scan, begin, inside) + scan.body[end:])


def _rejoined(scan: Scan, at: int, inside: str) -> str:
    """What stands before the last thing of a list, which went: "A, B" of "A, B, and C" is "A and
    B"."""
    head, g, words = scan.body[:at], scan.grammar, scan.words(inside)
    before, comma, last = head.rpartition(", ")
    start = scan.words(last)[:1]
    if not comma or words[0] not in g.joins or not start or set(words) & g.helps:
        return head
    parallel = start[0] in g.places and words[1:2] == start
    items = scan.words(before.rpartition(", ")[2]) if ", " in before else []
    row = bool(items) and not any(has_verb(p, g) for p in (last, before.rpartition(", ")[2]))
    done = is_verb(start[0], g) and len(words) > 1 and is_verb(words[1], g)
    if done and start[0] not in g.helps:
        return f"{before} {words[0]} {last}"
    if parallel:
        return f"{before}, {words[0]} {last}"
    if row and not scan.opens(last) and not PARTICIPLE.fullmatch(start[0]):
        return f"{before} {words[0]} {last}"
    return head


def _starts(scan: Scan) -> Iterator[tuple[int, int]]:
    """Where a tail may begin, with its comma, dash or space, and where its first word is."""
    marks = re.compile(r"(?:,|:|;)\s+|\s*(?:(?<=\s)[–—-](?=\s)|—)\s*|\s+")
    for match in marks.finditer(scan.body, 0, scan.hot.start + 1):
        if match.end() <= scan.hot.start and scan.is_outside(match.start()):
            yield match.start(), match.end()


def _ends(scan: Scan) -> Iterator[int]:
    at = scan.hot.end
    for match in re.finditer(r"\s*[,;:)–—]\s|\s(?=[^\W\d_])", scan.body[at:]):
        word = WORD.match(scan.body, at + match.end())
        mark = match.group().strip()
        is_date = mark == "," and scan.body[at + match.end() :][:1].isdigit()  # "May 22, 1963"
        if is_date or not scan.is_outside(at + match.start()):
            continue
        small = word is not None and word.group().lower() in (
            (scan.grammar.joins | scan.grammar.contrasts | scan.grammar.places) - OF
        )
        if mark or small:
            yield at + match.start()


def _may_end(scan: Scan, begin: int, at: int, inside: str, end: int) -> bool:
    g, words = scan.grammar, scan.words(inside)
    head, rest = scan.body[:begin], scan.body[end:]
    mark = scan.body[begin:at].strip()
    told = mark in _PARTING and has_verb(inside, g)
    if mark == "," and rest[:1] == ",":
        return False  # two commas are an aside's
    if g.nouns_are_capital and words and words[0] in g.relates and _WHICH.search(head):
        return False  # "das Album, das …": without it nobody knows which
    if not words or not _is_head(scan, head) or (scan.renames(inside) and not told):
        return False
    following = scan.words(rest[:24])
    lists = mark == "," and bool(following) and following[0] in g.joins
    listed = lists and not has_verb(inside.strip().partition(" ")[2], g)
    at_end = not rest or rest.lstrip()[:1] in ",;:–—" or listed
    joined = words[0] in g.joins | g.contrasts
    if not mark and words[0] == "so" and not has_verb(inside.split(",")[0], g):
        return False  # "so little", "did so with her"
    if joined:
        row = mark != "," and _in_row(scan, head, at)
        whole = words[0] in g.joins and (row or _is_title(scan, at))
        return at_end and not whole and not _shares_noun(scan, head, inside)
    if mark in _PARTING:
        labels = mark == ":" and (not has_verb(head, g) or bool(counts_told(head)))
        return not labels and (not rest or rest.lstrip()[:1] == ";")
    if mark == "," and words[0] == "as" and words[1:2] and words[1] in g.helps:
        return at_end  # ", as had the others"
    if words[0] in g.opens | g.conditions:
        return at_end and has_verb(inside, g) and not (
            words[0] in g.conditions and WOULD.search(head))  # fmt: skip
    if scan.compares(inside) and (at_end or mark != ","):
        return not ALSO.search(head + rest) or words[0] not in ("like", "wie", "comme", "como")
    return (
        listed
        or (mark == "," and at_end and is_aside(scan, inside, begin))
        or _is_agent(scan, head, inside, rest)
    )


def _is_title(scan: Scan, at: int) -> bool:
    """Whether what is joined only says what the one is who is named: "singer and poet Osk"."""
    g = scan.grammar
    between = scan.words(scan.body[at : scan.hot.start])[1:]
    apart = g.articles | g.owns | g.places | g.helps
    return bool(between) and not any(w in apart or is_verb(w, g) for w in between)


def _shares_noun(scan: Scan, head: str, inside: str) -> bool:
    """Whether what stands before "and" lacks the noun that stands behind it: "her first and only
    prize"."""
    g, before, after = scan.grammar, scan.words(head)[-4:], re.findall(r"\S+", inside)[1:3]
    led = any(w in g.articles | g.owns | {"most", "more", "very"} for w in before[-3:-1])
    plain = [w for w in after if w[0].islower() and w not in g.small | g.helps]
    return led and len(plain) == len(after) == 2 and not is_verb(after[0], g)


def _in_row(scan: Scan, head: str, at: int) -> bool:
    """Whether what is joined is the last name of a row, which is cut as one or not at all."""
    joined = scan.body[at : scan.hot.start].split()
    following = WORD.match(scan.body, scan.hot.end + 1)
    named = scan.body[scan.hot.start].isupper() and len(joined) < 2
    row = named and re.search(r"[A-ZÀ-Þ]\S*$", head.rstrip(",")) is not None
    return row and not (following and is_verb(following.group(), scan.grammar))


def _is_agent(scan: Scan, head: str, inside: str, rest: str) -> bool:
    """Whether a piece says by whom something was done, or under whom, and says no more."""
    first, before, after = scan.words(inside)[0], scan.words(head), scan.words(rest[:24])
    if not inside[0].islower() or "," in inside:
        return False
    if first in BY and len(before) > 2 and rest[1:2].isalpha():
        done = PARTICIPLE.fullmatch(before[-1]) and scan.grammar.helps & set(before[-4:-1])
        turned = after and PARTICIPLE.fullmatch(after[0]) and scan.grammar.helps & set(before)
        return bool(done or (scan.grammar.verb_second and turned))
    return first in _UNDER


def _is_head(scan: Scan, head: str) -> bool:
    """Whether a beginning of the sentence is one by itself."""
    head = head.rpartition("; ")[2]
    g, words = scan.grammar, scan.words(head)
    if not words or words[-1] in g.small:
        return False
    first = scan.words(head)[0]
    second = words[1] if len(words) > 1 else ""
    phrase = first in g.places or second in g.places  # "después de la guerra"
    side = (first in g.opens | g.conditions and not phrase) or scan.compares(head)
    if side and "," not in head:
        return False
    clause = head.rpartition(",")[2] if first in g.opens | g.conditions | g.places else head
    return is_nominal(scan.body, g, closed=scan.closed) or has_verb(clause, g)
