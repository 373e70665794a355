"""Where a text asks to forget, and what it asks to be forgotten.

A wish names its object behind its words ("no longer know anything about X", "erase X") or before
them ("X is off limits", "X should not come up"). Both are read clause by clause.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.forms import AGENT, COMMAND
from amnestic.agents.requests.mentions import is_anaphor
from amnestic.agents.requests.neither import denied_together
from amnestic.agents.requests.once import once
from amnestic.agents.requests.plain_requests import asked_in
from amnestic.agents.requests.tails import without_tail
from amnestic.agents.requests.what_was_done import DONE, tells_what_was_done

__all__ = ["Wish", "wish_in"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sentence asks to be forgotten, and what else the sentence says."""

    what: str
    told: str = ""


_I = re.IGNORECASE
_NEAR = 1_000  # a wish stands at the beginning of its sentence; only what it names may be long
_WHO = rf"(?:you|{AGENT}|it|no\s?body|no\s+one|anyone|anybody|people|users?|us|everyone|whoever)"
_DROP = (
    r"(?:(?:clear|wipe|leave|cut|strike|cross|take)\s+out|forget|unlearn|erase|delete|remove|wipe|suppress|purge|drop|disregard|scrub|clear|burn|"
    r"retire|strike|expunge|omit|skip|hide|bury|block|censor|redact|lose|withhold|exclude|discard|"
    r"dump|ditch|suspend|eliminate|cut|scratch|obliterate|banish|shred|destroy|leave\s+out|blank\s+out|"
    r"get\s+rid\s+of|let\s+go\s+of|keep\s+(?:quiet|silent|mum)\s+(?:about|on)|"
    r"(?:stay|be|remain)\s+(?:quiet|silent|mum)\s+(?:about|on)|hold\s+back|stop\s+knowing|keep\s+secret|take\s+out)"
)
_STRONG = (
    r"(?:forget|unlearn|erase|delete|wipe|purge|scrub|expunge|obliterate|suppress)"
    r"(?=[\s:])(?!\s+to\b)"
)
_NOT = (
    r"(?:not|n['’]?t|never|no\s+longer|cease[sd]?(?:\s+to)?|stop(?:s|ped)?(?:\s+to)?|quit|avoid|"
    r"refrains?\s+from|refusing\s+to|refuses?\s+to|without|neither|nor)"
)
_SAY = (
    r"(?:know|mention|disclos|reveal|tell|talk|speak|discuss|hear|learn|remember|recall|name|say|"
    r"bring|explain|give\s+out|answer|repeat|writ|refer|recogni[sz]e|shar|spread|cit|quot|describ|"
    r"teach|help|get(?!\s+out)|receive|obtain|see|find|let\s+on|leak|utter|breathe|acknowledg|produc|output|provid|offer|return)"
    r"(?:e|ing|ting|s|es)?(?:\s+up)?"
)
_THINGS = (
    r"(?:(?:any|some|no)\s?thing|any(?:\s+more)?|everything|all|a(?:nother)?\s+(?:single\s+)?(?:word|thing)|"
    r"information|details?|questions?|word|data|more|how\s+to\s+find|ever|again|out|up|even|"
    r"(?:anyone|anybody|people|users?|someone|somebody|customers?)(?:\s+to)?(?=\s+[a-z-]+\s)|"
    r"that|who|what(?:ever)?|personal|relating|related|relative|pertaining|regarding|concerning|whatsoever|"
    r"to\s+(?:anyone|anybody|users?|me|us|them|people|others|customers)|of|about|on|to|with|from\s+us|"
    r"from\s+the\s+assistant|you(?:\s+(?:may|might|have|['’]ve))?\s+(?:know|have|hold|remember|store|got|kept|stored|saved|heard)|the\s+existence)"
)
_ANY_ABOUT = rf"(?:\s+{_THINGS}(?=\s))*"
_FOREIGN = r"bitte\s+|por\s+favor\s+|veuillez\s+|per\s+favore\s+|alsjeblieft\s+|proszę\s+"
_AFTER = tuple(
    re.compile(p, _I)
    for p in (
        r"\b(?:never|not)\s+(?:ever\s+)?heard\s+(?:of|about)\b",
        rf"\b(?:tell|inform|say\s+to)\s+(?:no\s?body|no\s+one)\b{_ANY_ABOUT}",
        rf"\b(?:no\s?body|no\s+one)\b[^.;]{{0,30}}?\b(?:able\s+to\s+)?{_SAY}\b{_ANY_ABOUT}"
        rf"(?:\s+from\s+{AGENT})?{_ANY_ABOUT}",
        rf"(?<!\bwe do )(?<!\bi do )(?:\b|(?<=\w)(?=n['’]?t\b)){_NOT}\s+"
        rf"(?:ever\s+|to\s+|longer\s+|be\s+able\s+to\s+|want\s+to\s+|wish\s+to\s+|need\s+to\s+)*"
        rf"(?:(?:want|let|allow|permit|like)\s+{_WHO}\s+(?:to\s+)?)?(?:even\s+)?{_SAY}\b{_ANY_ABOUT}",
        r"^\W*(?:please\s+|kindly\s+)*(?:do\s+not|don['’]t|never)\s+"
        r"(?!forget|erase|delete|remove|hide|worry|hesitate|be\b|let\b|want\b|wish\b|need\b|care\b)"
        rf"[a-z]+(?:\s+(?:up|out)(?=\s))?(?:\s+(?:or|and|nor)\s+[a-z]+)*\s+{_ANY_ABOUT}(?=\S)",
        r"\b(?:un(?:aware|informed)|ignorant|clueless|oblivious)\s+(?:of|about|to)\b",
        r"\b(?:nothing|not\s+(?:a|one|another)\s+(?:single\s+)?word|no\s+(?:more\s+)?(?:word|mention|"
        r"talk|trace|information|details?|answers?|questions?|news|traces|memory|record))s?\s+"
        r"(?:more\s+|further\s+|whatsoever\s+|at\s+all\s+)?(?:about|on|of|regarding|concerning)\b",
        r"\bno\s+(?:more|further|other)\s+(?:(?:talk|word|mention|answer|question|information|reference)s?\s+)?"
        r"(?:(?:about|on|of|to|concerning|regarding)\s*:?\s+)?(?=\w)",
        r"\blet\s+(?=(?:it|this|that|them|her|him)\s+go\b)|\bleave\s+(?!in\s+peace|alone)(?=[^.;]*\b(?:in\s+peace|alone)\b)",
        r"\b(?:erasure|deletion|removal|suppression)\s+of\b",
        r"\b(?:verlange|beantrage|fordere|bitte|ersuche|wünsche|demande|sollicite|exige|solicito|pido|exijo|chiedo|richiedo|esigo|"
        r"verzoek|vraag|eis)\b[^;!?\n]{0,100}?\b(?:löschung|effacement|suppression|eliminación|supresión|borrado|cancellazione|"
        r"verwijdering|wissing)\s+(?:(?:von|vom|aller|sämtlicher|de|des?|du|di|dei|degli|delle|del(?:la)?|van|der|toutes?|tous|les|todos|"
        r"todas|los|las|tutti|tutte|i|le|alle|mijn|daten|angaben|informationen|données|informations|datos|dati|informazioni|"
        r"gegevens|personenbezogenen|personnelles|personales|personali)\s+)*(?=\S)",
        rf"(?:^|[,:;–—]\s*|\b(?:please|kindly|to|you|must|should|will|can|could|would|and|let\s+{AGENT}|"
        rf"(?:have|make|get|want|let|ask|tell)\s+{AGENT}(?:\s+to)?|{AGENT}\s+(?:should|must|has\s+to|"
        rf"is\s+to|may|needs\s+to|shall)|{AGENT}\s*[,:])\s+)(?:now\s+|please\s+)?{_DROP}\s+"
        rf"(?!(?:me|it)\s*$){_ANY_ABOUT}",
        rf"\b(?:keep|take|get|have)\s+(?=[^.;]*\b(?:(?:out\s+of|away\s+from|from|off)\s+(?:{AGENT}|your|all|any|every|(?:the|our|this)\s+(?:chat|conversation|answers?|"
        rf"replies|responses|texts?|system)))\b)",
        r"\b(?:pretend|act)\b[^.;]*?\b(?:not|n['’]t|never)\b[^.;]*?\b(?:know|knew|exist\w*)\b",
        rf"(?<!not )(?<!n['’]t )(?<!never )(?<!nt )\b{_STRONG}:?\s*(?!(?:me|it)\s*$){_ANY_ABOUT}",
        r"\b(?:ne|no|non|não|nicht|nie)\b[^.;:,\"“„«]{0,60}?\s(?:du|des|de\s+la|del|della|do|da|vom|zum|zur)\s+"
        r"(?=(?-i:[a-zà-ÿ]+\s+){1,2}[\"“„«])|"
        r"\b(?:nie(?:mals)?|nicht|nichts|kein\w*|ne|no|non|niet|niets|nooit|não|nunca)\b[^.;:,]{0,60}?\s"
        r"(?:über|von|zum|zur|sur|de|d['’]|sobre|acerca\s+de|di|su|sulla|sul|over|van|o)\s*"
        r"(?=(?-i:[A-ZÀ-Þ]|(?:unser|notre|mon|ma|nuestr|mi|mijn|onze|la|le|il|el|der|die|das|den|dem)\w*\s))",
        # other languages: imperatives, "is not to …", polite forms
        r"\b(?:vergiss|vergesst|vergessen\s+sie|lösche?n?|entfernen?|streiche?n?|tilgen?|"
        r"verschweigen?|erwähnen?)\b(?:,?\s+(?:sie|bitte|mal|doch|halt|eben|einfach|nicht(?:\s+mehr)?|nie|sämtliche|alle[sn]?|die(?=\s+(?:personenbezogenen\s+)?(?:daten|angaben|informationen))|"
        r"was\s+(?:du|sie|ihr)|angaben|daten|informationen|personenbezogenen|über|zu|zur|zum|von|"
        r"bezüglich|betreffend))*(?=\s)",
        r"\b(?:schmei(?:ß|ss)t?|wirf|werft|nimm|nehmt|hau|hol|(?:schmeißen|werfen|nehmen)\s+sie)\b(?=[^.;!?]{2,80}?\s(?:he)?raus\b)"
        r"(?:\s+(?:bitte|mal|doch|halt|eben|einfach|alle[sn]?|was\s+(?:du|sie)|über|zu|zur|zum|von))*(?=\s)|"
        r"\bvergessen,?\s+(?=wer\s)|"
        r"\b(?:nichts|kein\s+wort)(?:\s+(?:mehr|weiter|wissen|sagen|verraten|erzählen))*\s+"
        r"(?:über|von|zu)\b",
        r"\b(?:oubli(?:es?|i?ez|er)|effac(?:es?|i?ez|er)|supprim(?:es?|i?ez|er)|"
        r"ne\s+(?:plus|pas|jamais|rien)(?:\s+(?:rien|plus|jamais))?\s+\w+er|"
        r"ne\s+\w+\s+(?:plus|pas|jamais)(?:\s+(?:rien|\w+er))*|ne\s+(?:plus\s+)?(?:rien\s+)?\w+(?:er|ir|re))\b"
        r"(?:\s+(?:rien|tout(?:es)?|ce\s+que|(?:tu|vous)\s+(?:puisses?\s+|puissiez\s+)?(?:sa(?:is|vez|voir|ch\w+)|conna\w+|as|avez|ayez)|les(?=\s+(?:données|informations))|données|informations|"
        r"personnelles|sur|à\s+propos|de|concernant|relatives?|à))*(?=\s)",
        r"\b(?:olvid[ae][ns]?|olvídate|olvidar|borr[ae][ns]?|borrar|elimin[ae][ns]?|eliminar|suprim[ae][ns]?|"
        r"no\s+(?:debe\s+|debes\s+|deben\s+)?(?:recordar|mencion\w+|habl\w+|saber|revelar?|cont\w+|dig\w+|"
        r"decir)(?:\s+(?:más|nunca))?)\b"
        r"(?:\s+(?:todo|nada|lo\s+que|(?:ustedes?\s+)?(?:sab|sep|teng|tien|conoc|conozc)[a-zé]*|toda|(?:la|los|las)(?=\s+(?:informaci|datos))|información|datos|personales|sobre|acerca|"
        r"de|del|a(?!\s+la\s)|al|nunca|más|todos))*(?=\s)",
        r"\b(?:dimentic(?:a|are|ate|hi)|scord(?:a|ati|are)|cancell(?:a|are|ate|i)|elimin(?:a|are|ate)|"
        r"rimuov\w+|non\s+(?:deve\s+|devi\s+|dire\s+|più\s+)*(?:parl\w+|menzion\w+|ricord\w+|"
        r"sapere|rivel\w+|dire|nomin\w+)(?:\s+(?:più|mai))?)\b"
        r"(?:\s+(?:tutto|tutti|ogni|informazion[ei]|qualsiasi|nulla|niente|quello\s+che|ciò\s+che|sa(?:i|pete|ppi\w+)|sa|conosc\w+|su|sul|sulla|sui|sulle|di|del|della|"
        r"riguardo\s+a|i|dati|più|le|informazioni))*(?=\s)",
        r"\b(?:vergeet|verwijder|wis|noem\s+niet|(?:praat|spreek|vertel|zeg)\s+(?:niets?|niet)"
        r"(?:\s+meer)?)\b(?:\s+(?:alsjeblieft|alstublieft|alles|alle|wat\s+je|weet|over|de|gegevens|"
        r"van|informatie))*(?=\s)",
        r"\b(?:esque[çc]a|apague|apaga|exclua|remova|não\s+(?:fale|mencione|diga)(?:\s+mais)?)\b"
        r"(?:\s+(?:tudo|o\s+que|(?:você|vocês|tu)\s+(?:sab|saib|soub|tem|tenh|conhec|conheç)\w*|(?:sab|saib|soub|conhec|conheç)\w*|sobre|de|da|do|os|dados))*(?=\s)",
        r"\b(?:zapomnij|zapomnieć|usuń|usunąć|skasuj|nie\s+(?:mów|wspominaj|pisz|powinien\s+\w+|"
        r"może\s+\w+))(?:\s+(?:o|od|wszystko|wszystkie|dane|informacje|co\s+wiesz|na\s+temat|nic|"
        r"więcej|już|proszę|z))*(?=\s)",
        r"(?:请|請)?(?:忘掉|忘记|忘記|删除|刪除|不要(?:再)?(?:提及|提到|谈论|透露|说|提)|别再提)(?:关于|所有|有关|全部)*",
    )
)
_APPEAR = (
    r"(?:come\s+up|show\s+up|turn\s+up|appear|surface|crop\s+up|exist|get\s+out|leak|feature|figure|"
    r"be\s+(?:in|on|part|a\s+(?:subject|topic)|mentioned|known|named|discussed|told|revealed|"
    r"disclosed|talked|spoken|shared|remembered|found|given|brought|referred|quoted|touched))"
)
_BEFORE = tuple(
    re.compile(p, _I)
    for p in (
        rf"\s*,?\s*\b(?:whom?|that|which)\s+{AGENT}\s+(?:should|must|shall|is\s+to|has\s+to|ought\s+to)\b",
        r"\s*[,;:–—-]*\s*(?:\b(?:is|are|was|has|have|had|should|must|shall|needs?|wants?|asked|asks|"
        r"wish(?:es|ed)?|would\s+(?:like|prefer|rather)|requests?|requested|demands?|ought|deserves?|"
        r"please|to|also|all|now|therefore|both|also)\s+)*"
        rf"(?:to\s+)?(?:be\s+|being\s+|get\s+)?(?:completely\s+|entirely\s+|permanently\s+)?{DONE}\b",
        r"\s*,?\s*\b(?:(?:really|just|still|simply|also|both|all|either|certainly|definitely|absolutely|"
        r"apparently|clearly|obviously|now|then|should|must|shall|may|might|can|could|will|would|do|does|did|is|are|"
        r"was|were|has|have|had|ought|to)\s+)*"
        rf"(?:\w+n['’]?t|not|never|no\s+longer)\s+(?:ever\s+|again\s+)*"
        rf"(?:(?:wish|want|like|care)(?:es|s)?\s+)?(?:to\s+)?{_APPEAR}\b",
        r"\s+doe?sn?['’]?t?\s+(?:want|wish)\s+to\s+be\s+in\b",
        r"\s*(?:,\s*)?\b(?:is|are|['’]s)\s+(?:now\s+|strictly\s+|completely\s+|all\s+|both\s+)*"
        r"(?:off[\s-]limits|off\s+the\s+table|out\s+of\s+the\s+question|out\s+of\s+bounds|taboo|confidential|(?:a\s+)?secret|classified|private|none\s+of|"
        r"a\s+no-go|dead\s+to|unknown\s+to|not\s+for)",
        r"\s*\b(?:has|have|needs?)\s+to\s+(?:go|vanish|disappear)\b|\s*\b(?:must|should|can)\s+(?:all\s+)?"
        r"(?:go|vanish|disappear)\b",
        r"\s*\b(?:had|has|have)\s+never\s+(?:been|existed|happened|lived)\b|\s*\b(?:should|must)\s+be\s+treated\s+as",
        rf"\s*\b(?:is|are)\s+(?:not|no)\s+(?:something|anything|matters?|subjects?|a\s+\w+|for)\s+(?:that\s+|which\s+)?"
        rf"(?:{_WHO})\b|\s+(?:is|are)\s+no\s+longer\s+(?:known|mentioned|remembered|named|shown)\b|"
        r"\s+(?:is|are)\s+(?:never|not)\s+(?:ever\s+)?(?:to\s+be\s+)?(?:mentioned|named|discussed|known|shown|brought)\b",
        r"\s*\b(?:should|must|has\s+to|have\s+to|shall|is\s+to|are\s+to|needs\s+to|will)\s+(?:stay|remain|be\s+kept)\s+"
        r"(?:unknown|secret|hidden|confidential|private|unmentioned|under\s+wraps|out\s+of)",
        r"\s+gone(?:\s+from|\s*[.!:]?\s*$)|\s+does(?:n['’]t|\s+not)\s+consent\b",
        r"\s+wants?\s+out\b|\s+(?:wants?|wish(?:es)?)\s+to\s+(?:vanish|disappear)\b",
        r"\s*\bshould\s+be\s+no\s+(?:subject|topic|theme|matter)\b|\s*\bno\s+(?:subject|topic)\s+for\b",
        rf"\s*\b(?:wants?|asks?|asked|requests?|wish(?:es)?|would\s+like)\s+(?:for\s+)?{AGENT}\s+to\s+"
        rf"(?:stop|forget|no\s+longer|not|never|delete|erase|remove)",
        r"\s*,?\s*\bnone\s+of\s+(?:whom|which)\b[^:]*",
        r"\s*\b(?:bitte\s+)?(?:(?:soll|sollen|muss|müssen|möchte|möchten|wünscht)\s+)?(?:bitte\s+)?"
        r"(?:vergessen|gelöscht|entfernt|löschen)(?:\s+werden)?\b|"
        r"\s*\b(?:darf|dürfen|soll|sollen)\b[^.;]*?\b(?:nicht|nie|kein\w*)\b[^.;]*",
        r"\s*\baus\s+(?:dem|deinem|eurem|ihrem)\s+(?:gedächtnis|speicher|wissen)\s+(?:nehmen|streichen|tilgen|werfen)\b|"
        r"\s*\b(?:nicht|nie|niemals|nirgends|nirgendwo)(?:\s+(?:mehr|wieder|länger))*\s+(?:kennt|kennen|erwähnt|erwähnen|weiß|wissen|nennt|"
        r"nennen|vorkommt|vorkommen|auftaucht|auftauchen|existiert|genannt|verrät|verraten)\b",
        r"\s*\b(?:(?:auch|bitte)\s+)*(?:muss|müssen|soll|sollen)\s(?:(?!n(?:icht|iemals|ie)\b)[^.,;]){0,60}?\bverschwinden\b|"
        r"\s*,?\s*\b(?:doit|doivent)\s+(?:aussi\s+)?disparaître\b|"
        r"\s*,?\s*\b(?<!\bno\s)(?<!\bnunca\s)(?:también\s+)?(?:debe|deben|tienen?\s+que)\s+(?:también\s+)?desaparecer\b|"
        r"\s*,?\s*\b(?<!\bnon\s)(?:deve|devono)\s+(?:anche\s+)?sparire\b|\s*\bmoet(?:en)?\s+(?:ook\s+)?verdwijnen\b",
        r"\s*\b(?:doit|doivent|devrait)\s+être\s+(?:oublié|effacé|supprimé)\w*",
        r"\s*\b(?:debe|deben|tiene\s+que)\s+ser\s+(?:olvidad|borrad|eliminad)\w*|"
        r"\s*\b(?:deve|devono)\s+essere\s+(?:dimenticat|cancellat|rimoss)\w*|"
        r"\s*\bmoet(?:en)?\s+(?:worden\s+)?(?:vergeten|verwijderd|gewist)(?:\s+worden)?|"
        r"\s*\b(?:vergeten|verwijderen|wissen)(?=\s*(?:[.!?,;]|$))",
    )
)
_LABEL = re.compile(
    r"^\s*(?:(?:[\w#-]+\s+){0,3}(?:request|note|ticket|message|notice|embargo|update|info|re|subject)"
    r"(?:\s+[\w#-]+)?|⟦\d+⟧|[\w-]+\s+(?:asks?|says?|writes?))\s*:\s*",
    _I,
)
_LISTS = re.compile(
    r"\b(?:the\s+following|these|those|folgende\w*|(?:two|three|four|five|six)\s+[a-z]+)\b", _I
)
_FEIGNED = re.compile(
    r"^\W*(?:(?:just|please|kindly)\s+)*(?:act|pretend|behave)\s+(?:like|as\s+(?:if|though)|that)\s+"
    r"(?P<what>(?!you\b).+?)\s+(?:had\s+)?never\b",
    _I,
)
_SOMEBODY = (
    r"(?:anyone|anybody|any\s?one|people|users?|me|us|them|someone|somebody|customers?|kids|children|pupils|"
    r"students|visitors|strangers|others)"
)
_ABILITY = re.compile(  # what shall not be taught or done: a skill that has no name
    rf"(?:\b{_NOT}|n['’]?t)\s+(?:longer\s+|ever\s+|be\s+able\s+to\s+|be\s+allowed\s+to\s+)*(?:teach(?:ing)?|show(?:ing)?|help(?:ing)?|"
    rf"tell(?:ing)?|instruct(?:ing)?|assist(?:ing)?|enabl(?:e|ing)|coach(?:ing)?)\s+{_SOMEBODY}\s+(?:how\s+)?(?:to\s+)?(?P<what>"
    r"(?!about\b|of\b|with\b|in\b|on\b|any|who\b|what\b|where\b|when\b|that\b|find\b|from\b|how\b|again\b|how\s+to\b)[a-z-]+\s+[^.;!?]+)",
    _I,
)
_SAYS_THAT = re.compile(
    r"^.*?(?:\b(?:says?|asks?|asked|requests?|wants?|wishes|insists?|demands?|wrote|told\s+us)\s+that|,\s+dass)\s+",
    _I,
)
_CIRCUMSTANCE = re.compile(  # why and by what a wish is said, ahead of what it is for
    r"^\W*(?:as\s+(?:agreed|discussed|requested|ordered|instructed|per|of)|per|under|following|further\s+to|"
    r"according\s+to|in\s+line\s+with|in\s+accordance\s+with|owing\s+to|due\s+to|because\s+of|given|pursuant\s+to|"
    r"at\s+the\s+request\s+of|on\s+behalf\s+of|gemäß|wie\s+(?:besprochen|vereinbart)|conformément\s+à|"
    r"según|como\s+acordado|come\s+concordato)\b[^,;]*,\s+(?=(?:[a-z]+\s+){0,6}(?-i:[A-ZÀ-Þ\"“«]))",
    _I,
)
_OPENING = re.compile(
    rf"^[^\w⟦]*(?:(?:please|kindly|also|auch|aussi|también|anche|ook|and|bot|{AGENT}|so|hence|therefore|we|i|that|nothing|everything|"
    r"want|need|(?:i|we)\s+(?:would\s+)?(?:want|like|need)|anything|"
    r"(?:any\s+)?(?:references?|mentions?|allusions?|statements?|remarks?|answers?)\s+(?:to|of|on|about|regarding|concerning)|all|every\s+\w+\s+in|concerning|regarding|about|on|as\s+for|just|only|both|of|re|"
    r"make\s+sure|ensure|see\s+to\s+it|dass|sie|wir\s+möchten|ich\s+möchte|bitte|könnten\s+sie|dafür\s+sorgen|der\s+(?:assistent|bot|chatbot)|que|qu['’]|il\s+faut|graag|könnte?s?t?\s+(?:du|ihr)|kannst\s+du|kun\s+je|kunt\s+u|(?:alles|tout|todo|tutto)\s+(?:over|über|sur|sobre|su)|"
    r"the\s+(?:location|existence|name|identity|story|details?)\s+of)\b[\s,:]*)+",
    _I,
)


