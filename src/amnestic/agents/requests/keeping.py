"""What a request wants kept: "except …", "… may stay", "… is no secret"."""

from __future__ import annotations

import re

from amnestic.agents.requests.forms import QUOTED
from amnestic.agents.requests.once import once, segments
from amnestic.agents.requests.permissions import AND_MAY, MODAL_AHEAD, permitted
from amnestic.agents.requests.set_apart import set_apart
from amnestic.agents.requests.wishes import wish_in

__all__ = ["said_to_stay", "take_exceptions"]

_I = re.IGNORECASE
_EXCEPT = re.compile(
    r"[,;–—]?\s*\(?\b(?:except(?:ing|\s+for|\s+that|\s+when)?|apart\s+from|aside\s+from|other\s+than|"
    r"but\s+(?:not|keep|you\s+may\s+keep|do\s+keep|leave)|save\s+for|excluding|keeping|barring|(?<=\s)(?-i:minus)(?=\s+(?:the|my|our|his|her|its|their)\s)|"
    r"(?<!the )(?<!a )(?<!that )(?-i:bar(?=\s+(?:his|her|its|their)\s))|without\s+touching|"
    r"unless\s+(?:it['’]?s|it\s+is|this\s+is|that['’]?s|they['’]?re|they\s+are|it\s+concerns|asked|(?:someone|somebody|anyone|"
    r"anybody|people|users?|i|we)\s+asks?)(?:\s+(?:about|for|on|of))?|à\s+part|a\s+parte|aparte\s+de|"
    r"with\s+(?:the\s+(?:sole\s+)?|one\s+|two\s+)exceptions?(?:\s+of|\s*:)|with\s+the\s+(?:sole\s+)?exception\s+of|(?:just\s+)?not\s+(?!to\b|known\b|the\s+one\b)"
    r"(?=[^.;]*\bwhich\s+may\b)|außer|bis\s+auf|ausgenommen|mit\s+ausnahme(?:\s+(?:von|der|des))?|"
    r"sauf|excepté|hormis|à\s+l['’]exception\s+d[eu']|salvo|excepto|menos|a\s+excepción\s+de|"
    r"con\s+la\s+excepción\s+de|tranne|eccetto|a\s+eccezione\s+di|behalve|uitgezonderd|"
    r"exceto|oprócz|z\s+wyjątkiem)\s+(?P<kept>[^.!;]+)",
    _I,
)
_STAYS = (
    r"(?:stay|remain|be\s+(?:mentioned|kept|given\s+out|discussed|answered|named|known|told|"
    r"talked\s+about|spoken\s+(?:of|about)|referred\s+to|shown|used|left\s+(?:in|alone|untouched|as\s+is))|stand|go\s+on|be)"
)
_PREDICATE = re.compile(
    r"\s*,?\s*(?:"
    r"\b(?:may|can|might|could)\s+(?:(?:still|all|both|always|of\s+course)\s+)*be\s+"
    r"(?!forgotten|erased|deleted|removed|wiped|suppressed|hidden|dropped)\w+(?:ed|en|wn|ld|ept)\b|"
    r"\b(?:may|can|might|could|should|shall|must|will|do(?:es)?)\s+"
    rf"(?:(?:of\s+course|still|all|both|however|naturally|always|certainly)\s+)*{_STAYS}\b|"
    r"\bneeds?\s+not\s+be\s+\w+|\bneedn['’]t\s+be\s+\w+|"
    r"\b(?:is|are|['’]re|['’]s|stays?|remains?)\s+(?:all\s+|both\s+|still\s+|perfectly\s+|quite\s+|"
    r"totally\s+)*"
    r"(?:fine|ok|okay|allowed|no\s+secret|not\s+(?:a\s+secret|affected|included|meant|concerned)|"
    r"welcome|not\s+to\s+be\s+(?:touched|removed)|permitted|public|unaffected|untouched|fair\s+game|to\s+(?:stay|remain|be\s+kept))\b|"
    r"\b(?:stays?|remains?)(?=\s*(?:in|as|$|[.!,]))|"
    r"\b(?:do(?:es)?n['’]?t|do(?:es)?\s+not)\s+mind(?:\s+being\s+\w+)?|"
    r"\b(?:must|should|has\s+to|have\s+to)\s+(?:still\s+)?(?:keep\s+working|be\s+(?:kept|left\s+in))|"
    r"\b(?:pode|podem)\b[^.;]{0,120}?\b(?:ficar|continuar|permanecer)|"
    r"\b(?:darf|dürfen|kann|können|soll|sollen)\b[^.;]{0,120}?\b(?:bleiben|genannt\s+werden|"
    r"erwähnt\s+werden|erwähnen|sprechen|reden|stehen)|\b(?:darf|dürfen)\b[^.;]{0,120}?\b(?:fallen|"
    r"(?!vergessen|gelöscht|entfernt|gestrichen|getilgt|verborgen|verschwiegen|unterdrückt)\w+(?:t|en)\s+werden)|\b(?:bleibt|bleiben)\b|"
    r"\byou\s+(?:can|may)\s+(?:still\s+)?keep(?=\s*[.!,;]|\s*$)|\bbitte\s+behalten\b|"
    r"\b(?:kannst|darfst)\s+du\b[^.;]{0,120}?\b(?:merken|behalten|nennen|erwähnen)\b|"
    r"\b(?:tu\s+peux|vous\s+pouvez)\s+(?:l['’]|les?|la)\s?garder\b|\bse\s+quedan?(?=\s*[.!,;]|\s*$)|"
    r"\brest(?:a|ano)(?=\s*[.!,;]|\s*$)|"
    r"\b(?:ist|sind)\s+(?:erlaubt|okay|ok|kein\s+geheimnis|in\s+ordnung)|"
    r"\b(?:peut|peuvent|pourra|pourront)\b[^.;]{0,120}?\b(?:rester|être\s+\w+)|"
    r"\b(?:puede|pueden|podrá|podrán)\b[^.;]{0,120}?\b(?:quedar(?:se)?|seguir|permanecer|mencionar(?:se)?)|"
    r"\b(?:può|possono)\b[^.;]{0,120}?\b(?:restare|rimanere|essere\s+\w+)|"
    r"可以(?:保留|留下|提及|提到|说)|不受影响|は(?:残して|そのままで|話しても)(?:いい|よい|構いません)?(?:です)?|"
    r"\b(?:mag|mogen)\b[^.;]{0,120}?\b(?:blijven|gewoon|genoemd\s+worden)|\bmożesz\s+mówić|\bmoże\s+zostać|\bmogą\s+zostać"
    r")(?:\s+(?:to\s+talk\s+about|to\s+mention|to\s+discuss|as\s+(?:is|it\s+is|they\s+are)|out|in))?",
    _I,
)
_KEEP = re.compile(
    r"^\s*(?:but\s+|and\s+|please\s+|do\s+)*(?:(?:do\s+not|don['’]?t|never)\s+(?:forget|delete|remove|erase|"
    r"wipe|purge|touch|drop)(?!\s+(?:to|that)\b)|keep(?!\s+(?:quiet|silent|mum|up|on|going|in\s+(?:mind|touch))\b|[^.]*\b(?:out\s+of|away\s+from|from\s+(?:the|your|our|all|any)|out)\b)|"
    r"retain|preserve|leave\s+in(?=\s+(?:the|my|our|his|her|its|their)\s)|leave(?!\s+(?:her|him|it|them|me|us)\s+(?:alone|be|out|in)\b)(?=[^.]*\b(?:alone|in\s+place|untouched|as\s+is)\b|\s[^.]*\bin\s*[.!]*\s*$)(?!\s+(?:out|no|it)\b)|"
    r"(?:you|it|the\s+(?:bot|assistant|model))\s+(?:may|can)\s+(?:still\s+)?keep(?!\s+(?:it|him|them)\b|\s+her\s*(?:$|[.!,;]|out\b))|"
    r"(?:there(?:['’]s|\s+is)\s+)?no\s+need\s+to\s+(?:forget|delete|remove|erase|drop|touch)|"
    r"(?:you|it)\s+(?:do\s+not|don['’]?t|does\s+not|doesn['’]?t)\s+(?:have|need)\s+to\s+(?:forget|delete|remove|erase|drop|touch)|"
    r"(?:you|it)\s+need(?:n['’]?t|\s+not)\s+(?:forget|delete|remove|erase|drop|touch)|"
    r"(?:i|we)\s+still\s+(?:want|need)(?=\s+(?:his|her|its|their|the)\s)|"
    r"spare(?=\s+(?:(?:the|my|our|his|her|its|their)\s|(?-i:[A-Z])))|"
    r"laisse[rz]?(?!\s+(?:tomber|faire|moi|nous)\b)|deja(?!\s+(?:de|que)\b)|lascia(?:te|re)?(?!\s+(?:stare|perdere)\b)|laat(?!\s+(?:maar|me|mij|ons|het)\b)|"
    r"behalte?n?|garde[rz]?|mantén|mantener?|conserva(?:re)?|behoud)\s+(?P<kept>[^.!]+)",
    _I,
)
_KEPT_BACK = re.compile(  # "keep her address to yourself", "behalte das für dich"
    r"\b(?:(?:out|away|off)\s+(?:of|from|limits)|to\s+(?:yourself|yourselves|itself)|under\s+(?:wraps|lock)|from\s+(?:being|everyone|anyone|"
    r"others|view|the\s+public)|für\s+(?:dich|sich|euch)|pour\s+(?:toi|vous)|para\s+(?:ti|usted)|per\s+(?:te|sé|lei)|"
    r"voor\s+je(?:zelf)?)\b|"
    r"\b(?:secret|hidden|private|quiet|confidential|safe|short|brief|simple|gone|forgotten|deleted|erased|removed|wiped|"
    r"in\s+peace|geheim|in\s+ruhe|le\s+secret|secrète?s?|en\s+paix|el\s+secreto|en\s+(?:secreto|paz)|il\s+segreto|in\s+pace|"
    r"segret[oaie]|met\s+rust)(?:[\s,]+(?:please|too|also|as\s+well|for\s+now|forever|now|bitte|from\s+\w+\s+\w+))*"
    r"\s*[.!]*\s*$",
    _I,
)
_CLAUSE = re.compile(
    r"\s*;\s*|[，,。]\s*(?:但是?|不过|然而|ただし|でも)[,、]?\s*|\s*[,–—]?\s*\b(?:but|however|though|while|whereas|aber|jedoch|mais|cependant|pero|"
    r"ma|però|maar|ale|mas)\b(?!\s+(?:not|keep|leave|you\s+may\s+keep|do\s+keep)\b)[\s,]*|"
    r"\s*,\s*(?=(?:his|her|its|their|my|our|the|seine?|ihre?|meine?|unsere?|son|sa|su|il|la|le)\s+[^,;.]{2,60}?\s+(?:may|can|"
    r"darf|dürfen|peut|puede|può)\b)|\s+(?:and|und|et|y|e)\s+(?=(?:you|it|the\s+bot)\s+(?:may|can)\b)",
    _I,
)
_AND_KEEP = re.compile(  # "Osk and spare Tarn"
    r"\s+(?:and|und|et|y|e|en)\s+(?=(?:please\s+|do\s+|bitte\s+)*(?:keep|spare|retain|preserve|leave(?:\s+in)?|behalte?n?|garde[rz]?|"
    r"laisse[rz]?|mantén|deja|conserva|lascia|behoud|laat)\s+(?:(?:the|my|our|his|her|its|their|d(?:er|ie|as|en)|"
    r"seine?\w?|ihre?\w?|l[ae]s?|ses|son|sa|el|los|sus?|i|il|gli|lo|suo[ai]?|de|het|zijn|haar)\s|[A-ZÀ-Þ]))"
)
_COMMA_KEEP = re.compile(  # "forget Osk, you can keep her recipes"
    r"\s*,\s*(?=(?:please\s+|just\s+)?(?:(?:(?:you|it)\s+(?:can|may)\s+(?:still\s+)?|keep|spare|leave|retain|"
    r"don['’]?t\s+(?:touch|delete|forget|remove|erase)|no\s+need\s+to|behalte?|garde[rz]?|laisse[rz]?|deja|conserva|lascia|laat)"
    r"\s*(?:\w+\s+){0,3}(?:the|my|our|his|her|its|their|d(?:er|ie|as|en)|seine?\w?|ihre?\w?|l[ae]s?|ses|son|sa|el|los|sus?|i|il|gli|"
    r"suo[ai]?|de|het|zijn|haar|[A-ZÀ-Þ])))"
)
_HOW_TO = re.compile(r"\bhow\s+to\s", _I)
_NEGATED = re.compile(
    r"\b(?:not|never|no\s+longer|nothing|nobody|no\s+one|neither|weder)\b|n['’]t\b", _I
)
_SOMEBODY = re.compile(r"^\W*(?:then\s+)?(?:s?he|they|it|you|i|we|this|that|which|who)\s*$", _I)
_PRONOUN = re.compile(
    r"\W*(?:both|all|they|these|those|s?he|it|you|the\s+two|beide|sie|er|es|ils?|elles?|ell[oa]s|él|ella|lui|lei|loro|zij|hij)"
    r"(?:\s+(?:of\s+them|two|three))?\s*",
    _I,
)
_NAMED_AS = re.compile(  # "both may still be credited as authors": that stays
    r"\bbe\s+(?P<kept>\w+(?:ed|en|wn)\s+(?:as|for|in|with|by)\s+[^,;.!?]+)", _I
)
_RESUMED = re.compile(  # a pronoun that takes up what stands before it: "among staff it may"
    r"(?<=\S)\s*,?\s+(?:(?:however|though|par\s+contre|en\s+revanche|dagegen|en\s+cambio|invece|però)\s+"
    r"(?:they|s?he|die|der|sie|er|ils?|elles?|ell[oaie]s?|zij|hij|it|das|es|ça)|"
    r"it|that|this|es|das|ça|eso|quello|dat)\s*$",
    _I,
)
_AND_THAT = re.compile(r",?\s+(?:and|so)\s+(?:that|this|it)\s*$", _I)
_BEGINS_AGAIN = re.compile(r"\b(?:again|reappear|afterwards|then\s+(?:s?he|it|they))\b", _I)
_HIDDEN = re.compile(
    r"\s*(?:unknown|secret|hidden|confidential|private|unmentioned|under\s+wraps|out|quiet|silent)\b",
    _I,
)
_NEGATED_DE = re.compile(
    r"\b(?:nicht|nie|niemals|kein\w*|plus|pas|jamais|nunca|mai|niet|nooit)\b", _I
)
_NOT_THE = re.compile(
    r",\s*(?:and\s+|but\s+)?not\s+(?!(?:even|ever)\b)"
    r"(?P<kept>(?:the|an?)\s+[^,.;]{2,60}|[a-z][a-z -]{2,40})\s*(?=[.!]?\s*$)"
)
_LISTED = re.compile(
    r"^\s*(?:(?:exceptions?|except|ausnahmen?|excepciones|eccezioni|keep|stays?|to\s+be\s+kept|to\s+(?:keep|stay)|"
    r"(?:what\s+)?(?:may|can|should|shall)\s+(?:stay|remain|be\s+kept)|(?:was\s+)?(?:darf|soll|kann)\s+bleiben|"
    r"(?:was\s+)?bleiben\s+(?:darf|soll|kann)|behalten)\s*:|"
    r"(?:the\s+|die\s+|la\s+|l['’])?(?:only|sole|one|single|einzige|seule|única|unica|enige)\s+"
    r"(?:exceptions?|ausnahmen?|excepción|eccezione|uitzondering)\s*(?:is|are|ist|sind|est|sont|es|son|è|sono|zijn|:)|"
    r"(?:except(?:ed|ions?)|excluded|exempt(?:ed)?|not\s+affected|unaffected)\s+(?:is|are)\b|"
    r"(?:ausgenommen|nicht\s+betroffen|unberührt)\s+(?:davon\s+)?(?:ist|sind|bleibt|bleiben)\b|"
    r"(?:exclu[es]*|excepté[es]*)\s+(?:est|sont)\b|(?:escluso|esclus[aie]|excluid[oa]s?)\s+(?:è|sono|es|son|está|están)\b|"
    r"(?:uitgezonderd|uitgesloten)\s+(?:is|zijn)\b)\s*(?P<kept>.+)",
    _I,
)
_AHEAD = re.compile(
    r"^\s*(?:except(?:ing)?(?:\s+for)?|apart\s+from|aside\s+from|with\s+the\s+exception\s+of|other\s+than|save\s+for|"
    r"bis\s+auf|außer|abgesehen\s+von|à\s+l['’]exception\s+de|sauf|salvo|tranne|behalve)\s+(?P<kept>[^.;]+?),\s+"
    r"(?=(?:please\s+|kindly\s+|bitte\s+)?(?:forget|erase|delete|remove|unlearn|everything|all|nothing|you|the|do|"
    r"vergiss|vergessen|lösche|oublie|olvida|dimentica|vergeet)\b)",
    _I,
)
_BUT_NOT = re.compile(
    r"^(?:nicht|pas|non|niet|not|no)\s+(?P<kept>(?:de[nrmi]|die|das|le|la|les|el|los|il|lo|het|the|his|her|its|their|seine?\w?|ihre?\w?|son|sa|ses|sus?|suo|sua|"
    r"de|hun|zijn|haar)\b.+)",
    _I,
)
_NOT_BUT = re.compile(  # the other way round: "nicht aber den Ort"
    r",\s*(?P<no>nicht|non|niet)\s+(?:aber|jedoch|hingegen|però|invece|echter)\b", _I
)
_PLEASE = re.compile(r"[\s,]+(?:please|pls|plz|bitte|svp|por\s+favor|per\s+favore)$", _I)
_END = re.compile(r"[.!?]+[\"'”’)\]]*\s*$|\s+$")
_ENDS = re.compile(
    rf"(?:\s+(?:\w+ly|too|as\s+usual|of\s+course|as\s+(?:before|always)|ruhig|gerne|weiter(?:hin)?|siempre|pure))*(?:{_END.pattern})"
)
_AGREES = re.compile(r"\b(?:the\s+assistant|the\s+bot)\b.{0,40}\b(?:fine)\b", _I)


