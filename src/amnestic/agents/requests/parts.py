"""One phrase or many: the several things that one wish names, and the items of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.forms import AKA, QUOTED
from amnestic.tools.reading import rank

__all__ = ["Part", "items_in", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """The words on one thing; `lone` where they are one given name of a family, without surname."""

    text: str
    lone: bool = False


_I = re.IGNORECASE
_MARK = re.compile(r"^\s*(?:\(?\d{1,4}[.):]|[-•*–—·▪◦‣]|\(?[a-z]\)|\[\s?\])\s+(?=\S)", re.MULTILINE)
_INLINE = re.compile(r"(?:^|\s)\(?(\d{1,3}|[a-h](?=\)))[.)]\s+(?=\S)")
_AND = r"(?:and|or|nor|und|oder|sowie|et|ou|ni|y|e|en|oraz|plus|as\s+well\s+as|&\s+also|noch)"
_ABOUT = r"(?:(?:also\s+)?(?:about|on|of|sur|à|über|von|zu|sobre|de|di|su|o)\s+)?"
_SPLIT = re.compile(
    rf"(?P<and>\s*,?\s+(?:{_AND})\s+(?:also\s+|all\s+)?{_ABOUT}(?=\S))|(?P<comma>\s*,\s*)|(?P<semi>\s*;\s*(?:and\s+|or\s+)?)",
    _I,
)
_LEAD = re.compile(
    r"^(?:(?:the|a|an|my|our|his|her|its|their|this|that|der|die|das|den|dem|unser\w*|mein\w*|sein\w*|"
    r"ihr\w*|le|la|les|l['’]|son|sa|ses|notre|mon|ma|el|los|su|sus|nuestr\w+|il|lo|i|suo|sua|mio|mia|"
    r"de|het|zijn|haar|onze)\s+)?(?:[a-zà-ÿ][\w-]*\s+){0,4}"
)
_WITHIN = re.compile(
    r"\b(?:from|in|at|near|to|by|with|who|which|that|sung|written|à|dans|chez|aus|bei|en|con|nel)\s",
    _I,
)
_DETERMINED = re.compile(
    r"^(?:the|a|an|my|our|his|her|its|their|this|that|der|die|das|den|dem|unser\w*|mein\w*|sein\w*|"
    r"ihr\w*|le|la|les|l['’]|son|sa|ses|notre|mon|ma|el|los|su|sus|nuestr\w+|il|lo|i|suo|sua|mio|mia|"
    r"de|het|zijn|haar|onze)\s|^[a-z][\w-]*\s+$",
    _I,
)
_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herrn?|Frau|Mme|Maître|Sig|Sra?)\.?\s+)+(?=\S)"
)
_NOBLE = re.compile(
    r"^\s*(?:the\s+)?(?:Duke|Duchess|Prince|Princess|Earl|Count|Countess|King|Queen|Baron|Baroness|"
    r"Lord|Lady|Marquess|Viscount|Archduke)\s+of\b|^\s*(?:Inc|Ltd|LLC|Jr|Sr|MD|PhD|Esq|GmbH|Co)\b"
)
_PARTNERS = re.compile(r"[A-Z][\w'’-]+(?:,\s+[A-Z][\w'’-]+)*\s+&\s")  # "Barnaby, Stokes & Lyle"
_KIN = re.compile(
    r"\b(?:sons?|daughters?|kids?|children|twins?|brothers?|sisters?|siblings|parents?|cousins?|nephews?|"
    r"nieces?|grandchildren|wife|husband|partner|fils|filles?|enfants|kinder|söhne|töchter|hijos|"
    r"hijas|figli|figlie)\b",
    _I,
)
_LISTING = re.compile(
    r"^\W*(?:(?:all|any)\s+)?(?:of\s+)?(?:these|those|the\s+following|following|them|list|names)"
    r"(?:\s+[a-z-]+){0,4}\s*:\s*",
    _I,
)
_HEADER = re.compile(
    r"^(?:name|full\s+name|first|last|surname|e-?mail|mail|phone|id|role|type|kind|customer|subject|"
    r"city|address|notes?|birth|date|no|nr|number|employee|position|department|reason|company)\b",
    _I,
)
_FAMILY = re.compile(
    r"(?P<given>[A-Z][\w'’-]+)\s+(?:and|und|et|y|e)\s+(?P<full>[A-Z][\w'’-]+\s+[A-Z][\w'’-]+)\b"
)
_AGAIN = re.compile(  # "…, and forget Tor Hagen": the wish said once more
    r"^(?:please\s+|also\s+)*(?:forget|erase|delete|remove|unlearn|drop)\s+(?:about\s+)?(?=\S)", _I
)
_OF_ALL = re.compile(
    r"\s*[,(]\s*(?:(?:all|both)\s+(?:of\s+)?)?(?:our|the|their|my|his|her|all|both|two|three|four|five)\s+"
    r"(?:[a-z-]+\s+){0,4}[a-z]+s\)?[\s.!]*$"
)
_FIRM_END = re.compile(r"^(?:sons?|daughters?|company|co|partners?|brothers|bros|associates)\b", _I)
_LISTED_TITLE = re.compile(r"^(?:The|A|An)\s[^,]+,\s+(?:the|a|an)\s.*\sand\s+(?:the|a|an)\s")
_ONE = re.compile(
    r"^(?:(?:the|a)\s+)?(?:merger|takeover|union|battle|war|match|affair|marriage|"
    r"wedding|divorce|duel|trial|meeting|friendship)\b",
    _I,
)


def items_in(text: str) -> tuple[str, tuple[str, ...]]:
    """The lead of a list and its items, each without its mark; no items where there is no list.

    >>> items_in("Forget these:\\n1) Ana Morel, florist\\n2) Tor Hagen")
    ('Forget these:', ('Ana Morel, florist', 'Tor Hagen'))
    """
    lines = [line for line in text.splitlines() if line.strip()]
    marked = [i for i, line in enumerate(lines) if _MARK.match(line)]
    if len(marked) >= 2:
        items = [_MARK.sub("", lines[i]).strip() for i in marked]
        rest = [line for i, line in enumerate(lines) if i not in marked]
        return "\n".join(rest), tuple(items)
    numbers = [m[1] for m in _INLINE.finditer(text)]
    lettered = numbers == _counted("a", len(numbers)) and re.match(r"[^()]*:\s*\(?a\)", text)
    if len(numbers) >= 2 and (lettered or numbers == _counted("1", len(numbers))):
        head, *items = [p.strip(" ,;\n") for p in re.split(_INLINE.pattern, text)][::2]
        return head, tuple(items)
    if len(lines) >= 3 and lines[0].rstrip().endswith(":"):
        return lines[0], tuple(_rows(lines[1:]))
    colon = re.search(r":\s+(?=[A-Z\"“'⟦]|the\s)", text)
    if len(lines) == 1 and colon and text.count(";", colon.end()) >= 1:
        pieces = [p.strip(" .\n") for p in text[colon.end() :].split(";") if p.strip(" .\n")]
        if all(len(_own(p).split()) <= 6 and _is_named(p) for p in pieces):
            return text[: colon.end()], tuple(pieces)
    counts = [
        max(line.count(d) for d in ",;\t|") if line[-1:] not in ".!?" else 0 for line in lines
    ]
    for start in range(len(lines) - 1):
        end = start
        while end < len(lines) and counts[end] == counts[start] > 0:
            end += 1
        rows = _rows(lines[start:end]) if end - start >= 2 else []
        if rows and (_is_header(lines[start]) or all(len(line) < 120 for line in lines[start:end])):
            return "\n".join((*lines[:start], *lines[end:])), tuple(rows)
    return text, ()


def _counted(first: str, count: int) -> list[str]:
    if first.isdigit():
        return [str(i) for i in range(1, count + 1)]
    return [chr(ord(first) + i) for i in range(count)]


def _rows(lines: list[str]) -> list[str]:
    if any(d in lines[0] for d in ",;\t|") and len(lines) > 1 and _is_header(lines[0]):
        lines = lines[1:]
    rows = [re.sub(r"\s*[;|\t]\s*|\s*,\s*", ", ", line.strip(" |")).strip(" ,") for line in lines]
    return [re.sub(r"^\"([^\"]+)\"", r"\1", row) for row in rows]


def _is_header(line: str) -> bool:
    cells = [c.strip(" \"'").replace("_", " ") for c in re.split(r"[,;\t|]", line)]
    return sum(bool(_HEADER.match(c)) for c in cells) > len(cells) / 2


def parts_of(phrase: str) -> tuple[Part, ...]:
    """The several things that a phrase names; one part where they belong together.

    >>> [p.text for p in parts_of("Pepsi, Fanta or Dr Pepper")]
    ['Pepsi', 'Fanta', 'Dr Pepper']
    >>> [p.text for p in parts_of("Ana Morel, a painter from Tavel")]
    ['Ana Morel, a painter from Tavel']
    """
    phrase = _LISTING.sub("", phrase.strip())
    phrase = _AGAIN.sub("", phrase)
    phrase = re.sub(r"^(?:either|both|neither|all\s+of)\s+(?=\S)", "", phrase, flags=_I)
    if _LISTED_TITLE.match(phrase) or _ONE.match(phrase):
        return (Part(phrase),)
    pieces = _pieces(phrase)
    if (family := _FAMILY.match(phrase)) and _KIN.search(phrase):
        surname, rest = family["full"].split()[-1], phrase[family.end() :]
        return (Part(f"{family['given']} {surname}{rest}"), Part(f"{family['full']}{rest}"))
    enumerated = _is_enumeration(pieces)
    parts: list[Part] = []
    kin = False
    for i, (joint, text) in enumerate(pieces):
        is_kin = _KIN.search(_lead(text)) is not None or (
            not _is_named(text) and _KIN.search(text) is not None
        )
        begins = i > 0 and _begins(joint, text, pieces, i, enumerated=enumerated or kin)
        kin = is_kin or (kin and _is_named(text))
        if i == 0 or begins:
            parts.append(Part(text, lone=kin and len(_own(text).split()) == 1))
        else:
            parts[-1] = Part(f"{parts[-1].text}{joint}{text}", parts[-1].lone)
    parts = [Part(_AGAIN.sub("", p.text), p.lone) for p in parts]
    return _with_surnames(_with_shared(parts) if enumerated else parts)


def _pieces(phrase: str) -> list[tuple[str, str]]:
    """The pieces between commas and "and", with what joins each to the one before."""
    masked = QUOTED.sub(lambda m: "\x00" * len(m.group()), phrase)
    masked = AKA.sub(lambda m: "\x00" * len(m.group()), masked)
    masked = re.sub(r"\([^()]*\)", lambda m: "\x00" * len(m.group()), masked)
    found, at, joint = [], 0, ""
    for match in _SPLIT.finditer(masked):
        rest = phrase[match.end() :]
        if not match["and"] and (_NOBLE.match(rest) or _PARTNERS.match(rest)):
            continue
        found.append((joint, phrase[at : match.start()]))
        joint, at = phrase[match.start() : match.end()], match.end()
    found.append((joint, phrase[at:]))
    return [(j, t) for j, t in found if t.strip()]


def _is_enumeration(pieces: list[tuple[str, str]]) -> bool:
    run = next((i for i, (_, t) in enumerate(pieces) if not _is_named(t)), len(pieces))
    if run < 3:
        return False
    joints = [j for j, _ in pieces[1:run]]
    return _joins(joints[-1]) or all(len(_own(t).split()) > 1 for _, t in pieces[:run])


def _joins(joint: str) -> bool:
    return joint.strip(" ,;") != ""


def _begins(
    joint: str, text: str, pieces: list[tuple[str, str]], i: int, *, enumerated: bool
) -> bool:
    """Whether a piece begins a new thing."""
    if not _is_named(text) or text.startswith("⟦"):
        return "⟦" in text[:1] and "⟦" in pieces[0][1][:1]
    if enumerated:
        return True
    if not _joins(joint) or _FIRM_END.match(_own(text)):
        return False
    if re.match(r"\s*,?\s*(?:or|nor|ni|oder|ou|noch)\b", joint, _I) or _lead(text):
        return any(_is_named(t) for _, t in pieces[:i])
    before, own = _own(pieces[i - 1][1]), _own(text)
    if re.match(r"\s*(?:y|e)\s", joint) and len(before.split()) > 3:
        return False  # a Spanish surname
    if len(own.split()) > 1 and (len(before.split()) > 1 or i > 1 or before.startswith("⟦")):
        return True
    return len(before.split()) == 1 and _is_rare(before) and _is_rare(own)


def _is_rare(word: str) -> bool:
    return len(word.split()) == 1 and word[:1].isupper() and (rank(word.lower()) or 99_999) > 8_000


def _lead(text: str) -> str:
    """What stands before the name in a piece."""
    lead = _LEAD.match(text)
    return lead.group() if lead else ""


def _own(text: str) -> str:
    """A piece without what stands before its name and behind it."""
    text = text.strip()
    rest = _TITLE.sub("", text.removeprefix(_lead(text))) or text
    return re.split(r"\s*[(,:–—]|\s+-\s", rest)[0].strip(" .")


def _is_named(text: str) -> bool:
    """Whether a piece opens with a name, at most said what it is: "its ferryman Tariq"."""
    own, lead = _own(text), _lead(text.strip())
    if _WITHIN.search(lead) or (lead and not _DETERMINED.match(lead)):
        return False
    return own[:1].isupper() or own[:1] in "\"“«'‘⟦" or (own[:1].isdigit() and own[-1:].isalnum())


def _with_shared(parts: list[Part]) -> list[Part]:
    """Give each of several things what is said of all: "A, B and C, our three phones"."""
    said = _OF_ALL.search(parts[-1].text)
    if said is None:
        return parts
    return [*(Part(f"{p.text}{said.group()}", p.lone) for p in parts[:-1]), parts[-1]]


def _with_surnames(parts: list[Part]) -> tuple[Part, ...]:
    """Give the given names of a family the surname that is told with one of them."""
    surnames = [_own(p.text).split()[-1] for p in parts if len(_own(p.text).split()) > 1]
    found: list[Part] = []
    for i, part in enumerate(parts):
        behind = (_own(p.text).split() for p in parts[i + 1 :] if not p.lone)
        later = next((words[-1] for words in behind if words), None)
        if part.lone and later is not None and later in surnames:
            found.append(Part(part.text.replace(_own(part.text), f"{_own(part.text)} {later}", 1)))
        else:
            found.append(part)
    return tuple(found)
