"""One target from the words on it: its bare name, its kind, other names, what is told of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from amnestic.agents.requests.bare_name import BareName, bare_name
from amnestic.agents.requests.forms import AKA, BROAD, FULL_NAME, NAME_JOINT, QUOTED, WHO_IS
from amnestic.agents.requests.identifiers import Found
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.name_aliases import has_legal_form, written_otherwise
from amnestic.agents.requests.readings import Identifier, Interpretation
from amnestic.agents.requests.target_kind import IS, kind_named, kind_of
from amnestic.exceptions import ForgetRequestError, NeedsClarificationError, TargetTooBroadError
from amnestic.tools.reading import rank
from amnestic.types import TargetKind

__all__ = ["MAX_SUBJECT_CHARS", "Marked", "other_names", "target_of"]

MAX_SUBJECT_CHARS = 200
_WORD = re.compile(r"[^\W_]+")
_MARK = re.compile(r"⟦(\d+)⟧")
_EPITHET = re.compile(  # "the Lark of Venn"; "the Heron" alone would be every heron
    r"(?:the|la|le|el|il|der|die|das|de)\s+[A-Z][\w'’-]+\s+(?:\w+\s+){0,2}[A-Z][\w'’-]+$"
)
_PRONOUNS = ("she ", "he ", "they ", "it ", "her ", "his ", "their ", "its ")
_NOTHING_MORE = re.compile(r"(?:and|or)\s+(?:all|any|every)\w*(?:\s+\w+){0,4}$", re.IGNORECASE)
_DETERMINERS = frozenset("my our his her their its this that your unser mein le la el".split())
_ARTICLES = frozenset({"a", "an", "the", "our", "my", "their"})
_FAR_EAST = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_EASTERN_ROLE = re.compile(
    r"(?:.*的)?(?:前)?(?:作家|歌手|演员|教授|律师|记者|画家|导演|主席|总裁|校长|市长|同事|客户|顾客|员工|职员|病人|患者|朋友|邻居|老师|医生|学生|经理|老板|租客|住户|会员|用户|"
    r"公司|小说|电影|歌曲|城市|村庄)?"
)
_EASTERN_KINDS = (
    (r"公司|集团|银行|大学|協会|协会", TargetKind.ORGANISATION),
    (r"《|「|小说|电影|歌曲", TargetKind.WORK),
    (r"(?:市|村|镇|县|省|山|湖|岛|城)$|城市|村庄", TargetKind.PLACE),
)
_SPACED_FORM = re.compile(r"(?<= )Sp\. ?z ?o\. ?o\.?")
_FOREIGN_LEAD = re.compile(
    r"^(?:(?:der|die|das|den|dem|des|unser\w*|mein\w*|sein\w*|ihr\w*|eine?[nrms]?)\s+"
    r"(?:[a-zäöüß]+\s+)*(?:[A-ZÄÖÜ][\w-]*[a-zäöüß]\s+(?=[A-ZÄÖÜ]))?"
    r"|(?:l['’]|d['’])(?=[A-Z])"
    r"|(?:le|la|les|l['’]|son|sa|ses|notre|nos|mon|ma|mes|votre|el|los|las|su|sus|nuestr\w+|mi|mis|il|lo|i|gli|"
    r"suo|sua|mio|mia|nostr\w+|un|une|una|uno|de|het|zijn|haar|onze|mijn|o|a|os|as|um|uma|seu|sua|nosso|nossa)\s+"
    r"(?:[a-zà-ÿ'’-]+\s+){0,3}(?=[A-ZÀ-Þ\"“«'‘])"
    r"|(?!(?:[a-z]+\s+)*(?:the|an?|my|our|his|her|their|your|this|that|of|all|by|in|to|about)\s)"
    r"[a-zà-ÿąćęłńóśźż]*[à-ÿąćęłńóśźż][a-zà-ÿąćęłńóśźż]*\s+(?=[A-Z]))"
)
_KIN_OF = re.compile(
    r"(?P<whose>[A-Z][\w'’-]*?(?:\s+[A-Z][\w'’-]*?){0,3})['’]s?\s+(?:late\s+|ex-|former\s+|older\s+|younger\s+|"
    r"eldest\s+|only\s+|twin\s+)*(?P<kin>father|mother|brother|sister|son|daughter|wife|husband|partner|uncle|aunt|"
    r"cousin|nephew|niece|grandfather|grandmother|boss|assistant|lawyer|doctor|neighbou?r|friend|colleague),?\s+"
    r"(?=[A-Z])"
)
_ROLE_AHEAD = re.compile(
    r"(?:Patient|Customer|Client|Employee|Member|User|Tenant|Student|Applicant|Caller|Guest|Citizen|Witness|"
    r"Suspect|Colleague|Nurse|Teacher|Engineer|Kunde|Kundin|Patientin|Mitarbeiter(?:in)?|Mieter(?:in)?|Herr|Frau)\s+"
    r"(?=[A-Z]\S*\s+[A-Z])"
)
_OTHER_WORDS = re.compile(r"[^\x00-\x7f]|:\s")  # what is said otherwise than by "is"
_SHORT_FORM = re.compile(
    r"\(\s*(?:(?:in\s+short|short|abbreviated|abbr\.?|kurz|hereinafter|formerly|also)[:,]?\s+)?"
    r"[\"“']?(?P<short>[A-Z][A-Z&.-]{1,9})[\"”']?(?:\s+(?:for\s+short|in\s+short))?\s*\)"
)
_NAME_WAS = re.compile(
    r"\b(?:was|were|is|are)\s+(?:formerly\s+|previously\s+|once\s+|also\s+|better\s+)?(?:known|called)\s+as\s+"
    r"(?P<name>(?:[A-Z][\w'’.-]+\s?){2,5})"
)
_SOMEONES = re.compile(
    r"\b(?:my|our|his|her|their|that|the)\s+(?:ex|boss|friend|neighbou?r|colleague|client|customer|partner|"
    r"wife|husband|mother|father|brother|sister|son|daughter|boyfriend|girlfriend|thing|stuff|matter|"
    r"conversation|chat|guy|person)\b|\bwhat\s+(?:i|we)\s+(?:said|told|wrote|discussed)\b",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"^(?:that|this|the|some|a|an)\s+(?:\w+\s+)?(?:guy|man|woman|girl|boy|person|people|lady|bloke|dude|"
    r"one|thing|stuff|someone|colleague|friend|ex|boss|neighbou?r|client|customer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A text in which each identifier stands as a mark, and the identifiers."""

    text: str
    found: tuple[Found, ...]

    def identifiers(self, piece: str) -> tuple[Identifier, ...]:
        """The identifiers whose marks stand in a piece of the text."""
        return tuple(self.found[int(n)].identifier for n in _MARK.findall(piece))

    def plain(self, piece: str) -> str:
        """A piece with its identifiers written out again, each with its label."""
        return _MARK.sub(lambda m: self.found[int(m[1])].identifier.told, piece).replace(
            "\u2024", "."
        )

    def bare(self, piece: str) -> str:
        """A piece without its identifiers and without the commas and brackets around them."""
        text = re.sub(r"\s*⟦\d+⟧", "", piece).replace("\u2024", ".")
        text = re.sub(r"\(\s*(?:(?:,|;|–|and|und|et|y|e)\s*)*\)", "", text)
        text = re.sub(r"\(\s*[,;]\s*", "(", re.sub(r"\s*[,;]\s*\)", ")", text))
        text = re.sub(r"(?:\s*[,;–—]){2,}\s*", ", ", text)
        text = re.sub(r"\s+([,;.!?)])", r"\1", text)
        return re.sub(r"[\s,;:–—]+(?=[.!?]?\s*$)", "", text).strip()


