"""The bare name in a phrase: "the village of X in Kent" holds "X", and says two things of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from amnestic.agents.requests.appositions import parted
from amnestic.agents.requests.forms import QUOTED
from amnestic.agents.requests.name_aliases import plain_and_written, ways_to_name_both
from amnestic.agents.requests.nicknames import ways_to_say
from amnestic.agents.requests.target_kind import is_work, kind_named
from amnestic.tools.reading import rank

__all__ = ["BareName", "bare_name"]


@dataclass(frozen=True, slots=True)
class BareName:
    """A name, the other ways to write it, and what stood before and behind it."""

    name: str
    aliases: tuple[str, ...] = ()
    lead: str = ""
    tail: str = ""
    quoted: bool = False


_WHOLE = re.compile(
    r"^(?:how\s+(?:to|you|one|i|we)|that|who|what|where|when|why|whether|(?:the\s+)?(?:recipe|"
    r"instructions?|steps?|method|procedure)\s+(?:for|to))\b",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:(?:with|by|of|under|has|have)\s+(?:the\s+)?(?:(?:full|last|first|family)\s+)?names?"
    r"(?:\s+of)?|named|called|titled|entitled|name\s+is|whose\s+name\s+is)\s*:?\s+(?=\S)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:(?:the|our|my|an?)\s+)?(?:[a-z]+\s+){1,3}(?:no\.?|number|nr\.?|id|#|ID)?:?\s*#?"
    r"[\w-]*\d[\w-]*\s*[,:–-]\s+(?=[^\W\d_a-z])"
)
_DETERMINERS = frozenset(
    "the a an my our their its his her your this that these all any everything about of one".split()
)
_PARTICLES = frozenset("de da di del della der den van von la le el al bin ibn ter ten zu".split())
_JOINTS = _PARTICLES | frozenset("of and & the y e du des dos das af av".split())
_OF_HEADS = frozenset(
    "data information details detail record records account accounts address profile file files "
    "story plot biography life name names memory content contents text lyrics ending summary work "
    "works existence identity person case number photo photos picture pictures town city "
    "village hamlet island country region state province district parish borough port river lake "
    "county municipality settlement company firm corporation band group organisation organization "
    "startup brand book novel film movie song album play poem series title likes facts everything "
    "email emails e-mail phone salary diagnosis background whereabouts knowledge".split()
)
_NAMED_EVENTS = frozenset(
    "battle siege treaty university bank duke duchess king queen earl count prince princess bishop "
    "archbishop lord house church order isle bay gulf cape mount tower abbey school college "
    "museum massacre raid council".split()
)
_SAID_DATA = re.compile(
    r"^(?P<name>[^\W\d_a-z].*?)['’]s?\s+(?P<what>(?:[a-z][\w-]*\s+){0,3}(?:data|information|details?|"
    r"records?|file|account|profile|story|life|biography|history|address|phone|number|e-?mails?|"
    r"plot|name|diagnosis|salary)\b.*)$"
)
_SUFFIX = (
    r"(?:Inc|Ltd|LLC|L\.L\.C|LLP|PLC|plc|GmbH|AG|S\.A|S\.L|Co|Corp|Jr|Sr|MD|M\.D|PhD|Ph\.D|Esq|"
    r"MBE|OBE|CBE|RN|MP|KC|QC)\b"
    r"|(?:the\s+)?(?:Duke|Duchess|Prince|Princess|Earl|Count|Countess|King|Queen|Baron|Baroness|"
    r"Marquess|Viscount|Archduke)\s+of\b"
)
_HARD = re.compile(
    rf"\s*[(\[;\n]|\s+[-–—]+\s+|\s*[—]\s*|\s*:\s+|\s*,(?!\s*(?:{_SUFFIX}|[A-Z][\w'’-]+(?:,\s+[A-Z][\w'’-]+)*\s+&\s))\s*"
)
_STRONG = frozenset(
    "who whom whose which that as because since so when while if born based located aged living "
    "working formerly is was has had are were he she they it died works lives lived worked".split()
)
_WHERE = frozenset(
    "from in at near on for to under with by until during before after "
    "à chez aus bei auf em".split()
)
_PLACING = frozenset("by in to with between against versus at during outside inside near".split())
_DATED = re.compile(
    r"(?:(?:the\s+)?\d{1,2}(?:st|nd|rd|th)?\s+)?(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\s+\d|(?:1[5-9]|20)\d\d\b"
)
_AND_MORE = re.compile(r"^(?:and|or|&)\s+[a-zà-ÿ]")
_PHONE = re.compile(r"^\+?\d[\d\s()./-]{5,}\d")
_IBAN = re.compile(r"^[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{2,4}){3,9}(?=\W*$)")
_EMAIL = re.compile(r"^[^\s@,;()<>]+@[^\s@,;()<>]+\w")
_LABEL = re.compile(
    r"(?:IBAN|ID|SSN|NHS|VAT|Tel\.?|Phone)(?:\s+(?:number|no\.?))?:?\s+(?=[+\d]|[A-Z]{2}\d)"
)
_SURNAME_FIRST = re.compile(
    r"^[A-Z][\w'’-]+(?:\s(?:(?:de|da|di|van|von|der|del|la|le)\s)+[\w'’-]+)?,\s+[A-Z][\w'’-]+(?:\s+[A-Z]\.)?\W*$"
)
_LISTING_TITLE = re.compile(r"^(?:The|A|An)\s[^,]+,\s+(?:the|a|an)\s.*\sand\s+(?:the|a|an)\s")
_GIVEN_RANK = 2_000
_ELIDED = re.compile(r"[dl]['’][A-ZÀ-Þ]")  # "d'Auvergne"
_TRIM = " \n,;:!?\"'()[]"
_NUMBERED_THING = re.compile(
    r"\b(?:record|file|invoice|order|ticket|case|contract|patient|customer|client|employee|"
    r"account|user)\b"
)


def bare_name(phrase: str) -> BareName:
    """Read the bare name in what stands behind "forget".

    >>> found = bare_name("the village of Brindlemoor in Cumbria")
    >>> found.name, found.lead, found.tail
    ('Brindlemoor', 'the village of', 'in Cumbria')
    """
    phrase = phrase.strip()
    if _WHOLE.match(phrase):
        return BareName(phrase.strip(_TRIM).rstrip("."))
    if (quoted := _quoted(phrase)) is not None:
        return quoted
    lead, rest = _lead(parted(phrase))
    if label := _LABEL.match(rest):
        lead, rest = f"{lead} {label.group()}".strip(), rest[label.end() :]
    told = ""
    if possessed := _SAID_DATA.match(rest):
        rest, told = possessed["name"], possessed["what"]
    name, tail = _cut(rest, lead)
    name = name.strip(_TRIM)
    if not re.search(r"(?:^|\s)(?:[A-Z]\.)+$|\b(?:Inc|Ltd|Co|Corp|S\.A|S\.L)\.$", name):
        name = name.rstrip(".")
    plain, written = plain_and_written(name)
    if person := _before_of(plain):
        written, tail = (*written, plain), f"{plain[len(person) :].strip()} {tail}".strip()
        plain = person
    aliases = (*written, *ways_to_name_both(plain))
    return BareName(plain, aliases, lead, " ".join(t for t in (told, tail) if t))


def _quoted(phrase: str) -> BareName | None:
    match = QUOTED.search(phrase)
    if match is None:
        return None
    inside = (match[1] or match[2]).strip(" ,.")
    before, after = phrase[: match.start()].strip(), phrase[match.end() :].strip()
    words_before, words_after = before.split(), after.split()
    if words_before and words_after and _capital(words_before[-1]) and _capital(words_after[0]):
        around = bare_name(f"{before} {after}")  # a nickname within a name
        return replace(around, aliases=(*around.aliases, *ways_to_say(around.name, inside)))
    if len(words_after) > 1 and not words_before and all(map(_capital, words_after[:2])):
        around = bare_name(after)  # a nickname ahead of one
        return replace(around, aliases=(*around.aliases, inside))
    if words_before and _capital(words_before[-1]) and not kind_named(before):
        return None  # a name first, and then something in quotation marks
    return BareName(inside, (), before.rstrip(" ,:"), after.strip(), quoted=True)


def _lead(phrase: str) -> tuple[str, str]:
    """What stands before the name, and the rest."""
    if numbered := _NUMBERED.match(phrase):
        return numbered.group().strip(" ,:–-"), phrase[numbered.end() :]
    named = _NAMED.search(phrase)
    if named and named.start() and phrase[: named.start()].lower() == phrase[: named.start()]:
        return phrase[: named.end()].strip(), phrase[named.end() :]
    words = phrase.split()
    first = next(
        (i for i, w in enumerate(words) if _opens_name(w, phrase) and not _is_year(words, i)),
        len(words),
    )
    while 0 < first < len(words) and words[first - 1] in _PARTICLES:
        first -= 1
    while phrase == phrase.lower() and 0 < first < len(words) and _is_given(words[first - 1]):
        first -= 1
    if first in (0, len(words)):
        return "", phrase
    lead, rest = words[:first], " ".join(words[first:])
    while lead and lead[-1] in ("about", "on", "for", "is", ":") and len(lead) > 1:
        lead = lead[:-1]
    if rest[0].isdigit() and _NUMBERED_THING.search(" ".join(lead)):
        return lead[0] if lead[0] in _DETERMINERS else "", _without_article(phrase)
    return _judged(lead, rest, phrase)


def _judged(lead: list[str], rest: str, phrase: str) -> tuple[str, str]:
    said = " ".join(lead)
    if lead[-1] == "of" and len(lead) > 1:
        head = lead[-2]
        if _DATED.match(rest):
            return "", _without_article(phrase)
        if head in _NAMED_EVENTS:
            return " ".join(lead[:-2]), f"{head.capitalize()} of {rest}"
        if head in ("merger", "takeover", "union", "wedding", "marriage", "divorce"):
            return "", _without_article(phrase)
        known = head in _OF_HEADS or kind_named(head) is not None or _is_full(rest)
        return (said, rest) if known else ("", _without_article(phrase))
    if all(word in _DETERMINERS for word in lead):
        one_word = len(rest.split()) == 1
        return ("", phrase) if one_word and lead == ["the"] else (said, rest)
    if _PLACING & set(lead[1:]):
        return "", _without_article(phrase)
    known = lead[0] in _DETERMINERS or kind_named(said) is not None or lead[-1] in _OF_HEADS
    return (said, rest) if known else ("", phrase)


def _without_article(phrase: str) -> str:
    first, _, rest = phrase.partition(" ")
    return rest if first.lower() in _DETERMINERS else phrase


def _opens_name(word: str, phrase: str) -> bool:
    bare = word.lstrip("#(\"'“‘«+")
    if _capital(bare) or "@" in word or bare[:1].isdigit() or _ELIDED.match(bare):
        return True
    if phrase != phrase.lower() or re.search(r"[@\d]", phrase) or "-" in bare:
        return False
    return len(bare) > 3 and rank(bare.strip(".,;:!?")) is None


def _is_full(rest: str) -> bool:
    """Whether the words behind "of" are the full name of somebody: "the history of Ana Morel"."""
    words = rest.split()[:2]
    return len(words) == 2 and all(_capital(w) for w in words) and rank(words[1].lower()) is None


def _is_given(word: str) -> bool:
    """Whether a small word before a rare one can be the first name to it."""
    common = word in _DETERMINERS or word in _STRONG or word in _WHERE or word in _OF_HEADS
    return not common and kind_named(word) is None and (rank(word) or 0) > _GIVEN_RANK


def _is_year(words: list[str], i: int) -> bool:
    """Whether a word is the year of something that the next word calls: "the 1982 film"."""
    return (
        re.fullmatch(r"(?:1[5-9]|20)\d\d", words[i]) is not None
        and 0 < i < len(words) - 1
        and words[i + 1][:1].islower()
        and words[i + 1] not in _WHERE | _JOINTS | _PLACING
    )


def _capital(word: str) -> bool:
    return word[:1].isupper()


def _cut(rest: str, lead: str) -> tuple[str, str]:
    """The name at the beginning of `rest`, and what is said behind it."""
    for whole in (_PHONE, _EMAIL, _IBAN):
        if match := whole.match(rest):
            return match.group(), rest[match.end() :].strip(" .")
    ahead = re.split(r"\s*[(\[;]", rest)[0]
    if not lead and (_SURNAME_FIRST.match(ahead) or _LISTING_TITLE.match(rest)):
        return ahead, rest[len(ahead) :].strip(" ;")
    hard = _HARD.search(rest, 1)
    end = hard.start() if hard else len(rest)
    title = is_work(lead) or rest.startswith(("The ", "A ", "An "))
    end = min(end, _soft_end(rest[:end], lead, title=title))
    return rest[:end], rest[end:].strip(" ,;:–—-.!")


def _soft_end(text: str, lead: str, *, title: bool) -> int:
    """Where words begin that belong to no name."""
    tokens = list(re.finditer(r"\S+", text))
    names = 0
    for i, token in enumerate(tokens):
        word = token.group().strip(",.").lower()
        if _opens_name(token.group(), text):
            names += 1
            continue
        if i == 0 or names == 0:
            continue
        behind = tokens[i + 1].group() if i + 1 < len(tokens) else ""
        if _AND_MORE.match(text[token.start() :]) and behind.lower() not in _PARTICLES:
            if not _AND_MORE.match(f"and {behind}") or title:
                continue
            return token.start()
        if _ends(word, behind, names, lead, title=title):
            return token.start()
    return len(text)


def _ends(word: str, behind: str, names: int, lead: str, *, title: bool) -> bool:
    if title:
        return (word == "by" and _capital(behind)) or word in ("who", "which", "because")
    if word in _STRONG:
        return True
    if word in _JOINTS:
        return False
    if word in _WHERE:
        return names > 1 or bool(lead) or not _capital(behind)
    return names > 1


def _before_of(name: str) -> str:
    """The name before "of", where that is a person's: "Ana Morel of Tavel"."""
    head, of, _ = name.partition(" of ")
    words = head.lower().split()
    is_name = of and len(words) > 1 and rank(words[-1]) is None and not kind_named(head)
    return head if is_name else ""
