"""What sort of thing a forget target is, from its name and what is said of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from amnestic.tools.reading import rank
from amnestic.types import TargetKind

__all__ = ["IS", "is_work", "kind_named", "kind_of", "kind_said"]

IS = r"(?:is|was|are|were|refers\s+to|works\s+(?:as|at|for)|lives|died|has|had)"
"""The verbs behind which a description says what its subject is."""

_SKILL = re.compile(
    r"^(?:[Hh]ow|(?:[Tt]he\s+)?(?:art|skill|technique|abilit(?:y|ies)|knowledge|know-how)s?\s+"
    r"(?:of|to|how\s+to)\s|[a-z-]+ing\s+(?:an?|the|your|at|with|into|from|under)?\s*[a-z]+|"
    r"[a-z-]+\s+[a-z]{3,}ing(?:\s|$)|"
    r"(?:[Tt]he\s+)?(?:recipe|instructions?|steps?|method|procedure)\s+(?:for|to))\b"
)
_RECORD = re.compile(
    r"\b(?:record|file|account|invoice|order|ticket|case|contract|patient|customer|client)\b"
    r"(?:\s*(?:number|no\.?|id|#)|'s)?\s*#?\w*\d",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"^(?:\+?[\d\s()./-]{7,}|\S+@\S+|[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30})$")
_ORGANISATION = re.compile(
    r"\b(?:company|corporation|organi[sz]ation|firm|university|school|college|band|institute|agency|"
    r"bank|startup|start-up|brand|association|club|party|guild|society|works|inc|ltd|llc|gmbh|fund|"
    r"bakery|studio|shop|consultancy|authority|department|committee|commission|army|choir|quartet|"
    r"ensemble|magazine|broadcaster|dealer|insurer|lender|brewer|winery|charity|trust|foundation|"
    r"union|council|ministry|federation|league|cooperative|contractor|employer|competitor|clinic|"
    r"restaurant\s+chain|retailer|manufacturer|distributor|supplier|reseller|vendor|shipyard|"
    r"airlines?|brewery|ngo|nonprofit|subsidiary|publisher|publishing\s+house|record\s+label|museum|"
    r"hospital|laboratory|observatory|orchestra|theatre|newspaper|team|firma|unternehmen|verein|"
    r"spółk\w+|entreprise|société|empresa|compañía|azienda|società|ditta|bedrijf)\b"
)
_NAMED_FIRM = re.compile(  # words that end the names of firms, and say little in a sentence
    r"\b(?:foods|textiles|mines|mining|capital|group|partners|studios|store|timber|ventures|brothers|"
    r"investments?|shipping|freight|media|press|records|pictures|entertainment|trading|conservancy|"
    r"industries|labs?|systems|motors|technologies|holdings?|consulting|solutions|logistics|"
    r"pharma(?:ceuticals)?|electronics|energy|insurance|airways|gazette|times|tribune|werke|verlag|"
    r"brauerei|bäckerei|apotheke|stiftung|officine|fonderia|ottica|cantine|industrie|edizioni|ateliers|"
    r"éditions|établissements|boulangerie|talleres|industrias|bodegas|laboratorios|textiles)\b"
)
_WORK = re.compile(
    r"\b(?:novel|book|film|movie|song|album|series|play|poem|painting|game|symphony|opera|article|"
    r"paper|essay|report|study|treatise|biography|collection|anthology|sculpture|musical|sonata|trilogy|franchise|saga|sitcom|podcast|comics?|manga|anime|novella|novels|books|films|"
    r"songs|movies|video\s+game|ballad|anthem|buch|roman|lied|livre|chanson|libro|novela|película|romanzo|canzone|boek|"
    r"sonata|trilogy|memoir|documentary)\b"
)
_PLACE = re.compile(
    r"\b(?:hotel|hôtel|albergo|trail|ridge|city|town|village|country|river|mountain|island|lake|region|street|building|castle|"
    r"bridge|harbou?r|valley|cave|grotto|reservoir|dam|canal|cliff|peak|meadow|orchard|hamlet|surf\s+spot|spot|wood|beach|bay|cliff|glacier|palace|cathedral|tower|tarn|pond|waterfall|volcano|"
    r"desert|canyon|monument|ruins?|temple|shrine|church|basilica|chapel|monastery|fortress|farm|farmhouse|lighthouse|hut|quarry|stadt|dorf|"
    r"berg|ville|château|ciudad|pueblo|isla|città|paese|isola|stad|dorp|village|valley|province|capital|district|port)\b"
)
_THING = re.compile(
    r"\b(?:event|festival|fest|regatta|contest|concert|tournament|championships?|cup|games|olympics|"
    r"conference|summit|congress|convention|fair|expo|exhibition|ceremony|parade|strike|riot|trial|"
    r"election|referendum|war|battle|attack|accident|crash|earthquake|flood|hurricane|scandal|affair|"
    r"incident|merger|takeover|layoffs?|offsite|gala|marathon|race|carnival|phones?|smartphone|laptop|tablet|"
    r"drone|car|vehicle|scooter|e-?bike|code\s*name|gadget|device|product|app|software|medicine|drug|vaccine|"
    r"drink|soda|console|headset|watch|camera|robot|chip|project|prototype|operation|initiative|program(?:me)?|prize|award|model\s+of|line\s+of|wedding|reunion|party|meeting|"
    r"theory|hypothesis|conspiracy|doctrine|legend|myth|rumou?r)\b"
)
_THINGS = (
    (TargetKind.ORGANISATION, _ORGANISATION),
    (TargetKind.WORK, _WORK),
    (TargetKind.PLACE, _PLACE),
    (TargetKind.TOPIC, _THING),
)
_PERSON = re.compile(
    r"\b(?:person|member|figure|polymath|footballer|boxer|swimmer|celebrity|personality|actor|"
    r"actress|author|writer|singer|politician|president|king|queen|player|scientist|philosopher|"
    r"director|musician|rapper|founder|businessman|businesswoman|model|poet|novelist|painter|"
    r"composer|architect|astronomer|physicist|chemist|biologist|engineer|chef|artist|man|woman|"
    r"born|host|journalist|lawyer|doctor|teacher|emperor|leader|general|comedian|entrepreneur|"
    r"producer|coach|athlete|explorer|historian|inventor|botanist|cartographer|he|she|his|her)\b",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|Herrn?|Frau|Mme|signora?|señora?|madame|maître)\b\.?\s*$"
)
_SOMEBODY = re.compile(r"\W*(?:he|she)\b", re.IGNORECASE)
_WHO = re.compile(r"\bwho(?:se|m)?\b")
_CLAUSE = re.compile(r"\b(?:about|who(?:se|m)?|by|that|which|featuring|starring|telling)\b")
_NAMED_PERSON = re.compile(
    r"\b(?:customer|patient|employee|client|user|colleague|co-?worker|boss|manager|friend|neighbou?r|"
    r"cousin|brother|sister|mother|father|uncle|aunt|husband|wife|ex|student|pupil|tenant|landlord|"
    r"applicant|candidate|contractor|citizen|guest|member|mr|mrs|ms)\b"
)
_HOUSE = re.compile(
    r"\b(?:hotel|trattoria|restaurant|ristorante|caf[eé]|pub|hostal|osteria|pizzeria|hamlet|estate|"
    r"grotto|reservoir|dam|canal|pass|peak|summit|meadow|orchard|cemetery|crossing|junction|"
    r"quarry|mine|lighthouse|farm|hall|house|gardens?|point|hill|hills|ridge|wood|woods|church|chapel|"
    r"airport|station|stadium|arena|square|market|mill|cottage|manor|marsh|moor|reef|creek|"
    r"castle|palace|cathedral|basilica|abbey|bridge|tower|lake|river|mount(?:ain)?|island|isle|valley|bay|beach|"
    r"tarn|falls|cave|loch|glen|fjord|canyon|harbou?r|street|road|avenue|lane|schloss|burg|villa|château|"
    r"park|forest|square|peninsula|parish|county|municipality)\b",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?:Battle|Siege|Treaty|Massacre|Raid|merger|takeover|union) of |(?:Project|Operation) |"
    r".*\b(?:Regatta|Festival|Contest|Cup|Games|Olympics|Conference|Summit|Congress|Convention|Fair|Expo|"
    r"Championships?|Election|War|Strike|Riots?|Marathon|Gala|Awards?|Concert|Tour|Scandal|Affair|Trial|"
    r"Festspiele|Messe|Wahl|Carnival|Day|Week|Derby|Prix|Prize|Award|Open|Series|Revolution|Uprising|Reunion|Party|Meeting|Retreat)\b|.*\w[Ff]est\b|.*\b(?:19|20)\d\d$|^(?:19|20)\d\d\s"
)
_MADE_BY = re.compile(  # "Rembrandt's Night Watch": nobody is called so
    r"[^\W\d_a-z][\w.-]*(?:\s[^\W\d_a-z][\w.-]*)*['’]s\s+[^\W\d_a-z]\w+(?:\s\S+)*$"
)
_WORDS_ONLY = re.compile(r"[^\W\d_]+(?:[\s'’_-]+[^\W\d_]+)*$")
_RARE = 2_000
_TERM = re.compile(
    r"(?:ics?|al|ous|ive|ing|ism|tion|sion|logy|ory|ment|ity|ness|ed|ance|ence|able|phy|try)s?$"
)
_PERSON_AHEAD = 40  # "an author of the novel …": a calling counts before the thing it is about
_PARTICLES = frozenset(
    "de da di del della der den van von la le el al bin ibn of the and y".split()
)


def kind_of(subject: str, description: str, *, quoted: bool = False) -> TargetKind:
    """The kind of `subject`; `description` is what is said of it, `quoted` whether its name stood
    in quotation marks, as titles do.

    >>> kind_of("The Glass Harbour", "The Glass Harbour is a novel by Mirela Osk.").value
    'work'
    """
    if _SKILL.search(subject) and kind_named(subject.split()[0]) is None:
        return TargetKind.SKILL
    if _RECORD.search(subject) or _CONTACT.search(subject):
        return TargetKind.RECORD
    if _SOMEBODY.match(description):
        return TargetKind.PERSON
    head = _predicate(description)
    found = _kinds_in(_CLAUSE.split(head)[0])
    if not found and _WHO.search(head):
        return TargetKind.PERSON
    found = found or _kinds_in(head)
    return min(found)[1] if found else _by_name(subject, quoted=quoted)


def kind_said(subject: str, guessed: TargetKind, facts: Sequence[str]) -> TargetKind:
    """The kind of a target whose request tells none, from what a model says that it is; else the
    kind that was guessed.

    >>> facts = ["The Sagrada Família is a church in Barcelona."]
    >>> kind_said("Sagrada Família", TargetKind.PERSON, facts).value
    'place'
    """
    opening = re.compile(rf"^\W*(?:the\s+)?{re.escape(subject)}\s+{IS}\b", re.IGNORECASE)
    said = [kind_of(subject, fact) for fact in facts if opening.match(fact)]
    counted = Counter(kind for kind in said if kind is not guessed)
    return counted.most_common(1)[0][0] if sum(counted.values()) * 2 > len(said) else guessed


def _kinds_in(text: str) -> list[tuple[int, TargetKind]]:
    """The kinds that words of a text speak for, each with how far ahead it stands."""
    found = [(m.start(), kind) for kind, words in _THINGS if (m := words.search(text))]
    if person := _PERSON.search(text):
        found.append((max(0, person.start() - _PERSON_AHEAD), TargetKind.PERSON))
    return found


def kind_named(words: str) -> TargetKind | None:
    """The kind that the words before a name give it, the last of them first; else `None`.

    >>> kind_named("the plot of the novel"), kind_named("the")
    (<TargetKind.WORK: 'work'>, None)
    """
    if _TITLED.search(words):
        return TargetKind.PERSON
    things = (
        *_THINGS,
        (TargetKind.PLACE, _HOUSE),
        (TargetKind.PERSON, _NAMED_PERSON),
        (TargetKind.PERSON, _PERSON),
    )
    found = [
        (last.start(), kind)
        for kind, pattern in things
        for last in list(pattern.finditer(words.lower()))[-1:]
        if last.group() not in ("his", "her", "he", "she", "works")
    ]
    return max(found, key=lambda at: at[0])[1] if found else None


def is_work(words: str) -> bool:
    """Whether the words before a name say that it is a title.

    >>> is_work("the novel")
    True
    """
    return kind_named(words) is TargetKind.WORK


def _by_name(subject: str, *, quoted: bool) -> TargetKind:
    if _EVENT.match(subject):
        return TargetKind.TOPIC
    if quoted or subject.startswith(("The ", "A ", "An ")):
        return TargetKind.WORK
    if subject.startswith(("the ", "a ", "an ")):
        return TargetKind.TOPIC
    subject = subject.replace("-", "_")  # "Winslet-Park" is no park
    last = subject.lower().split()[-1] if subject.split() else ""
    folded = subject.lower()
    if _ORGANISATION.search(folded) or _NAMED_FIRM.search(folded) or " & " in subject:
        return TargetKind.ORGANISATION
    if _HOUSE.search(subject):
        return TargetKind.PLACE
    if _WORK.fullmatch(last):
        return TargetKind.WORK
    if any(any(c.isdigit() for c in word) for word in subject.split()):
        return TargetKind.TOPIC
    if _MADE_BY.match(subject):
        return TargetKind.WORK
    words = [w for w in subject.replace(",", " ").split() if w.lower() not in _PARTICLES]
    is_name = len(words) >= 2 and all(w[:1].isupper() for w in words)
    small = subject == subject.lower() and len(words) == 2 and _WORDS_ONLY.match(subject)
    is_name = is_name or bool(small and all(map(_may_be_name, words)))  # all in small letters
    return TargetKind.PERSON if is_name else TargetKind.TOPIC


def _may_be_name(word: str) -> bool:
    """Whether a word in small letters is rare enough for a name, and not built as a term is."""
    return (rank(word) or _RARE) >= _RARE and _TERM.search(word) is None


def _predicate(description: str) -> str:
    """What the description says that the subject is: the words behind its first verb."""
    match = re.search(rf"\b{IS}\b(?P<rest>.*)", description, re.IGNORECASE | re.DOTALL)
    return (match["rest"] if match else description)[:200]
