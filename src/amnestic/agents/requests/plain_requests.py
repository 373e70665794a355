"""Everyday ways to ask that something be forgotten, put into the form "Forget …".

Requests for oneself, passives, references to a law, and the common forms of six languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.agents.requests.forms import COMMAND
from amnestic.agents.requests.once import segments

__all__ = ["as_command", "asked_in"]

_I = re.IGNORECASE
_NAME_WORD = r"[^\W\d_a-zà-ÿ](?:\.(?=\s)|[\w'’-]+(?:\.[\w'’-]+)*)"
_PERSON_NAME = (
    rf"(?P<name>(?-i:{_NAME_WORD}(?:\s+(?:(?:de|da|van|von|der|del|la|bin|ibn)\s+)*{_NAME_WORD})*))"
)
_SHORT = re.compile(r"\b(?:pls|plz)\b", _I)
_LAW = re.compile(
    r"^\s*(?:under|pursuant\s+to|according\s+to|in\s+accordance\s+with|as\s+per|per|by|gemäß|nach|"
    r"en\s+vertu\s+de|según|conforme\s+a)\b[^!?\n]{0,120}?[,\s]+(?:,\s*)?"
    r"(?=(?:please|kindly|i|we|erase|delete|forget|remove|bitte|merci|por\s+favor)\b)",
    _I,
)
_I_AM = re.compile(
    r"(?:\bmy\s+(?:full\s+)?name\s+is|\bi\s+am\s+called|\bi\s+am|\bi['’]m|\bthis\s+is"
    r"|\bmein\s+name\s+ist|\bich\s+bin|\bich\s+heiße|\bje\s+m['’]appelle|\bje\s+suis|\bme\s+llamo"
    r"|\bmi\s+nombre\s+es|\bsoy|\bmi\s+chiamo|\bmeu\s+nome\s+é|\bmijn\s+naam\s+is|\bik\s+ben)"
    rf"\s+{_PERSON_NAME}",
    _I,
)
_FORGET_ME = re.compile(
    r"\b(?:forget|erase|delete|remove|unlearn|purge|wipe|don['’]?t\s+(?:mention|talk\s+about)"
    r"|never\s+mention|stop\s+(?:talking\s+about|mentioning))\s+(?:(?:all|any|everything|every|of|"
    r"what|that|you|know|have|the|information|data|about|on)\s+)*"
    r"(?:me|my(?:\s+(?:own|personal|private))?\s+(?:data|information|details|records?|account|"
    r"profile|history))\b(?!\s*:?\s*\d)"
    r"|\bvergiss\s+mich|\bvergessen\s+sie\s+mich|\boublie[zs]?[-\s]moi|\bm['’]oublier"
    r"|\bolv[ií]da(?:me)?(?:\s+de\s+m[ií])?\b|\bolvídame|\bolvídeme|\bdimenticami|\bvergeet\s+(?:me|mij)",
    _I,
)
_I_NAME = re.compile(
    rf"^\s*i,\s*(?:the\s+undersigned,?\s*)?{_PERSON_NAME},\s*(?P<said>[^.!?]*?)"
    r"\b(?:invoke|request|ask|exercise|demand|want|wish|withdraw|would\s+like|hereby)\b"
    r"(?P<act>.*?)(?:[.!?](?=\s|$)|$)",
    _I | re.DOTALL,
)
_ACT = re.compile(
    r"forg[eo]t|eras|delet|remov|right\s+to\s+be|article\s+17|art\.?\s*17|unlearn", _I
)
_DONE = (
    r"(?:completely\s+|entirely\s+|permanently\s+)?"
    r"(?:forgotten|erased|deleted|removed|unlearned|unlearnt|wiped|purged|dropped|suppressed)"
)
_FROM = r"(?:\s+from\s+(?:your|the)\s+\w+)?"
_KNOW = (
    r"(?:know|knew|known|have\s+heard\s+of|had\s+heard\s+of|heard\s+of|heard\s+about|recogni[sz]e"
    r"|remember|have\s+met|met|have\s+known|learned\s+of|learned\s+about)(?:\s+who|\s+of|\s+about)?"
)
_ALL = r"(?:(?:anything|everything|all)\s+)?(?:(?:of|about|on)\s+)?"
_ENGLISH = tuple(
    re.compile(p, _I)
    for p in (
        r"^\s*(?:please\s+)?(?:let\s+)?(?P<what>(?!i\s)(?!you\s)(?!what\s)(?!how\s+long)[^.!?]*?\S)"
        rf"\s+(?:should|must|shall|has\s+to|have\s+to|needs?\s+to|is\s+to|are\s+to|ought\s+to)"
        rf"\s+be\s+{_DONE}{_FROM}",
        r"^\s*(?:please\s+)?(?:let|i\s+(?:want|would\s+like|need|wish|request|demand|ask)"
        rf"(?:\s+that)?|i['’]d\s+like|i['’]d\s+want)\s+(?P<what>(?!you\s)[^.!?]*?\S)\s+"
        rf"(?:to\s+be\s+|be\s+)?{_DONE}{_FROM}",
        r"^\s*(?:please\s+)?(?:pretend|act|behave|answer|respond)\s+(?:as\s+(?:if|though)\s+|"
        r"that\s+|like\s+)?you\s+(?:(?:have|had|['’]ve|['’]d)\s+)?"
        rf"(?:don['’]?t|do\s+not|didn['’]?t|did\s+not|never|have\s+never|had\s+never)\s+{_KNOW}\s+"
        rf"{_ALL}(?P<what>\S[^!?\n]*)",
        r"^\s*(?:please\s+)?(?:pretend|act|behave)\s+(?:as\s+(?:if|though)\s+|that\s+|like\s+)?"
        r"(?P<what>[^.!?]*?\S)\s+(?:does\s+not|doesn['’]?t|did\s+not|didn['’]?t|never)\s+exist(?:s|ed)?",
        r"^\s*(?:please\s+)?(?:you(?:['’]ve|\s+have|\s+had)?\s+)?never\s+(?:heard\s+(?:of|about)|"
        r"knew|met)\s+(?P<what>\S[^!?\n]*)",
        r"^\s*you\s+(?:do\s+not|don['’]?t|no\s+longer)\s+know\s+(?:who\s+)?"
        rf"{_ALL}(?P<what>\S[^!?\n]*)",
        r"^\s*(?:please\s+)?(?:i|we)\s+(?:hereby\s+|formally\s+)?(?:request|demand|ask\s+for|want|"
        r"require)\s+(?:the\s+|an?\s+)?(?:complete\s+|immediate\s+)?(?:erasure|deletion|removal)\s+"
        r"of\s+(?P<what>\S[^!?\n]*)",
        r"^\s*(?:i|we)\s+(?:hereby\s+|formally\s+)?(?:request|demand|ask|insist)\s+that\s+you\s+"
        r"(?:please\s+)?(?:forget|erase|delete|remove|unlearn)\s+(?P<what>\S[^!?\n]*)",
    )
)
_OTHER_LANGUAGES = tuple(
    re.compile(
        rf"^\s*(?:(?:{polite})[,\s]+)*(?:{verbs})(?:\s+(?:{polite}))?\s+(?:(?:{about})\s+)*"
        rf"(?:(?:{nouns})\s+)?(?P<what>\S[^!?\n]*?)(?:[,\s]+(?:{polite}|{tail}))*\s*[.!]*\s*$",
        _I,
    )
    for polite, verbs, about, nouns, tail in (
        (
            r"bitte",
            r"vergiss|vergesst|vergessen\s+sie|lösche|löschen\s+sie|entferne|entfernen\s+sie|"
            r"(?:sprich|rede|sprechen\s+sie|reden\s+sie)\s+(?:nicht|nie)(?:\s+mehr)?\s+(?:über|von)|"
            r"erwähne|erwähnen\s+sie",
            r"alles(?:,)?|was\s+(?:du|sie)|über|von|zu|alle|(?:die\s+)?(?:personenbezogenen\s+)?daten",
            r"(?:der|die|das|den|dem)\s+(?:firma|stadt|dorf|buch|roman|film|lied|patient(?:en|in)?|"
            r"kund(?:en|e|in)|unternehmen|verein|hotel(?=\s+hotel))|herrn?|frau|"
            r"meine[nr]?\s+(?:kolleg(?:en|in)|nachbarn?|freund(?:in)?|chef(?:in)?)",
            r"aus\s+deinem\s+gedächtnis|(?:nicht|nie)(?:\s+mehr)?|weißt|wissen",
        ),
        (
            r"por\s+favor",
            r"olvida(?:te)?|olvídate|olvide|borra|borre|elimina|elimine|"
            r"no\s+(?:hables?|menciones?)(?:\s+(?:más|nunca))?",
            r"todo|lo\s+que|(?:sab|sep|teng|tien|conoc|conozc)[a-zé]*|toda|la\s+información|los\s+datos|personales|sobre|acerca\s+de|"
            r"de|a|al",
            r"(?:la|el)\s+(?:empresa|ciudad|pueblo|libro|novela|película|canción|paciente|cliente|"
            r"señora?|compañía)",
            r"de\s+tu\s+memoria|para\s+siempre",
        ),
        (
            r"s['’]il\s+(?:te|vous)\s+pla[iî]t|merci|veuillez",
            r"(?:merci\s+d['’]|d['’])?oubli(?:er|ez|e)|(?:merci\s+d['’]|d['’])?effac(?:er|ez|e)|"
            r"(?:merci\s+de\s+|de\s+)?supprim(?:er|ez|e)|"
            r"ne\s+(?:parle[zr]?|mentionne[zr]?)\s+(?:plus|pas|jamais)",
            r"tout|ce\s+que|(?:tu|vous)\s+(?:puisses?\s+|puissiez\s+)?(?:sa(?:is|vez|voir|ch\w+)|conna\w+|as|avez|ayez)|les\s+données|les\s+informations|"
            r"personnelles|sur|à\s+propos|de|concernant",
            r"(?:la|le|l['’])\s*(?:entreprise|société|ville|village|livre|roman|film|chanson|"
            r"patiente?|cliente?)|monsieur|madame",
            r"de\s+(?:ta|votre)\s+mémoire",
        ),
        (
            r"per\s+favore|per\s+piacere",
            r"dimentica(?:re|te)?|scorda(?:ti|re)?|cancella(?:re|te)?|"
            r"non\s+(?:parlare|menzionare)(?:\s+(?:più|mai))?",
            r"tutto|quello\s+che|ciò\s+che|sa(?:i|pete|ppi\w+)|sa|conosc\w+|su|di|riguardo\s+a|i\s+dati",
            r"(?:la|il|l['’])\s*(?:azienda|società|città|libro|romanzo|film|canzone|paziente)",
            r"dalla\s+tua\s+memoria",
        ),
        (
            r"por\s+favor",
            r"esque[çc]a|esquece|apague|apaga|exclua|não\s+(?:fale|mencione)(?:\s+mais)?",
            r"tudo|o\s+que|(?:você\s+|vocês\s+|tu\s+)?(?:sab|saib|soub|tem|tenh|conhec|conheç)\w*|sobre|de|da|do|os\s+dados",
            r"(?:a|o)\s+(?:empresa|cidade|livro|romance|filme|paciente|cliente)|(?:a|o)(?=\s)",
            r"da\s+sua\s+memória",
        ),
        (
            r"alsjeblieft|alstublieft|gelieve",
            r"vergeet|verwijder|wis|(?:praat|spreek)\s+niet(?:\s+meer)?",
            r"alles|wat\s+je|weet|over|de\s+gegevens\s+van|van",
            r"(?:de|het)\s+(?:bedrijf|stad|dorp|boek|roman|film|patiënt|klant)",
            r"uit\s+je\s+geheugen",
        ),
    )
)
_GERMAN_LAST = re.compile(r"^\s*(?P<what>[^.!?]*?\S)\s+bitte\s+(?:vergessen|löschen)\b", _I)


def as_command(request: str) -> str:
    """The request with what asks to forget put as "Forget …"; unchanged where no form is known.

    >>> as_command("My name is Ana Morel. Please forget me. I live in Tavel.")
    'Forget Ana Morel. I live in Tavel.'
    >>> as_command("Olvida a Ana Morel.")
    'Forget Ana Morel.'
    """
    request = _SHORT.sub("please", request)
    request = _LAW.sub("", request, count=1)
    return _for_oneself(request) or _by_sentence(request)


def _for_oneself(request: str) -> str | None:
    if named := _I_NAME.match(request):
        if not _ACT.search(named["act"]):
            return None
        said = named["said"].strip(" ,")
        aside = f", {said}" if said and said.lower() not in ("hereby", "do", "do hereby") else ""
        return f"Forget {named['name'].rstrip('.')}{aside}.{request[named.end() :]}".strip()
    about, asked = _I_AM.search(request), _FORGET_ME.search(request)
    if about is None or asked is None:
        return None
    told = [s.of(request) for s in segments(request) if not _FORGET_ME.search(s.of(request))]
    rest = "".join(told).strip()
    name = about["name"].rstrip(".")
    opening = _I_AM.search(rest)
    if opening is None:  # all in one sentence: "I am X and want you to forget me"
        return f"Forget {name}. {rest}".strip()
    behind = rest[opening.end("name") :]
    if not behind.strip(" .!"):
        return f"Forget {name}. {rest[: opening.start()]}".strip()
    return f"Forget {name}{behind}".strip()


def _by_sentence(request: str) -> str:
    for segment in segments(request):
        piece = segment.of(request)
        if COMMAND.match(piece):
            return request
        what = asked_in(piece)
        if not what:
            continue
        after = request[segment.end :].strip()
        before = request[: segment.start].strip()
        told = " ".join(part for part in (before, after) if part)
        return f"Forget {what.rstrip(' .,!')}. {told}".strip()
    return request


def asked_in(sentence: str) -> str:
    """What a sentence in one of the everyday forms asks to forget; empty where it has none.

    >>> asked_in("Let Ana Morel be forgotten.")
    'Ana Morel'
    """
    return next(_asked(sentence.rstrip()), "")


def _asked(sentence: str) -> Iterator[str]:
    for form in (*_ENGLISH, *_OTHER_LANGUAGES, _GERMAN_LAST):
        if match := form.match(sentence):
            yield match["what"]