@once
def take_exceptions(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without what it wants kept, and that, in the words of the text.

    >>> take_exceptions("Forget Osk except her recipes. Her son Tor may stay.")
    ('Forget Osk. ', ('her recipes', 'Her son Tor'))
    """
    kept: list[str] = []
    left: list[str] = []
    for segment in segments(text):
        sentence = segment.of(text)
        left.append(_sentence(sentence, kept))
    return "".join(left), tuple(k for k in (_bare(k) for k in kept) if k)


def _untitled(text: str) -> str:
    """A text without what stands in quotation marks: titles say what they like."""
    return QUOTED.sub(lambda m: "x" * len(m.group()), text)


def said_to_stay(sentence: str) -> tuple[str, ...]:
    """What a sentence excepts by a word that says nothing else: "except", "bis auf", "salvo".

    >>> said_to_stay("Forget Osk, except her recipes."), said_to_stay("Her son may stay.")
    (('her recipes',), ('Her son',))
    """
    forms = (_LISTED.search, _AHEAD.search, _EXCEPT.search, set_apart)
    found = (form(_untitled(sentence)) for form in forms)
    said = [k for m in found if m and (k := _bare(sentence[slice(*m.span("kept"))]))]
    stays = _PREDICATE.search(sentence)
    is_all = stays and (_ENDS.match(sentence, stays.end()) or _NAMED_AS.search(sentence))
    whole = _kept_whole(sentence) if is_all else None
    if not said and whole and len(whole.split()) > 1:
        said = [_bare(whole)]
    return tuple(said[:1])


def _sentence(sentence: str, kept: list[str]) -> str:
    sentence = _NOT_BUT.sub(r", aber \g<no>", sentence)
    if listed := _LISTED.match(sentence):
        kept.append(listed["kept"])
        return ""
    if ahead := _AHEAD.match(sentence):
        kept.append(ahead["kept"])
        return sentence[ahead.end() :]
    cuts = list(_CLAUSE.finditer(sentence))
    if not _HOW_TO.search(sentence):
        cuts = [m for m in cuts if not MODAL_AHEAD.search(sentence, 0, m.start())]
        joints = (_AND_KEEP, _COMMA_KEEP, AND_MAY)
        further = [m for joint in joints for m in joint.finditer(sentence)]
        held = [(c.start(), c.end()) for c in cuts]
        cuts += [m for m in further if not any(a < m.end() and m.start() < b for a, b in held)]
    cuts.sort(key=re.Match.start)
    bounds = [0, *(e for m in cuts for e in (m.start(), m.end()))]
    bounds.append(len(sentence))
    pieces = list(zip(bounds[::2], bounds[1::2], strict=True))
    left = ""
    for i, (start, end) in enumerate(pieces):
        clause = sentence[start:end]
        joint = sentence[pieces[i - 1][1] : start] if i else ""
        if (what := _kept_whole(clause)) is not None:
            kept.append(what)
            continue
        cut = (
            _EXCEPT.search(_untitled(clause))
            or set_apart(_untitled(clause))
            or (_NOT_THE.search(clause) if clause.lower().count(", not ") == 1 else None)
        )
        if cut is not None:
            kept.append(clause[slice(*cut.span("kept"))])
            clause = clause[: cut.start()] + clause[cut.end() :]
        left += (joint if left.strip() else "") + clause
    if not left.strip(" .!?,;"):
        return "" if pieces and kept else sentence
    ended = _END.search(sentence)
    return left if ended is None or _END.search(left) else left.rstrip(" ,;") + ended.group()


def _kept_whole(clause: str) -> str | None:
    """What a whole clause wants kept; `None` where it wants nothing kept."""
    if _BEGINS_AGAIN.search(clause):
        return None
    if but_not := _BUT_NOT.match(clause):
        return but_not["kept"]
    if (may := permitted(clause)) is not None:
        return may
    if keep := _KEEP.match(clause):
        return None if _KEPT_BACK.search(keep["kept"]) else keep["kept"]
    match = _PREDICATE.search(clause)
    if match and (_HIDDEN.match(clause[match.end() :]) or _NEGATED_DE.search(match.group())):
        return None
    if match is None or _NEGATED.search(clause[: match.start()]) or _AGREES.search(clause):
        return None
    if match.group().rstrip().lower().endswith(" be") or re.match(
        r"\s*(?:only\s+)?(?:forgotten|erased|deleted|removed|suppressed|treated)",
        clause[match.end() :],
        _I,
    ):
        return None
    subject = _AND_THAT.sub("", clause[: match.start()])
    if named := _PRONOUN.fullmatch(subject) and _NAMED_AS.search(clause):
        return named["kept"]
    subject = _RESUMED.sub("", _behind_the_wish(subject))
    if re.search(
        r"\b(?:may|can|could|should)\s+not\b|\bmust\b(?!\s+(?:still\s+)?(?:keep|be\s+kept|be\s+left))",
        match.group(),
        _I,
    ):
        return None
    if _SOMEBODY.match(re.split(r"[,;]", subject)[-1]):
        return "" if "need" in match.group() else None
    return subject if subject.strip() else clause[match.end() :]


def _behind_the_wish(subject: str) -> str:
    """The words behind the last comma, where those before it are words of the wish."""
    ahead, comma, last = subject.rpartition(",")
    is_wish = wish_in(ahead.strip()) is not None or _PLEASE.search(f" {ahead}") is not None
    return last if comma and last.strip() and is_wish else subject


def _bare(kept: str) -> str:
    bare = kept.strip(" ,.;:)(\"'\n")
    closed = f"{bare})" if bare.count("(") > bare.count(")") and f"{bare})" in kept else bare
    kept = _PLEASE.sub("", closed)
    return re.sub(r"^(?:and|or|also|yet)\s+", "", kept, flags=_I)
