"""Identifiers in a request: what stands for one thing alone, whatever is said around it.

Addresses, numbers and keys are taken out before anything else is read, so that none of them is
ever swallowed into a name or a topic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.once import once
from amnestic.exceptions import ForgetRequestError
from amnestic.tools.names import identifier_of
from amnestic.types import MAX_IDENTIFIER_CHARS, Identifier

__all__ = ["Found", "identifier_told", "identifiers_in"]


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier, and where it stands with its label."""

    identifier: Identifier
    start: int
    end: int


_I = re.IGNORECASE
_CODE = r"(?=[\w./-]*\d)[^\W_](?:[\w./-]*[^\W_])?"
_THING = (
    r"(?:customer|client|patient|employee|personnel|staff|member(?:ship)?|user|account|case|file|"
    r"case\s+file|record|invoice|order|ticket|contract|policy|passport|licen[cs]e|registration|"
    r"company|charity|tax|insurance|NHS|SSN|VAT|social\s+security|student|booking|reservation|"
    r"reference|serial|tracking|badge|payroll|kunden|personal|mitarbeiter|rechnungs|vertrags|"
    r"mietvertrags?|akten|steuer|cliente|client(?:e)?|pedido|factura|dossier|contrat|fattura|"
    r"contratto|klant|klanten|pesel|nip|dni|nif|kd|licen[cs]e\s+plate|number\s+plate)"
)
_NO = (
    r"(?:-?\s*(?:no|nr|nrs|num|nº|n\.?\s?[º°o]|n°|number|nummer|numéro|número|numero|id|code|key|"
    r"ref|#)\b\.?|-?\s*[#º°]|\s+n\.[º°])"
)
_LABELLED = re.compile(
    rf"\b(?P<label>{_THING}{_NO}?|(?:ID|IBAN|SSN|PIN|ref(?:erence)?|no|nr|number|registered\s+"
    rf"(?:under|as|with)|reg(?:istration)?)(?:{_NO})?)[.:]?\s*(?:is\s+|ist\s+|:\s*)?"
    rf"(?P<value>#?{_CODE})",
    _I,
)
_TELEPHONE = re.compile(
    r"(?P<label>\b(?:tel(?:ephone|efon|éfono|éphone)?|phone(?:\s+number)?|mobile(?:\s+number)?|"
    r"cell(?:\s+phone)?|handy|fax|móvil|portable|cellulare|ext(?:ension)?|durchwahl)\b)"
    r"(?:\s+(?:no|nr)\b\.?)?[.:]?\s*(?:is\s+)?(?P<value>\+?[\d(][\d\s()/.-]{1,20}\d)",
    _I,
)
_BORN = re.compile(
    r"\b(?P<label>geb(?:oren)?\.?(?:\s+am)?|born(?:\s+on)?|b\.|DOB:?|date\s+of\s+birth:?|"
    r"née?\s+le|nat[oa]\s+il|nacid[oa]\s+el)\s*"
    r"(?P<value>\d{1,2}[./-]\d{1,2}[./-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}\.?\s+[^\W\d_]+\s+\d{4}|"
    r"[A-Z][a-z]+\s+\d{1,2},?\s+\d{4})",
    _I,
)
_LOOSE = re.compile(r"no|nr|number|file|case|record|order|account", _I)
_LEAST_LOOSE = 4  # "at number 12" is a door
_EAST = re.compile(
    r"(?P<label>工号|手机号|电话|邮箱|编号|客户号|身份证号?|合同号)(?:是|为|:|：)?\s*"
    r"(?P<value>[A-Za-z0-9][A-Za-z0-9@._+ -]*[A-Za-z0-9])"
)
_BARE = (
    ("URL", re.compile(r"\bhttps?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")),
    ("e-mail", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("IBAN", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,4})?\b")),
    ("card", re.compile(r"(?<![\w-])\d{4}(?:[ -]\d{4}){3}(?![\w-])")),
    ("phone", re.compile(r"(?<![\w.-])\+?(?:\((?=[\d +]{1,8}\)))?\d[\d()/. -]{6,18}\d(?![\w-])")),
    ("IP address", re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")),
    (
        "key",
        re.compile(r"(?<![\w-])(?=[\w.-]*\d)(?=[\w.-]*[A-Za-z])[A-Za-z0-9][\w-]{14,}(?![\w-])"),
    ),
    ("number", re.compile(r"(?<![\w-])[A-Za-z]+_(?:[A-Za-z]+_)*\d\w*(?![\w-])")),
    ("number", re.compile(r"(?<![\w-])[A-Z]{1,5}-\d[\w-]{2,}(?![\w-])")),
)
_DATE = re.compile(r"^\d{1,2}[./-]\d{1,2}[./-]\d{4}$|^\d{4}-\d{2}-\d{2}$|^\d{4}\s?[-–]\s?\d{4}$")
_LABEL_AHEAD = re.compile(
    r"(?:\b(?:e-?\s?mail(?:\s+address)?|mail(?:\s+address)?|correo(?:\s+electrónico)?|courriel|"
    r"address|adresse|url|link|website|iban|card(?:\s+number)?|phone(?:\s+number)?|number|token|"
    r"key|(?:api|secret|access)\s+(?:key|token)|password|passwort|pin)\b(?:\s+is|\s+ist)?)"
    r"[\s:]*$",
    _I,
)
_NEAR = 120  # characters in which a label ends where its value begins
_SECRET = re.compile(
    r"(?P<label>\b(?:(?:door|gate|alarm|access|safe|entry|master|wi-?fi|admin|root)\s+)*"
    r"(?:password|passwort|passphrase|pass\s?code|pin|code\s?word|(?:door|gate|alarm|access|safe|"
    r"entry)\s+code|combination|contraseña|mot\s+de\s+passe|kennwort)\b)"
    r"(?:\s+(?:is|ist|to|for|of)\b[^:\"“'\d]{0,40}?)?[\s:]*"
    r"(?P<value>[\"“'][^\"”']{2,80}[\"”']|(?=\S*[\d!$%&*#])\S*[^\s.,;:)])",
    _I,
)


@once
def identifiers_in(text: str) -> tuple[Found, ...]:
    """The identifiers of a text in their order, each with its label; none overlaps another. Raises
    `ForgetRequestError` for one that is longer than any.

    >>> [f.identifier.told for f in identifiers_in("Osk, customer no. QX-20417, osk@tavel.org")]
    ['customer no.: QX-20417', 'e-mail: osk@tavel.org']
    """
    found: list[Found] = []
    for pattern in (_EAST, _BORN, _TELEPHONE, _LABELLED, _SECRET):
        found.extend(_labelled(pattern, text, found))
    for label, pattern in _BARE:
        for match in pattern.finditer(text):
            if not _DATE.match(match.group()) and _is_free(match.start(), match.end(), found):
                found.append(_bare(text, label, match))
    return tuple(sorted(found, key=lambda f: f.start))


def _labelled(pattern: re.Pattern[str], text: str, found: list[Found]) -> list[Found]:
    new = []
    for match in pattern.finditer(text):
        value = match["value"].strip("\"“”'")
        if not _is_free(match.start(), match.end(), found):
            continue
        if _LOOSE.fullmatch(match["label"].rstrip(".")) and len(value) < _LEAST_LOOSE:
            continue
        if pattern is _LABELLED and (bare := _longer(text, match.start("value"))):
            value, end = bare.group(), bare.end()
        else:
            end = match.end()
        label = " ".join(match["label"].split()).rstrip(":")
        new.append(Found(identifier_told(value, label), match.start(), end))
    return new


def identifier_told(value: str, label: str = "") -> Identifier:
    """`identifier_of` for a value of a request. Raises `ForgetRequestError` for one that is longer
    than any: its words are not told, since it may be a secret.

    >>> identifier_told("osk@tavel.org").type.value
    'email'
    """
    if len(value) > MAX_IDENTIFIER_CHARS:
        raise ForgetRequestError(
            f"the request holds an identifier of {len(value):,} characters, and one has "
            f"{MAX_IDENTIFIER_CHARS:,} at most; give what it begins with, or a space where it ends"
        )
    return identifier_of(value, label)


def _longer(text: str, start: int) -> re.Match[str] | None:
    """A bare identifier that begins where a labelled value does: an IBAN is told in groups."""
    matches = (p.match(text, start) for _, p in _BARE)
    return max((m for m in matches if m), key=lambda m: m.end(), default=None)


def _bare(text: str, label: str, match: re.Match[str]) -> Found:
    ahead = _LABEL_AHEAD.search(text, max(0, match.start() - _NEAR), match.start())
    start = ahead.start() if ahead else match.start()
    return Found(identifier_told(match.group(), label), start, match.end())


def _is_free(start: int, end: int, found: list[Found]) -> bool:
    return all(end <= f.start or start >= f.end for f in found)
