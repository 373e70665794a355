"""One target from the words on it: its bare name, its kind, other names, what is told of it."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.agents.requests.appositions import apposed
from amnestic.agents.requests.bare_name import BareName, bare_name
from amnestic.agents.requests.birth_names import take_birth_names
from amnestic.agents.requests.eastern import FAR_EAST, eastern_target
from amnestic.agents.requests.extents import without_loose_end
from amnestic.agents.requests.forms import FULL_NAME, WHO_IS
from amnestic.agents.requests.makers import possessed_at, with_maker_apart
from amnestic.agents.requests.marked import MARK, Marked
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.name_aliases import (
    has_legal_form,
    plain_and_written,
    written_otherwise,
)
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.target_kind import IS, is_work, kind_named, kind_of
from amnestic.agents.requests.told_names import other_names, take_aliases
from amnestic.agents.requests.width import ask_where_vague, is_broad, refuse_broad, telling_name
from amnestic.exceptions import ForgetRequestError
from amnestic.tools.reading import rank
from amnestic.types import TargetKind

__all__ = ["target_of"]

MAX_SUBJECT_CHARS = 200
_WORD = re.compile(r"[^\W_]+")
_PRONOUNS = ("she ", "he ", "they ", "it ", "her ", "his ", "their ", "its ")
_NOTHING_MORE = re.compile(r"(?:and|or)\s+(?:all|any|every)\w*(?:\s+\w+){0,4}$", re.IGNORECASE)
_DETERMINERS = frozenset("my our his her their its this that your unser mein le la el".split())
_ROLE_SAID = re.compile(
    r"(?:the|our|my|an?)\s+(?!(?:name|existence|person|word)\b)[a-z][a-z -]{3,40}"
)
_SPACED_FORM = re.compile(r"(?<= )Sp\. ?z ?o\. ?o\.?")
_FOREIGN_LEAD = re.compile(
    r"^(?:(?:der|die|das|den|dem|des|unser\w*|mein\w*|sein\w*|ihr\w*|eine?[nrms]?)\s+"
    r"(?:[a-zäöüß]+\s+)*(?:[A-ZÄÖÜ][\w-]*[a-zäöüß]\s+(?=[A-ZÄÖÜ]))?"
    r"|(?:l['’]|d['’])\s*(?:[a-zà-ÿ]+\s+){0,2}(?=[A-ZÀ-Þ])"
    r"|(?:le|la|les|son|sa|ses|notre|nos|mon|ma|mes|votre|el|los|las|su|sus|nuestr\w+|mi|mis|il|lo|i|gli|"
    r"suo|sua|mio|mia|nostr\w+|un|une|una|uno|de|het|zijn|haar|onze|mijn|o|a|os|as|um|uma|seu|sua|nosso|nossa)\s+"
    r"(?:[a-zà-ÿ'’-]+\s+){0,3}(?=[A-ZÀ-Þ\"“«'‘])"
    r"|(?!(?:[a-z]+\s+)*(?:the|an?|my|our|his|her|their|your|this|that|of|all|by|in|to|about)\s)"
    r"[a-zà-ÿąćęłńóśźż]*[à-ÿąćęłńóśźż][a-zà-ÿąćęłńóśźż]*\s+(?=[A-Z]))"
)
_POLITE = re.compile(
    r"\b(?:per\s+(?:favore|piacere|cortesia)|por\s+favor|s['’]il\s+(?:te|vous)\s+pla[iî]t|bitte|alsjeblieft|"
    r"alstublieft|proszę)\b[\s,]*",
    re.I,
)
_NAME_OF = re.compile(
    r"^(?:den\s+namen|le\s+nom|el\s+nombre|il\s+nome|de\s+naam|o\s+nome)\s+(?:de|d['’]|di|von|van|do|da)\s*|"
    r"^(?:sie|du|vous|tu|usted)\s+(?=\S+\s)",
    re.I,
)
_STRANGE_LEAD = re.compile(r"(?:[a-zà-ÿąćęłńóśźż]+\s+){1,2}(?=[A-ZÀ-ÞŁŚŻŹĆ]\S*)")
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
_TITLED = re.compile(
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Mme|Maître|Señora?|Signora?|Sir|Dame|Lord|Lady)\b"
)
_NO_MORE = re.compile(  # behind what shall be forgotten: "any more, so forget about it"
    r"(?:,?\s+(?:any\s?more|any\s+longer|(?-i:ever)(?:\s+again)?|nicht\s+mehr))(?:\W.*)?$",
    re.IGNORECASE | re.DOTALL,
)
_QUALIFIED = re.compile(  # behind a name, and no part of it: "from 1982", "and all their songs"
    r"(?:\s+(?:from|of|von|aus|de|del|di|uit|van)\s+(?:18|19|20)\d\d"
    r"|\s+(?:and|und|et|y|e|en)\s+(?:all|alle|allen|tous|toutes|todos|todas|tutt[ie]|al)\s+"
    r"(?:(?:of\s+)?(?:his|her|its|their)|(?:ihre?|seine?|deren|dessen)\w*|s[eo]us?|sus?|suoi|sue|hun|zijn"
    r"|haar|les?|l[oa]s)\b.*)$",
    re.IGNORECASE,
)
_THEIR_ROLE = re.compile(
    r"(?:his|her|its|their|son|sa|su|suo|sua|seu|zijn|haar|sein\w*|ihr\w*)\s+\w", re.IGNORECASE
)
_THEIR_ROLE_AHEAD = re.compile(
    r"(?:his|her|its|their|son|sa|su|suo|sua|seu|zijn|haar|seine?\w?|ihre?\w?)\s+(?:[a-zà-ÿ-]+\s+){0,2}"
    r"[a-zà-ÿ-]+,\s+(?=[A-ZÀ-Þ])"
)
_OTHER_WORDS = re.compile(r"[^\x00-\x7f]|:\s")  # what is said otherwise than by "is"


def target_of(phrase: str, told: str, marked: Marked) -> Interpretation:
    """Read one target.

    Args:
        phrase: the words on it, with identifiers marked.
        told: further sentences on it, with identifiers marked.
        marked: the text with its identifiers.
    """
    bare = with_maker_apart(_NO_MORE.sub("", marked.bare(phrase)))
    said, named = _foreign_lead(_without_lead(bare))
    identifiers = tuple(dict.fromkeys((*marked.identifiers(phrase), *marked.identifiers(told))))
    if not _WORD.search(named) or _names_only_identifier(named, phrase):
        return _record(phrase, told, marked)
    if FAR_EAST.search(named):
        return eastern_target(named, told, marked, identifiers)
    named, born = take_birth_names(named)
    body, aliases = take_aliases(
        _SPACED_FORM.sub(lambda m: m.group().replace(" ", "\u2060"), named)
    )
    plain = marked.bare(told)
    found = _named(body, said, told)
    names = dict.fromkeys((*born, *aliases, *found.aliases, *other_names(plain)))
    found = replace(found, name=telling_name(found.name, names))
    refuse_broad(found.name)
    kind, guessed = _kind(found, plain)
    ask_where_vague(found.name, kind, phrase, marked.text)
    numbers = " ".join(f"{found.name}, {i.told}." for i in identifiers)
    return Interpretation(
        found.name,
        kind,
        f"{_description(found, plain)} {numbers}".strip(),
        tuple(n for n in names if n.lower() != found.name.lower() and not is_broad(n)),
        identifiers=identifiers,
        kind_guessed=guessed,
    )


def _named(body: str, said: str, told: str) -> BareName:
    """The name in a phrase; `said` stood before it, and `told` are further sentences."""
    if kin := _KIN_OF.match(body):
        said = f"{said} {kin['kin']}".strip()
        body = f"{body[kin.end() :]}, {kin.group().rstrip(' ,')}"
    elif at := possessed_at(body):
        whose = body[:at].strip()
        body = f"{body[at:].rstrip(' .')}, {whose}"
    if role := _THEIR_ROLE_AHEAD.match(body):
        said, body = f"{said} {role.group().rstrip(' ,')}".strip(), body[role.end() :]
    if role := _ROLE_AHEAD.match(body):
        said, body = f"{said} {role.group().lower()}".strip(), body[role.end() :]
    found = _name(body)
    if re.match(rf"{re.escape(body.rstrip('. '))}\s+{IS}\b", told):  # told of by all of it
        found = BareName(*plain_and_written(body.rstrip(". ")))
    found = replace(found, lead=f"{said} {found.lead}".strip()) if said else found
    return _name_within(found, body)


def _foreign_lead(phrase: str) -> tuple[str, str]:
    """What stands before a name in another language than English, and the rest."""
    phrase = _NAME_OF.sub("", _POLITE.sub("", phrase).strip(" ,"))
    match = _FOREIGN_LEAD.match(phrase)
    if match is None and (strange := _STRANGE_LEAD.match(phrase)):
        unknown = all(rank(word) is None for word in strange.group().split())
        match = strange if unknown else None
    if match is None or not match.group().strip():
        return "", phrase
    return match.group().strip(), phrase[match.end() :]


def _names_only_identifier(named: str, phrase: str) -> bool:
    """Whether what stands around an identifier only says what sort of thing it is."""
    if MARK.search(phrase) is None or FAR_EAST.search(named):
        return False
    telling = [m for m in mentions_in(named) if m.score >= 2]
    first = named.split()[0].strip(".,")
    lone = re.fullmatch(r"[A-Z][a-zà-ÿ]+", first) and rank(first.lower()) is None
    if named != named.lower():
        return not telling and not lone
    return all(rank(word) is not None for word in _WORD.findall(named))


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
        TargetKind.TOPIC
        if kind_named(marked.bare(phrase)) is TargetKind.TOPIC
        else TargetKind.RECORD,
        description.strip(),
        written_otherwise(first.value),
        identifiers=identifiers,
    )


def _without_lead(phrase: str) -> str:
    """A phrase without the words that say what of a thing is meant: "everything relating to X"."""
    first, gap, rest = phrase.strip().partition(" ")
    if (
        gap
        and first.lower() in (*_DETERMINERS, "the", "a", "an")
        and (rest[:1].islower() or rest[:1].isdigit())
    ):
        phrase = f"{first.lower()} {rest}"  # it only opened a sentence
    return re.sub(
        r"^(?:(?:everything|anything|just|only|concerning|regarding|about|on|as\s+for|"
        r"(?:to\s+do|connected|associated|in\s+connection)\s+(?:with|to)|relating\s+to|related\s+to|re:?)\s+)+(?=\S)",
        "",
        phrase.strip(" .,;:"),
        flags=re.IGNORECASE,
    )


def _name(body: str) -> BareName:
    phrase = body.strip(" \n,;:!?").rstrip(".") if not re.search(r"\b[A-Z]\.$", body) else body
    found = bare_name(WHO_IS.sub(r"\g<name>", _QUALIFIED.sub("", phrase)))
    if found.name.startswith("that "):
        found = replace(found, name=found.name.removeprefix("that "), lead="that")
    name = found.name.replace("\u2060", " ")
    found = replace(
        found,
        name=name if found.quoted else without_loose_end(name),
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
    if is_work(found.lead) and found.name[:1].isdigit():  # "the novel 1984 by George Orwell"
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
    if any(_TITLED.match(alias) for alias in found.aliases):
        return TargetKind.PERSON, False
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
    if kind is TargetKind.PERSON and _THEIR_ROLE.match(found.lead):
        return kind, False  # "its owner, Ana Morel"
    return kind, kind is kind_of(found.name, "", quoted=found.quoted) and not (told or said)


def _description(found: BareName, told: str) -> str:
    """What the request says of its subject: its further sentences, then what stood in passing."""
    if found.lead == "that":
        return told or f"{found.name}."  # a single fact: what it says is all there is to go by
    tail = found.tail.strip(" ,;:.!")
    lead = re.sub(r"[\s:]+(?:of|named|called|with the .*name|by the name of)$", "", found.lead)
    said = apposed(found.name, lead) if kind_named(lead) or _ROLE_SAID.fullmatch(lead) else ""
    if not tail or _NOTHING_MORE.match(tail):
        return told or said
    if tail.lower().startswith(_PRONOUNS):
        return f"{told} {tail[0].upper()}{tail[1:]}.".strip()
    opening = said if lead not in tail else ""
    passing = apposed(found.name, found.tail.rstrip(" ,;:.!"))
    return " ".join(part for part in (told, opening, passing) if part)
