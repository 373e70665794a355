"""What a request says may still be told: "you may still say that …", "puoi continuare a citare …".

A permission has somebody who may, and a verb of telling. What may be told stands behind both
("du darfst sagen, dass er Arzt ist"), between them ("je mag zijn rol nog noemen") or ahead of them
("Que es concejal lo puedes decir"). Each is a form of the language, with the words that take its
places; what is told of somebody else's rights, asked, or denied is none.
"""

from __future__ import annotations

import re

from amnestic.agents.requests.wishes import wish_in

__all__ = ["AND_MAY", "MODAL_AHEAD", "permitted"]

_I = re.IGNORECASE
_AGENT_EN = r"the\s+(?:bot|assistant|chatbot|model|system|ai|tool)"
_AGENT_DE = r"(?:der|die|das)\s+(?:bot|assistent|chatbot|modell|ki|system)"
_MAY = (  # somebody who may: whoever reads the request, or one who is nobody in particular
    rf"(?:you|u|ya|it|they|one|we|people|everybody|everyone|anybody|anyone|{_AGENT_EN})\s+"
    r"(?:may|can|might|could|(?:is|are)\s+(?:still\s+)?(?:free|welcome|allowed)\s+to)|"
    r"it(?:['’]s|\s+is)\s+(?:ok|okay|fine|alright|allowed)\s+to|feel\s+free\s+to|"
    rf"(?:darf|kann|darfst|kannst|dürft|könnt|dürfen|können)\s+(?:du|ihr|sie|man|er|es|{_AGENT_DE})|"
    rf"(?:du|ihr|sie|man|er|es|{_AGENT_DE})\s+(?:darf|kann|darfst|kannst|dürft|könnt|dürfen|können)|"
    r"(?:tu\s+peux|vous\s+pouvez|on\s+peut|(?:l['’]assistant|l['’]ia|le\s+(?:bot|chatbot|modèle))\s+peut|"
    r"(?:tu\s+as|vous\s+avez|on\s+a)\s+le\s+droit\s+de|libre\s+à\s+(?:toi|vous)\s+de)|"
    r"(?:puedes|podéis|podrás|podréis|se\s+pueden?|(?:el\s+(?:bot|asistente)|usted(?:es)?)\s+pueden?)|"
    r"(?:puoi|potete|potrai|potrete|si\s+può|si\s+possono|(?:il\s+bot|l['’]assistente)\s+può)|"
    r"(?:podes|podeis|pode-se|(?:o\s+(?:bot|assistente)|você|vocês)\s+podem?)|"
    r"(?:je|u|jullie|men|hij|de\s+(?:bot|assistent))\s+(?:mag|mogen|kunt?|kan)|"
    r"(?:mag|mogen|kunt?|kan)\s+(?:je|u|jullie|men|hij|de\s+(?:bot|assistent))|"
    r"(?:możesz|możecie|można|(?:bot|asystent)\s+może)"
)
_STILL = (  # what says no more than that it goes on, or that nobody minds
    r"(?:still|always|also|certainly|gladly|happily|freely|however|though|keep|go\s+on|continue\s+to|carry\s+on|of\s+course|"
    r"immer\s+noch|noch|weiter(?:hin)?|ruhig|gern|gerne|natürlich|selbstverständlich|auch|aber|jedoch|schon|jederzeit|"
    r"encore|toujours|bien\s+sûr|cependant|quand\s+même|continuer\s+(?:à|de)|seguir|continuar(?:\s+a)?|todavía|aún|también|"
    r"sin\s+problemas?|por\s+supuesto|continuare\s+a|ancora|pure|tranquillamente|sempre|ainda|sempre|à\s+vontade|"
    r"nog|wel|gerust|gewoon|blijven|natuurlijk|nadal|dalej|oczywiście)"
)
_FILL = rf"(?:[\s,]+{_STILL})*"
_LASTS = rf"(?:[\s,]+{_STILL})+"
_TELL = (
    r"(?:say(?:ing)?|tell(?:ing)?|mention(?:ing)?|talk(?:ing)?|speak(?:ing)?|discuss(?:ing)?|nam(?:e|ing)|cit(?:e|ing)|"
    r"quot(?:e|ing)|recommend(?:ing)?|answer(?:ing)?(?:\s+questions)?|refer(?:ring)?|repeat(?:ing)?|state|explain(?:ing)?|know|"
    r"describe|give\s+out|share|show|list|"
    r"sagen|erzählen|nennen|erwähnen|zitieren|sprechen|reden|berichten|empfehlen|verraten|angeben|anführen|"
    r"zeigen|weitergeben|"
    r"dire|parler|mentionner|citer|évoquer|nommer|donner|raconter|recommander|indiquer|"
    r"(?:dec|cont|habl|mencion|cit|nombr|recomend)(?:ir|ar|ando)|diciendo|dar|dando|"
    r"parlare|citare|menzionare|nominare|raccontare|consigliare|"
    r"dizer|falar|nomear|contar|"
    r"zeggen|vertellen|noemen|vermelden|praten|spreken|citeren|aanbevelen|"
    r"mówić|powiedzieć|wspominać|wspomnieć|wymieniać|podawać|cytować)"
)
_ABOUT = r"(?:about|of|on|to|over|über|von|de|d['’]|sur|sobre|acerca\s+de|di|del|della|su|van|o)"
_LEAD = (
    r"^[\s,;(–—-]*(?:(?:but|and|so|also|though|however|yet|aber|und|doch|mais|et|pero|y|ma|però|"
    r"e|mas|maar|en|ale|i)\s+)*"
)
_END = r"\s*\)?[\s.!]*$"
_BEHIND = re.compile(
    rf"{_LEAD}(?:{_MAY}){_FILL}\s+{_TELL}\b(?:\s+{_ABOUT}\b)?[\s,:]+(?P<kept>.+?){_END}", _I
)
_BETWEEN = re.compile(  # the verb last, as in German and Dutch
    rf"{_LEAD}(?:{_MAY})(?:{_FILL}\s+{_ABOUT}\b)?{_FILL}\s+(?P<kept>(?:d\w\w|de|het|sein\w*|ihr\w*|unser\w*|mein\w*|zijn|haar|"
    rf"hun|onze?|mijn)\s[^,;.!?]+?){_FILL}\s+{_TELL}{_END}",
    _I,
)
_AHEAD = re.compile(
    rf"{_LEAD}(?P<kept>[^;.!?]{{2,120}}?)(?:\s*,)?\s+(?:(?:l[oae]s?|dat|das|ça|ciò)\s+)?(?:{_MAY})"
    rf"{_FILL}\s+{_TELL}{_END}",
    _I,
)
_ENGLISH = re.compile(rf"(?:you|u|ya|it|they|one|we|people|{_AGENT_EN})\s+(?:may|can)\b", _I)
_GOES_ON = re.compile(rf"\b(?:may|can){_LASTS}\s", _I)
_AS_THEY_LIKE = re.compile(  # "History of locks - all good", "the first two we know, so go wild"
    r"^(?P<kept>[^;.!?]{3,120}?)(?:\s+[–—-]\s*(?:(?:is|are|that['’]s|all|quite|perfectly|das\s+ist|c['’]est|está|va)\s+)*"
    r"(?:good|fine|ok|okay|allowed|no\s+problem|erlaubt|in\s+ordnung|kein\s+problem|permis|bien|bene|goed|prima)|"
    r"\s*[,;–—-]\s*(?:so\s+|then\s+|dann\s+|donc\s+)?(?:go\s+(?:wild|ahead|for\s+it)|feel\s+free|be\s+my\s+guest|nur\s+zu|"
    r"allez-y|vas-y|adelante|fai\s+pure|ga\s+je\s+gang))[\s.!]*$",
    _I,
)
_ALONE = re.compile(  # "mijn naam mag wel gewoon": the verb of telling is left out
    r"^[\s,;–—-]*(?P<kept>(?:the|my|our|his|her|its|their|d(?:er|ie|as)|mein\w*|unser\w*|sein\w*|ihr\w*|l[ae]s?|l['’]|mon|ma|mes|son|sa|"
    r"ses|notre|el|los|mi|su|sus|il|lo|i|gli|la\s+mia|il\s+mio|o|a|os|as|het|de|mijn|zijn|haar|hun|onze?)\s[^,;.!?]{2,60}?)\s+"
    rf"(?:may|can|should|darf|dürfen|kann|können|mag|mogen|peut|peuvent|puede|pueden|può|possono|pode|podem){_LASTS}[\s.!]*$",
    _I,
)
_NOT = re.compile(
    r"\b(?:not|never|no\s+longer|nothing|nobody|no\s+one|neither|nor|only|cannot|nicht|nie|niemals|kein\w*|nur|weder|plus|pas|"
    r"jamais|rien|ni|no|nunca|nada|sólo|solo|non|mai|niente|né|soltanto|não|só|niet|nooit|niets|geen|alleen|nie|nic|tylko)\b|"
    r"n['’]t\b",
    _I,
)
_ON_TERMS = re.compile(
    r"^\W*(?:if|when|whenever|once|as|because|since|unless|until|so\s+that|whether|what|whatever|how|who|where|why|wenn|falls|sobald|"
    r"weil|damit|ob|was|wie|wer|si|quand|parce\s+que|pour\s+que|cuando|porque|para\s+que|se|quando|perché|perch[eé]|als|"
    r"zodra|omdat|zodat|jeśli|gdy|bo)\b|\b(?:that|which|who|what|was|que|qui|che|chi|wat|die|co)\s*$",
    _I,
)
_HIM = re.compile(
    r"^(?:it|that|this|him|her|them|me|us|you|everything|all|anything|ihn|sie|es|ihm|ihr|das|alles|lui|elle|eux|tout|él|ella|"
    r"ellos|todo|lei|loro|tutto|ele|ela|tudo|hem|haar|hen|dat|alles|nim|niej|to)(?:\s+(?:again|too|all|more))?$",
    _I,
)
_CLITIC = re.compile(r"\s+l[oae]s?$")