def target_of(phrase: str, told: str, marked: Marked) -> Interpretation:
    """Read one target.

    Args:
        phrase: the words on it, with identifiers marked.
        told: further sentences on it, with identifiers marked.
        marked: the text with its identifiers.
    """
    said, named = _foreign_lead(_without_lead(marked.bare(phrase)))
    identifiers = tuple(dict.fromkeys((*marked.identifiers(phrase), *marked.identifiers(told))))
    if not _WORD.search(named) or _names_only_identifier(named, phrase):
        return _record(phrase, told, marked)
    if _FAR_EAST.search(named):
        return _far_east(named, told, marked, identifiers)
    body, aliases = _take_aliases(
        _SPACED_FORM.sub(lambda m: m.group().replace(" ", "\u2060"), named)
    )
    if kin := _KIN_OF.match(body):
        said, body = (
            f"{said} {kin['kin']}".strip(),
            f"{body[kin.end() :]}, {kin.group().rstrip(' ,')}",
        )
    if role := _ROLE_AHEAD.match(body):
        said, body = f"{said} {role.group().lower()}".strip(), body[role.end() :]
    found = _name(body)
    found = replace(found, lead=f"{said} {found.lead}".strip()) if said else found
    found = _name_within(found, body)
    plain = marked.bare(told)
    more = other_names(plain)
    names = dict.fromkeys((*aliases, *found.aliases, *more))
    named_too = tuple(n for n in names if n.lower() != found.name.lower() and not is_broad(n))
    refuse_broad(found.name)
    kind, guessed = _kind(found, plain)
    _ask_where_vague(found.name, kind, phrase)
    description = _description(found, plain)
    numbers = " ".join(f"{found.name}, {i.told}." for i in identifiers)
    return Interpretation(
        found.name,
        kind,
        f"{description} {numbers}".strip(),
        named_too,
        identifiers=identifiers,
        kind_guessed=guessed,
    )


