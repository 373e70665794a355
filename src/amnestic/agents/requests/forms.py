"""The English forms of a forget request, as patterns."""

from __future__ import annotations

import re

__all__ = [
    "AGENT",
    "AKA",
    "BECAUSE",
    "BROAD",
    "COMMAND",
    "FULL_NAME",
    "NAME_JOINT",
    "OTHER_NAME",
    "QUOTED",
    "TAIL",
    "WHO_IS",
    "WISH_AGAIN",
]

AGENT = (
    r"(?:(?:the|your|our|this|that|my|any|teh)\s+)?(?:(?:language|support|ai|virtual|digital|chat)\s+)*"
    r"(?:assistant|chat\s?bot|bot|model|ai|llm|helper|system|agent|machine|tool|copilot)(?:['’]s)?"
)
"""Whom a request calls what is to forget."""

_POLITE = (
    r"(?:please|pls|plz|kindly|hey|hi|hello|ok|okay|so|now|from now on|as of now|starting now|"
    r"uh+m*|um+|h?mm+|yeah|yep|yes|well|oh|btw|anyway|alright|listen)[,\s]+"
)
_WANT = (
    r"(?:(?:can|could|would|will)\s+you\s+(?:please\s+)?"
    r"|you\s+(?:must|should|have\s+to|need\s+to)\s+"
    r"|i(?:'d|\s+would)?\s+(?:want|like|need|ask)\s+(?:you\s+)?(?:to\s+)?"
    r"|we\s+(?:want|need)\s+you\s+to\s+"
    r"|let'?s\s+|make\s+sure\s+(?:that\s+)?you\s+)"
)
_KNOWLEDGE = (
    r"(?:(?:all|any|every|everything|anything|whatever|what|all\s+that|your|the|of|knowledge|"
    r"information|memory|memories|facts?|data|details?|content|records?|"
    r"you\s+(?:know|learned|learnt|have(?:\s+learned)?|remember)|that|there\s+is|to\s+do|"
    r"related|relating|regarding|concerning)\s+)*"
)
_ABOUT = r"(?:(?:about|on|of|regarding|concerning|related\s+to|relating\s+to|with)\s+)"
_NOT = r"(?:do\s+not|don['’]?t|never|no\s+longer|stop|avoid|refrain\s+from|not)"
_SPEAK = (
    r"(?:talk|speak|mention|discuss|tell|say|answer|reveal|disclose?|write?|give?|know|remember|"
    r"explain|help)(?:t?ing)?"
)
COMMAND = re.compile(
    rf"^\s*(?:{_POLITE})*(?:{_WANT})?(?:{_POLITE})*"
    r"(?:"
    r"(?:forget|unlearn|erase|delete|remove|wipe|suppress|purge|drop|disregard)\s+"
    rf"(?:{_KNOWLEDGE}{_ABOUT})?"
    rf"|{_NOT}\s+(?:ever\s+|to\s+|again\s+)*{_SPEAK}\s+"
    r"(?:(?:to\s+)?(?:me|us|anyone|anybody|people|users?|others)\s+)?"
    rf"(?:(?:anything|something|any\s+more|questions?|information|details?|out)\s+)*{_ABOUT}?"
    r")",
    re.IGNORECASE,
)
"""A sentence that asks to forget, up to what shall be forgotten."""

TAIL = re.compile(
    r"\s+(?:from\s+(?:your|the)\s+(?:memory|knowledge|mind|system|model|weights|"
    r"training(?:\s+data)?)|any\s*more|any\s+longer|again|(?:right\s+)?now|completely|entirely|"
    r"altogether|at\s+all|forever|for\s+good|asap|immediately|right\s+away|at\s+once|from\s+now\s+on|"
    r"until\s+further\s+notice|as\s+soon\s+as\s+(?:possible|you\s+can)|without\s+delay|permanently|"
    r"so\s+(?:schnell|bald|rasch)\s+wie\s+möglich|(?:ab\s+)?sofort|umgehend|unverzüglich|dauerhaft|endgültig|"
    r"(?:(?:gespeichert|gelernt|gehört)\s+)?(?:weiß|weißt|wei(?:ss|sst)|wisst|wissen|hast|habt|haben|kennst|kennt|kennen)|"
    r"(?:(?:bitte|da|wieder)\s+)*(?:he)?raus|vollständig|komplett|für\s+immer|nicht\s+mehr|dès\s+que\s+possible|au\s+plus\s+vite|immédiatement|"
    r"tout\s+de\s+suite|définitivement|complètement|pour\s+toujours|lo\s+antes\s+posible|cuanto\s+antes|"
    r"inmediatamente|de\s+inmediato|para\s+siempre|por\s+completo|il\s+prima\s+possibile|al\s+più\s+presto|"
    r"subito|immediatamente|per\s+sempre|completamente|zo\s+(?:snel|gauw)\s+mogelijk|onmiddellijk|voorgoed|"
    r"not\s+even\s+[^,.;!?]{2,40}|nicht\s+(?:ein)?mal\s+[^,.;!?]{2,40}|même\s+pas\s+[^,.;!?]{2,40}|ni\s+siquiera\s+[^,.;!?]{2,40}|"
    r"n(?:eppure|emmeno)\s+[^,.;!?]{2,40}|zelfs\s+niet\s+[^,.;!?]{2,40}|o\s+mais\s+rápido\s+possível|imediatamente|jak\s+najszybciej|natychmiast|please|thanks|thank\s+you)\s*[.!]*$",
    re.IGNORECASE,
)
"""Words behind the subject that are not part of it."""