_PERMITS = rf"(?:{_MAY}){_FILL}\s+{_TELL}\b"
AND_MAY = re.compile(  # "vergiss Osk, und du darfst sagen, dass …"
    rf"(?:\s*[,;–—]\s*(?:(?:and|und|et|y|e|en|i)\s+)?|\s+(?:and|und|et|y|e|en|i)\s+)(?={_PERMITS})|"
    rf"\s*,\s*(?=(?:d(?:er|ie|as|ass)|sein\w*|ihr\w*|mein\w*|unser\w*|zijn|haar|dat)\s[^,;.!?]{{2,80}},?\s+{_PERMITS})",
    _I,
)
"""Where a clause begins that may say what may still be told."""

MODAL_AHEAD = re.compile(  # "mein Name darf aber fallen": no joint
    r"\b(?:may|can|darf|dürfen|kann|können|soll|sollen|mag|mogen|peut|peuvent|puede|pueden|può|possono|pode|podem)\s*$",
    _I,
)
"""What a word such as "aber" behind it joins to, and no clause."""


def permitted(clause: str) -> str | None:
    """What a clause says may still be told, or `None` where it says nothing of the kind.

    >>> permitted("but you can still say she ran the choir.")
    'she ran the choir'
    >>> permitted("ihr Amt als Schöffin kannst du ruhig weiter nennen")
    'ihr Amt als Schöffin'
    >>> permitted("Que es concejal lo puedes seguir diciendo.")
    'Que es concejal'
    >>> permitted("you can not say that she ran the choir") is None
    True
    """
    if clause.rstrip().endswith("?") or _ON_TERMS.match(clause):
        return None
    for form in (_BEHIND, _BETWEEN, _AHEAD, _AS_THEY_LIKE, _ALONE):
        if (found := form.match(clause)) is None:
            continue
        kept = _CLITIC.sub("", found["kept"].strip(" ,:"))
        around = clause[: found.start("kept")] + clause[found.end("kept") :]
        if not kept or _HIM.match(kept) or _NOT.search(around):
            continue
        if form is _BEHIND:
            return kept
        is_told = form is _AHEAD and _ENGLISH.search(around) and not _GOES_ON.search(around)
        is_told = is_told or (form is _AHEAD and _ON_TERMS.search(kept) is not None)
        if is_told or _NOT.search(kept) or wish_in(kept) is not None:
            continue  # "everything you can mention": a relative clause
        return kept
    return None