def _foreign_lead(phrase: str) -> tuple[str, str]:
    """What stands before a name in another language than English, and the rest."""
    match = _FOREIGN_LEAD.match(phrase)
    if match is None or not match.group().strip():
        return "", phrase
    return match.group().strip(), phrase[match.end() :]


def _far_east(
    phrase: str, told: str, marked: Marked, identifiers: tuple[Identifier, ...]
) -> Interpretation:
    """A target named in Chinese or Japanese: what stands behind the last word of its role."""
    first = re.split(r"[，。；、,;]", phrase)[0]
    role = _EASTERN_ROLE.match(first)
    name = first[role.end() :] if role and role.end() < len(first) else first
    name = re.sub(r"(?:先生|女士|小姐|さん|氏|的(?:一切|所有|信息|资料|事))+$", "", name).strip(
        " 《》「」“”"
    )
    refuse_broad(name)
    kind = next((k for ending, k in _EASTERN_KINDS if re.search(ending, first)), TargetKind.PERSON)
    said = f"{first}。" if first != name else ""
    numbers = " ".join(f"{i.told}。" for i in identifiers)
    description = f"{said}{marked.bare(told)} {numbers}".strip()
    return Interpretation(name, kind, description, identifiers=identifiers)


def _names_only_identifier(named: str, phrase: str) -> bool:
    """Whether what stands around an identifier only says what sort of thing it is."""
    if _MARK.search(phrase) is None or _FAR_EAST.search(named):
        return False
    telling = [m for m in mentions_in(named) if m.score >= 2]
    first = named.split()[0].strip(".,")
    lone = re.fullmatch(r"[A-Z][a-zà-ÿ]+", first) and rank(first.lower()) is None
    return not telling and not lone and named != named.lower() or not re.search(
        r"[A-Z]", named) and not any(rank(w.lower()) is None for w in _WORD.findall(named))  # fmt: skip


def _record(phrase: str, told: str, marked: Marked) -> Interpretation:
    identifiers = marked.identifiers(phrase) or marked.identifiers(told)
    if not identifiers:
        raise ForgetRequestError(
            "the request does not say what to forget; name it, as in 'Please forget …'"
        )
    first = identifiers[0]
    letters = [c for c in first.value if c.isalnum()]
    weak = len(letters) < 5 or re.fullmatch(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}", first.value)
    subject = f"{first.label} {first.value}" if weak and first.label else first.value
    said = marked.plain(phrase).strip(" .")
    description = " ".join(
        p for p in (f"{said}." if said != subject else "", marked.plain(told)) if p
    )
    return Interpretation(
        subject,
        TargetKind.RECORD,
        description.strip(),
        written_otherwise(first.value),
        identifiers=identifiers,
    )