BECAUSE = re.compile(
    r"[,;]?\s*\b(?:because|since|as\s+requested\s+by|due\s+to)\s+(?P<why>[^.!;]+)", re.IGNORECASE
)
_OTHERWISE = (
    r"(?:also\s+(?:known|called|written|spelled)\s+(?:as\s+)?|a\.?k\.?a\.?[,:]?\s+|"
    r"alias(?:es)?[:,]?\s+|(?:now|today|better|previously|formerly|once)\s+(?:known|called)\s+(?:as\s+)?|"
    r"nicknamed\s+|(?:real|legal|stage|maiden|artist)\s+name:\s+|(?:under\s+)?the\s+pen\s+name\s+|pen\s+name:?\s+|née\s+|who\s+goes\s+by\s+|"
    r"(?:auch|heute|früher|ehemals|besser|vormals)\s+(?:bekannt\s+(?:als|unter)|genannt)\s+|"
    r"(?:aussi|également|anciennement|aujourd['’]hui|autrefois)\s+(?:appelée?|connue?s?\s+(?:sous\s+le\s+nom\s+"
    r"(?:de\s+|d['’])|comme\s+)|nommée?)\s*|"
    r"(?:también|antes|hoy|anteriormente)\s+(?:conocid[oa]s?\s+como|llamad[oa])\s+|"
    r"(?:anche|oggi|prima|precedentemente)\s+(?:not[oa]\s+come|conosciut[oa]\s+come|chiamat[oa])\s+)"
)
_ONCE = (  # words that also tell of somebody: "formerly a painter"
    r"(?:formerly|previously|früher|ehemals|vormals|anciennement|anteriormente|antes|precedentemente|"
    r"già)\s+(?=[\"“„«]?(?-i:[A-ZÀ-Þ0-9])[^\s,;)]*(?:\s+(?-i:[A-ZÀ-Þ0-9&])[^\s,;)]*)*\s*(?:[,;).!]|$|\s(?:and|or)\s)"
    r"(?!(?:CEO|CTO|CFO|COO|President|Prime|Minister|Head|Director|Chair\w*|Secretary|Governor|Mayor)\b))"
)
_NAMES_END = (
    r"(?=\s*(?:[().;!\n]|$)|,\s+(?:which|who|whose|where|that|an?\s+[a-z]|the\s+[a-z]+\s|and\s+(?:forget|erase|delete)\b|"
    r"(?:die|der|das|deren|dessen|qui|dont|que|che|cuy[oa]|la|le|el|il|un|une|una|ein|eine)\s))"
)
AKA = re.compile(
    rf"[,;]?\s*\(?(?<!\w)(?:{_OTHERWISE}|{_ONCE})"
    rf"(?P<names>[^().;!]*?(?:\.\s?[A-Z][^().;!]*?)*){_NAMES_END}\)?",
    re.IGNORECASE,
)
OTHER_NAME = re.compile(
    rf"(?:{_OTHERWISE}|(?:formerly|previously|née|geb\.|born|called|früher|ehemals|vormals|anciennement|"
    r"antes|gi[aà]|ex)\s+|\()(?:the\s+)?[\"“„«]?[^,;)]{0,24}$",
    re.IGNORECASE,
)
"""Words before another name of what stands before them."""

QUOTED = re.compile(r"[\"“„«]([^\"”“»]{1,200})[\"”“»]|(?<!\w)['‘]([^'’]{2,200})['’](?!\w)")
WHO_IS = re.compile(
    r"^(?:who|what|where|wer|wie)\s+(?P<name>[A-ZÄÖÜ].*?)\s+(?:is|was|lives?|are|were|ist|war|sind|waren)$"
)
"""The form "who X is"."""

FULL_NAME = re.compile(r"^[A-Z][\w.'’-]*(?:\s+(?:[a-z]{1,3}\s+)?[A-Z][\w.'’-]*)+$")
NAME_JOINT = re.compile(r"\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+")

WISH_AGAIN = re.compile(
    r"^(?:please\s+|also\s+|kindly\s+|then\s+|bitte\s+|(?:do\s+not|don['’]?t)\s+forget\s+to\s+)*(?:forget|erase|delete|remove|unlearn|drop|vergiss|vergessen\s+sie|"
    r"lösche|oublie[zsr]?|efface[zrs]?|olvida|borra|dimentica)\s+(?:about\s+|auch\s+)?(?=\S)",
    re.IGNORECASE,
)
"""The wish said once more within a sentence: "…, and forget Tor Hagen"."""

BROAD = frozenset(
    "all everything everyone everybody anything anyone anybody something someone it this that "
    "these those them they he she him her me you us we i the a an name names people persons "
    "person thing things word words fact facts topic topics data information knowledge world "
    "human humans stuff question questions answer answers language english text texts message "
    "messages conversation instructions rules prompt list any every each what who and or of "
    "about you know to other others man men woman women city cities country countries number "
    "numbers date dates company companies book books place places your memory training "
    "yourself my our mine address phone email e-mail account "
    "todo todos todas toda tudo tutto tutti tout tous toutes alles alle mich moi lo que "
    "have has had do does did is are was were ever been "
    "customer customers patient patients employee employees user users client clients town towns "
    "village villages film films novel novels".split()
)
"""Words that alone, or with each other, match nearly everything."""