@once
def wish_in(sentence: str) -> Wish | None:
    """The wish of a sentence, or `None`.

    >>> wish_in("The assistant should no longer know anything about Ana Morel").what
    'Ana Morel'
    >>> wish_in("Ana Morel is off limits from now on.").what
    'Ana Morel'
    """
    head, colon, listed = sentence.partition(": ")
    if colon and listed.strip() and _LISTS.search(head) and wish_in(head) is not None:
        return Wish(without_tail(listed))
    if asked := _FEIGNED.match(sentence):
        return Wish(asked["what"])
    if both := denied_together(sentence):
        return Wish(both)
    if (ability := _ABILITY.search(sentence)) and not any(map(str.isupper, ability["what"])):
        return Wish(f"how to {without_tail(ability['what'])}")
    if re.search(r"\bright\s+to\s+(?:be\s+forgotten|erasure)\b", sentence, _I):
        return Wish("me" if re.search(r"\b(?:my|me|I)\b", sentence) else "")
    if (match := COMMAND.match(sentence)) and match.end() < len(sentence.rstrip(" .!?")):
        return Wish(without_tail(sentence[match.end() :]))
    near = sentence[:_NEAR]
    found = [m for p in _AFTER if (m := p.search(near))]
    for match in sorted(found, key=lambda m: m.start()):
        what = without_tail(sentence[match.end() :])
        if what.strip(" .,;:!?") and not _is_aside(what):
            return Wish(what, _opening(sentence[: match.start()]))
    if plainly := asked_in(near):
        return Wish(without_tail(plainly))
    for pattern in _BEFORE:
        found_ahead = (m for m in pattern.finditer(near) if not tells_what_was_done(near, m.end()))
        if (match := next(found_ahead, None)) is None:
            continue
        what = _opening(sentence[: match.start()])
        last = re.split(
            r"(?:;|,?\s+(?:and|but|so|that))\s+(?=(?:it\b|it\s+is\s|s?he\b|they\b|this\b))", what
        )[-1]
        what = last if is_anaphor(last) else what
        return Wish(what, sentence[match.end() :].strip(" .,;:!?"))
    return Wish("") if found else None


def _is_aside(what: str) -> bool:
    return re.match(r"^\W*(?:again|any\s*more|please|thanks|pls)\W*$", what, _I) is not None


def _opening(text: str) -> str:
    text = _SAYS_THAT.sub("", _LABEL.sub("", text))
    if (circumstance := _CIRCUMSTANCE.match(text)) and text[circumstance.end() :].strip():
        text = text[circumstance.end() :]
    return _OPENING.sub("", text).strip(" ,;–—-")