def _without_lead(phrase: str) -> str:
    """A phrase without the words that say what of a thing is meant: "everything relating to X"."""
    first, gap, rest = phrase.strip().partition(" ")
    if gap and first.lower() in (*_DETERMINERS, "the", "a", "an") and rest[:1].islower():
        phrase = f"{first.lower()} {rest}"  # it only opened a sentence
    return re.sub(
        r"^(?:(?:everything|anything|just|only|concerning|regarding|about|as\s+for|"
        r"relating\s+to|related\s+to|re:?)\s+)+(?=\S)",
        "",
        phrase.strip(" .,;:"),
        flags=re.IGNORECASE,
    )


def _take_aliases(body: str) -> tuple[str, tuple[str, ...]]:
    names: list[str] = []
    for match in AKA.finditer(body):
        names.extend(_names_in(match["names"]))
    for match in _SHORT_FORM.finditer(body):
        names.append(match["short"])
    rest = AKA.sub("", _SHORT_FORM.sub("", body))
    return rest, tuple(names)


def other_names(told: str) -> tuple[str, ...]:
    """The other names that sentences tell of a target.

    >>> other_names("She was known as Sea Dowd before 1998.")
    ('Sea Dowd',)
    """
    names = [n for m in AKA.finditer(told) for n in _names_in(m["names"])]
    names += [m["name"].strip(" .") for m in _NAME_WAS.finditer(told)]
    return tuple(dict.fromkeys(names))


def _names_in(text: str) -> list[str]:
    quoted = [a or b for a, b in QUOTED.findall(text)]
    if quoted:
        return [q.strip(" ,.") for q in quoted if q.strip(" ,.")]
    head = re.split(rf"\b{IS}\b", text, maxsplit=1)[0]
    names = [n.strip(" ,.\"'") for n in NAME_JOINT.split(head)]
    return [n for n in names if n and (not n[0].islower() or _EPITHET.match(n))]


def _name(body: str) -> BareName:
    phrase = body.strip(" \n,;:!?").rstrip(".") if not re.search(r"\b[A-Z]\.$", body) else body
    found = bare_name(WHO_IS.sub(r"\g<name>", phrase))
    if found.name.startswith("that "):
        found = replace(found, name=found.name.removeprefix("that "), lead="that")
    found = replace(
        found,
        name=found.name.replace("\u2060", " "),
        aliases=tuple(a.replace("\u2060", " ") for a in found.aliases),
    )
    if not found.name:
        raise ForgetRequestError(
            "the request does not say what to forget; name it, as in 'Please forget …'"
        )
    if len(found.name) > MAX_SUBJECT_CHARS:
        raise ForgetRequestError(
            f"what to forget has {len(found.name)} characters; name it in at most "
            f"{MAX_SUBJECT_CHARS} and put the rest in a sentence of its own"
        )
    return found


def _name_within(found: BareName, body: str) -> BareName:
    """The name in a phrase whose head is none: "holder: Benno Osk" or "another word about Osk"."""
    inside = [m for m in mentions_in(body) if m.score >= 3]
    if not inside or found.quoted or any(m.name in found.name for m in inside):
        return found
    if any(word[:1].isupper() for word in found.name.split()) and found.name[:1].isupper():
        return found
    return bare_name(inside[0].phrase)


