"""A phrase in pieces: what stands between its commas and "and", and what each piece opens with: a
name, or words that tell of the name before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.forms import AKA, QUOTED

__all__ = ["Piece", "head_of", "is_named", "joins", "lead_of", "own_of", "pieces_of", "tells"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a phrase: what joins it to the one before, its words, and where they begin."""

    joint: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where its words end."""
        return self.start + len(self.text)


_I = re.IGNORECASE
_AND = (
    r"(?:and|or|nor|und|oder|sowie|wie\s+auch|et|ou|ainsi\s+que|ni|y|así\s+como|e|così\s+come|en|"
    r"oraz|plus|\+|as\s+well\s+as|&\s+also|noch|né)"
)
_TOO = (
    r"(?:also|all|too|likewise|equally|similarly|moreover|furthermore|additionally|finally|lastly|"
    r"auch|ebenso|zusätzlich|schließlich|aussi|également|enfin|también|además|igualmente|anche|"
    r"inoltre|infine|ook|eveneens|também|również|także)"
)
_ABOUT = (
    r"(?:(?:also\s+)?(?:about|on|of|sur|à|über|von|zu|sobre|de|di|su|o|a(?=\s+su\s))\s+|"
    r"(?:everything|anything|all|whatever|what)\s+(?:that\s+)?(?:you\s+\w+|there\s+is|is\s+known)?\s*(?:about|on|of)\s+|"
    r"alles,?\s+(?:was\s+\w+\s+)?(?:über|zu|von)\s+|tout\s+ce\s+que\s+\w+\s+\w+\s+(?:de|sur)\s+|"
    r"todo\s+lo\s+que\s+\w+\s+(?:de|sobre)\s+|tutto\s+(?:ciò|quello)\s+che\s+\w+\s+(?:di|su)\s+|"
    r"alles\s+wat\s+je\s+weet\s+(?:van|over)\s+)?"
)
_SPLIT = re.compile(
    rf"(?P<and>\s*,?\s+(?:{_AND})\s+(?:{_TOO}\s+)?{_ABOUT}(?=\S))|(?P<comma>\s*,\s*)|(?P<semi>\s*;\s*(?:and\s+|or\s+)?)",
    _I,
)
_DETERMINER = (
    r"(?:the|a|an|my|our|his|her|its|their|this|that|der|die|das|den|dem|unser\w*|mein\w*|sein\w*|"
    r"ihr\w*|le|la|les|l['’]|son|sa|ses|notre|mon|ma|el|los|su|sus|nuestr\w+|il|lo|i|suo|sua|mio|mia|"
    r"de|het|zijn|haar|onze)"
)
_OWN_ROLE = (  # "its owner, Ana Morel"
    r"(?:his|her|its|their|son|sa|su|suo|sua|zijn|haar|seu)\s+(?-i:(?:[a-zà-ÿ][\w-]*\s+){0,2}[a-zà-ÿ][\w-]*)"
)
_LEAD = re.compile(
    rf"^(?:{_OWN_ROLE},\s+(?=[A-ZÀ-Þ\"“«„])|(?:{_DETERMINER}\s+)?(?:[a-zà-ÿ][\w-]*\s+){{0,4}})"
)
_ROLE_BEFORE = re.compile(rf"(?:^|\s){_OWN_ROLE}$")
_ROLE_FOLLOWS = re.compile(r"[A-ZÀ-Þ\"“«„]")
_WITHIN = re.compile(
    r"\b(?:from|in|at|near|to|by|with|who|which|that|sung|written|à|dans|chez|aus|bei|en|con|nel)\s",
    _I,
)
_DETERMINED = re.compile(rf"^{_DETERMINER}\s|^[a-z][\w-]*\s+$", _I)
_TITLE = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herrn?|Frau|Mme|Maître|Sig|Sra?|Senhora?|Doutora?|Doña|Mevrouw|Meneer)\.?\s+)+(?=\S)",
    _I,
)
_NOBLE = re.compile(
    r"^\s*(?:the\s+)?(?:Duke|Duchess|Prince|Princess|Earl|Count|Countess|King|Queen|Baron|Baroness|"
    r"Lord|Lady|Marquess|Viscount|Archduke)\s+of\b|^\s*(?:Inc|Ltd|LLC|Jr|Sr|MD|PhD|Esq|GmbH|Co)\b"
)
_PARTNERS = re.compile(r"[A-Z][\w'’-]+(?:,\s+[A-Z][\w'’-]+)*\s+&\s")  # "Barnaby, Stokes & Lyle"

# ── What tells of a name: closed classes of five languages ───────────────────────────────────────

_ARTICLE = (
    r"(?:the|an?|der|die|das|den|dem|des|eine?[mnrs]?|le|la|les|une?|el|los|las|un[oa]?|il|lo|gli|i|"
    r"my|our|his|her|its|their|your|unser\w*|mein\w*|seine?\w*|ihre?\w*|notre|votre|mon|ma|mes|son(?!\s+of\b)|sa|"
    r"ses|leurs?|su|sus|mis?|nuestr[oa]s?|suo|sua|mio|mia|nostr[oa])\s+|(?:l|un)['’]"
)
_QUANTIFIED = re.compile(
    r"(?:both|all|each|two|three|four|five|six|beide[ns]?|alle|zwei|drei|(?:tous|toutes)\s+(?:les\s+)?"
    r"(?:deux|trois)|ambos|ambas|entramb[ie]|tutt[ie])\s+(?-i:[a-zà-ÿ])",
    _I,
)
_RELATIVE = (
    r"who|whom|whose|which|where|that|when|deren|dessen|welche[rsmn]?|wo|qui|que|dont|où|quien(?:es)?|"
    r"cuy[oa]s?|donde|che|cui|dove"
)
_PREPOSITION = (
    r"from|in|at|near|on|by|with|of|for|behind|between|among|to|as|under|about|into|since|until|above|"
    r"below|over|across|along|around|against|through|off|within|outside|inside|beyond|opposite|during|"
    r"before|after|without|like|than|"
    r"aus|bei|von|vom|mit|für|zwischen|am|im|an|auf|über|unter|vor|nach|hinter|neben|gegen|ohne|durch|"
    r"de|d['’]|du|des|en|à|au|aux|par|avec|pour|chez|entre|sur|sous|dans|vers|sans|contre|"
    r"del|con|por|para|sobre|bajo|hacia|desde|"
    r"di|da|dal|dalla|della|dello|dell['’]|tra|fra|nel|nella|su|sul|sulla|sotto|sopra|verso|senza|presso"
)
_ASIDE = (
    r"not|nicht|pas|non|no|niet|best|better|formerly|previously|once|now|today|also|currently|as|"
    r"früher|ehemals|vormals|heute|auch|bekannt|anciennement|aussi|également|antes|también|hoy|"
    r"oggi|anche|già|ex"
)
_TELLING_WORD = re.compile(rf"(?:{_RELATIVE}|{_PREPOSITION}|{_ASIDE})(?![\w'’])|(?:d|dell)['’]", _I)
_RELATIVE_WORD = re.compile(rf"(?:{_RELATIVE})(?![\w'’])", _I)
_PARTICIPLE = re.compile(
    r"(?!called\b|named\b|titled\b|wedding\b|building\b|king\b|holding\b|painting\b|trading\b)"
    r"(?:[a-z]{3,}(?:ing|ed)|born|made|known|written|sung|built|led|run|founded|held|kept)\b"
    r"|(?:gegründet|geleitet|geschrieben|gebaut|bestehend|ge\w+t)\b"
    r"|[a-zà-ÿ]{3,}(?:ée?s?|[aiu]d[oa]s?|[aiu]t[oaie])(?=\s+(?:par|por|da|dal|dalla|à|en|in|avec|con|de|di)\b)"
)
_OF_PLACE = re.compile(
    r"(?:city|town|village|hamlet|island|state|province|region|ville|village|île|ciudad|pueblo|isla|"
    r"città|paese|isola|stadt|dorf)\s+(?:of|de|d['’]|di)\s*$",
    _I,
)
_DONE_BY = re.compile(r"[a-zà-ÿ]{4,}\s+(?:von|by|par|por|da)\s")  # "herausgegeben von"
_OF_KIN = re.compile(r"[a-zà-ÿ]+\s+(?:of|de|di|du|della?)\s|[a-zà-ÿ]+\s+d['’]", _I)
_ADJECTIVE = re.compile(
    r"[A-ZÀ-Þ][\w’'-]*(?:an|ish|ese|[eu][nt]ch|reek|iss|ic|[^\W\d_]i|-(?:based|born|owned|made|style))\s+"
    r"(?=[a-z])"
)
_BY = re.compile(r"(?:of|by|von|de|du|d['’]|di|da|del|par|por)(?=\s|['’])", _I)
_GERMAN_ROLE = re.compile(
    r"(?!Berlin\b|Turin\b|Dublin\b)[A-ZÄÖÜ][a-zäöüß-]*(?:in|erin|er|ist|ent|ant|or|oge|mann|frau|unternehmen|firma|haus|"
    r"marke|hersteller|konzern|verein|stadt|land|dorf|insel|planet|sprache|band|magazin|zeitung|film|"
    r"roman|buch|serie|spiel|sender|bank|fluss|berg|see)s?$"
)


def pieces_of(phrase: str) -> list[Piece]:
    """The pieces between commas and "and"; names with a comma or an "and" in them stay whole.

    >>> [(p.joint, p.text) for p in pieces_of("Pepsi, Fanta or Dr Pepper")]
    [('', 'Pepsi'), (', ', 'Fanta'), (' or ', 'Dr Pepper')]
    """
    masked = QUOTED.sub(lambda m: "\x00" * len(m.group()), phrase)
    masked = AKA.sub(lambda m: "\x00" * len(m.group()), masked)
    masked = re.sub(r"\([^()]*\)", lambda m: "\x00" * len(m.group()), masked)
    found: list[Piece] = []
    at, joint = 0, ""
    for match in _SPLIT.finditer(masked):
        rest = phrase[match.end() :]
        if not match["and"] and (_NOBLE.match(rest) or _PARTNERS.match(rest)):
            continue
        is_role = joint and _ROLE_BEFORE.fullmatch(phrase[at : match.start()])
        if match["comma"] and is_role and _ROLE_FOLLOWS.match(rest):
            continue  # who that is follows
        found.append(Piece(joint, phrase[at : match.start()], at))
        joint, at = phrase[match.start() : match.end()], match.end()
    found.append(Piece(joint, phrase[at:], at))
    return [piece for piece in found if piece.text.strip()]


def joins(joint: str) -> bool:
    """Whether a joint has a word, and not only a comma."""
    return joint.strip(" ,;") != ""


def lead_of(text: str) -> str:
    """What stands before the name in a piece."""
    lead = _LEAD.match(text)
    return lead.group() if lead else ""


_OWN_ENDS = re.compile(  # "The End; or the Beginning" is one title
    r"\s*(?:[(,:–—]|;(?=\s+(?!(?:or|oder|ou|of|o|ovvero)\b)(?:[a-zà-ÿ]|I\W)))|\s+-\s"
)


def own_of(text: str) -> str:
    """A piece without what stands before its name and behind it."""
    text = text.strip()
    rest = _TITLE.sub("", text.removeprefix(lead_of(text))) or text
    return _OWN_ENDS.split(rest)[0].strip(" .")


def is_named(text: str) -> bool:
    """Whether a piece opens with a name, at most said what it is: "its ferryman Tariq".

    >>> is_named("the actor Bram Oakhurst"), is_named("the actor from Tavel")
    (True, False)
    """
    own, lead = own_of(text), lead_of(text.strip())
    if _WITHIN.search(lead) or (lead and not _DETERMINED.match(lead)) or tells(text):
        return False
    return own[:1].isupper() or own[:1] in "\"“«'‘⟦" or (own[:1].isdigit() and own[-1:].isalnum())


def tells(text: str) -> bool:
    """Whether a piece opens with words that tell of the name before it, and not with a name.

    >>> tells("the American firm behind Osk"), tells("the firm Osk"), tells("founded by Tor Hagen")
    (True, False, True)
    """
    text = text.strip()
    if _QUANTIFIED.match(text):
        return True
    article = re.match(_ARTICLE, text)
    rest = text[article.end() :] if article else text
    if _RELATIVE_WORD.match(text) or (not article and _opens_aside(text)):
        return True
    if not article:
        return False
    rest = _ADJECTIVE.sub("", rest, count=1) if _ADJECTIVE.match(rest) else rest
    small = re.match(r"(?:(?![A-ZÀ-Þ0-9⟦\"“«'‘])[^\s]+\s*)+", rest)
    if small is None:
        return _is_german_role(text, rest)
    return _is_described(small.group(), rest[small.end() :])


def head_of(description: str) -> str:
    """The words of a description up to where they say more of what they name.

    >>> head_of("the American firm behind Osk, founded by Tor"), head_of("la pintora de Venn")
    ('the American firm', 'la pintora')
    """
    first, *rest = re.split(r"(?<=['’])|\s+", re.split(r"[,;.():–—]", description)[0].strip())
    words = [first]
    for i, word in enumerate(rest):
        only_article = len(words) == 1 and re.fullmatch(_ARTICLE, f"{words[0]} ")
        behind = rest[i + 1] if i + 1 < len(rest) else ""
        ends = _TELLING_WORD.fullmatch(word) or (
            _PARTICIPLE.fullmatch(word)
            and (_TELLING_WORD.fullmatch(behind) or not behind.islower())
        )
        if ends and not only_article:
            break
        words.append(word)
    return re.sub(r"(?<=['’]) ", "", " ".join(words))


def _opens_aside(text: str) -> bool:
    """Whether a piece without an article opens in small letters with what is no word on a name."""
    if not text[:1].islower() or re.match(r"[a-z]+[A-Z]", text):
        return False
    if _DONE_BY.match(text):
        return True
    of = _OF_KIN.match(text)
    if of and not _OF_PLACE.search(of.group()):
        return True
    return _TELLING_WORD.match(text) is not None or _PARTICIPLE.match(text) is not None


def _is_described(small: str, behind: str) -> bool:
    """Whether small words behind an article say what something is; not where they only say of what
    kind the name right behind them is."""
    words = small.split()
    if any(c.isupper() for word in words for c in word[1:]):
        return False  # "the iPhone"
    if not behind or _RELATIVE_WORD.search(small):
        return bool(words)
    if _OF_PLACE.search(small):
        return False
    while len(words) > 1 and re.fullmatch(_ARTICLE, f"{words[-1]} "):
        words = words[:-1]
    last = words[-1].strip(",:–—(")
    return _TELLING_WORD.fullmatch(last) is not None or _PARTICIPLE.fullmatch(last) is not None


def _is_german_role(text: str, rest: str) -> bool:
    """Whether an article and a noun, which German writes with a capital, say what something is."""
    if re.match(r"(?:der|die|das|den|dem|eine?[nmr]?|unser\w*|seine?\w*|ihre?\w*)\s", text) is None:
        return False
    noun, _, behind = rest.partition(" ")
    if behind[:1].islower():
        return _TELLING_WORD.match(behind) is not None or _BY.match(behind) is not None
    return not behind and _GERMAN_ROLE.match(noun.rstrip(".")) is not None