def _kind(found: BareName, told: str) -> tuple[TargetKind, bool]:
    """The kind, and whether it rests on nothing but the name."""
    if named := kind_named(found.lead):
        return named, False
    if any(has_legal_form(alias) for alias in found.aliases):
        return TargetKind.ORGANISATION, False
    if not told and re.search(r"\b(?:he|she|his|her)\b", found.tail):
        return TargetKind.PERSON, False
    if not told and re.match(r"(?:in|near|at|by|outside)\s+(?:the\s+)?[A-Z]", found.tail):
        kind = kind_of(found.name, found.lead, quoted=found.quoted)
        return (TargetKind.PLACE if kind is TargetKind.PERSON else kind), True
    said = f"{found.lead} {found.tail}".strip()
    says_what = re.search(
        rf"(?:{re.escape(found.name)}|\b(?:s?he|it|they))\b[^.]{{0,60}}?\b{IS}\b", told, re.I
    )
    told = (
        told
        if says_what or _OTHER_WORDS.search(told) or FULL_NAME.match(found.name) is None
        else ""
    )
    kind = kind_of(found.name, told or said, quoted=found.quoted)
    return kind, kind is kind_of(found.name, "", quoted=found.quoted) and not (told or said)


def _description(found: BareName, told: str) -> str:
    """What the request says of its subject: its further sentences, then what stood in passing."""
    if found.lead == "that":
        return told or f"{found.name}."  # a single fact: what it says is all there is to go by
    tail = found.tail.strip(" ,;:.!")
    lead = re.sub(r"[\s:]+(?:of|named|called|with the .*name|by the name of)$", "", found.lead)
    if not tail or _NOTHING_MORE.match(tail):
        return told or (f"{found.name}, {lead}." if kind_named(lead) else "")
    if tail.lower().startswith(_PRONOUNS):
        return f"{told} {tail[0].upper()}{tail[1:]}.".strip()
    loose = tail[:1] in "([" or (tail.split()[0].islower() and tail.split()[0] not in _ARTICLES)
    joint = " " if loose else ", "
    opening = f", {lead}" if kind_named(lead) and lead not in tail else ""
    joint = joint if not opening or tail[:1] in "([" else ", "
    passing = f"{found.name}{opening}{joint}{tail}."
    return f"{told} {passing}".strip()


def _ask_where_vague(name: str, kind: TargetKind, phrase: str) -> None:
    """Ask back where the words tell of many, or of one whom nobody else would know."""
    words = _WORD.findall(name)
    if any(w[:1].isupper() for w in words[1:]) or re.search(r"\d", name):
        return
    if _WHO.match(name) or _WHO.match(phrase.strip()):
        raise NeedsClarificationError(f"who or what is meant by {name!r}? Give the name")
    if kind is TargetKind.SKILL:
        return
    words = [w for w in words if w.lower() not in ("the", "a", "an", "any", "all", "some")] or words
    if _SOMEONES.search(name) and name == name.lower():
        raise NeedsClarificationError(f"who or what is meant by {name!r}? Give the name")
    ranks = [rank(w.lower()) for w in words]
    plural = len(words) <= 2 and words[-1].lower().endswith("s") and all(ranks)
    if (len(words) == 1 and ranks[0] is not None and ranks[0] < 6_000 and not name[:1].isupper()) or (
        plural and not any(w[:1].isupper() for w in words)
    ) or (len(words) == 1 and name.lower() in ("religion", "politics")):  # fmt: skip
        raise NeedsClarificationError(
            f"{name!r} is wide: a guard on names and facts catches little of it; which names, works "
            "or questions are meant?"
        )


def is_broad(name: str) -> bool:
    """Whether a name would match nearly everything.

    >>> is_broad("all people"), is_broad("Ana Morel")
    (True, False)
    """
    words = [w.lower() for w in _WORD.findall(name)]
    if words[:1] and words[0] in ("every", "all", "any") and len(words) > 1 and words[1] in BROAD:
        return name == name.lower()
    letters = sum(len(w) for w in words)
    return letters < 2 or all(w in BROAD or (len(w) == 1 and w.isascii()) for w in words)


def refuse_broad(name: str) -> None:
    """Raise `TargetTooBroadError` for a name that would match nearly everything."""
    if is_broad(name):
        raise TargetTooBroadError(
            f"{name!r} would match nearly everything; name one person, organisation, work, "
            "place, topic, record or skill"
        )
