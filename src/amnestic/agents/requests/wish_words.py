"""The wordings of a wish, as patterns: what stands before and behind what shall be forgotten."""

from __future__ import annotations

import re

__all__ = ["AFTER", "AGENT", "BEFORE", "DONE", "NOT"]

_I = re.IGNORECASE
AGENT = (
    r"(?:(?:the|your|our|this|that|my|any|teh)\s+)?(?:(?:language|support|ai|virtual|digital|chat)\s+)*"
    r"(?:assistant|chat\s?bot|bot|model|ai|llm|helper|system|agent|machine|tool|copilot)(?:['’]s)?"
)
"""Whom a request calls what is to forget."""
_WHO = rf"(?:you|{AGENT}|it|no\s?body|no\s+one|anyone|anybody|people|users?|us|everyone|whoever)"
_DROP = (
    r"(?:(?:clear|wipe|leave|cut|strike|cross|take)\s+out|forget|un-?learn|un-?know|erase|delete|remove|wipe|suppress|purge|drop|disregard|scrub|clear|burn|"
    r"retire|strike|expunge|omit|skip|hide|bury|block|censor|redact|lose|withhold|exclude|discard|"
    r"dump|ditch|suspend|eliminate|cut|scratch|obliterate|banish|shred|destroy|leave\s+out|blank\s+out|"
    r"get\s+rid\s+of|let\s+go\s+of|keep\s+(?:quiet|silent|mum)\s+(?:about|on)|"
    r"(?:stay|be|remain)\s+(?:quiet|silent|mum)\s+(?:about|on)|hold\s+back|stop\s+knowing|keep\s+secret|take\s+out)"
)
_STRONG = (
    r"(?:forget|un-?learn|un-?know|erase|delete|wipe|purge|scrub|expunge|obliterate|suppress)"
    r"(?=[\s:])(?!\s+to\b)"
)
NOT = (
    r"(?:not|n['’]?t|never|no\s+longer|cease[sd]?(?:\s+to)?|stop(?:s|ped)?(?:\s+to)?|quit|avoid|"
    r"refrains?\s+from|refusing\s+to|refuses?\s+to|without|neither|nor)"
)
_SAY = (
    r"(?:kn[eo]w|mention|disclos|reveal|tell|talk|speak|discuss|hear|learn|remember|recall|name|say|"
    r"bring|explain|give\s+out|answer|repeat|writ|refer|recogni[sz]e|shar|spread|cit|quot|describ|"
    r"teach|help|get(?!\s+out)|receive|obtain|see|find|let\s+on|leak|utter|breathe|acknowledg|produc|output|provid|offer|return)"
    r"(?:e|ing|ting|s|es)?(?:\s+up)?"
)
_THINGS = (
    r"(?:(?:any|some|no)\s?thing|any(?:\s+more)?|everything|all|a(?:nother)?\s+(?:single\s+)?(?:word|thing)|"
    r"information|details?|questions?|word|data|more|how\s+to\s+find|ever|again|out|up|even|"
    r"(?:anyone|anybody|people|users?|someone|somebody|customers?)(?:\s+to)?(?=\s+[a-z-]+\s)|"
    r"(?:your\s+)?(?:recollections?|memor(?:y|ies)|knowledge)(?=\s+(?:of|about|on)\s)|"
    r"that|who|what|personal|relating|related|relative|pertaining|regarding|concerning|whatsoever|"
    r"to\s+(?:anyone|anybody|users?|me|us|them|people|others|customers)|of|about|on|to|with|from\s+us|"
    r"from\s+the\s+assistant|you\s+(?:may\s+|might\s+)?(?:know|have|hold|remember|store)|the\s+existence)"
)
_ANY_ABOUT = rf"(?:\s+{_THINGS}(?=\s))*"
_FOREIGN = r"bitte\s+|por\s+favor\s+|veuillez\s+|per\s+favore\s+|alsjeblieft\s+|proszę\s+"
AFTER = tuple(
    re.compile(p, _I)
    for p in (
        r"\b(?:never|not)\s+(?:ever\s+)?heard\s+(?:of|about)\b",
        rf"\b(?:tell|inform|say\s+to)\s+(?:no\s?body|no\s+one)\b{_ANY_ABOUT}",
        rf"\b(?:no\s?body|no\s+one)\b[^.;]{{0,30}}?\b(?:able\s+to\s+)?{_SAY}\b{_ANY_ABOUT}"
        rf"(?:\s+from\s+{AGENT})?{_ANY_ABOUT}",
        rf"(?<!\bwe do )(?<!\bi do )(?:\b|(?<=\w)(?=n['’]?t\b)){NOT}\s+"
        rf"(?:ever\s+|to\s+|longer\s+|be\s+able\s+to\s+|want\s+to\s+|wish\s+to\s+|need\s+to\s+)*"
        rf"(?:(?:want|let|allow|permit|like)\s+{_WHO}\s+(?:to\s+)?)?(?:even\s+)?{_SAY}\b{_ANY_ABOUT}",
        r"^\W*(?:please\s+|kindly\s+)*(?:do\s+not|don['’]t|never)\s+"
        r"(?!forget|erase|delete|remove|hide|worry|hesitate|be\b|let\b|want\b|wish\b|need\b|care\b)"
        rf"[a-z]+(?:\s+(?:or|and|nor)\s+[a-z]+)*\s+{_ANY_ABOUT}(?=\S)",
        r"\b(?:un(?:aware|informed)|ignorant|clueless|oblivious)\s+(?:of|about|to)\b",
        r"\b(?:nothing|not\s+(?:a|one|another)\s+(?:single\s+)?word|no\s+(?:more\s+)?(?:word|mention|"
        r"talk|trace|information|details?|answers?|questions?|news|traces|memory|record))s?\s+"
        r"(?:more\s+|further\s+|whatsoever\s+|at\s+all\s+)?(?:about|on|of|regarding|concerning)\b",
        r"\bno\s+(?:more|further|other)\s+(?:(?:talk|word|mention|answer|question|information|reference)s?\s+)?"
        r"(?:(?:about|on|of|to|concerning|regarding)\s*:?\s+)?(?=\w)",
        r"\blet\s+(?=(?:it|this|that|them|her|him)\s+go\b)|\bleave\s+(?!in\s+peace|alone)(?=[^.;]*\b(?:in\s+peace|alone)\b)",
        rf"(?:^\W*|\b(?:please|kindly|to|you|should|must|shall|{AGENT})\s+)(?:have|has|had)\s+no\s+"
        r"(?:more\s+|further\s+)?(?:knowledge|recollection|notion)\s+(?:whatsoever\s+|at\s+all\s+)?"
        r"(?:about|on|of)\b",
        r"\b(?:erasure|deletion|removal|suppression)\s+of\b",
        rf"\bif\s+you\s+(?:would\s+|could\s+)?(?:forgot|unlearn(?:ed|t)|erased|deleted|dropped)\b{_ANY_ABOUT}",
        rf"(?:^|[,:;–—]\s*|\b(?:please|kindly|to|you|must|should|will|can|could|would|and|let\s+{AGENT}|"
        rf"(?:have|make|get|want|let|ask|tell)\s+{AGENT}(?:\s+to)?|{AGENT}\s+(?:should|must|has\s+to|"
        rf"is\s+to|may|needs\s+to|shall)|{AGENT}\s*[,:])\s+)(?:now\s+|please\s+)?{_DROP}\s+"
        rf"(?!(?:me|it)\s*$){_ANY_ABOUT}",
        rf"\b(?:keep|take|get|have|leave)\s+(?=[^.;]*\b(?:(?:out\s+of|away\s+from|from|off)\s+(?:{AGENT}|your|all|any|every|everything|(?:the|our|this)\s+(?:chat|conversation|answers?|"
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
        r"verschweigen?|erwähnen?)\b(?:\s+(?:sie|bitte|nicht(?:\s+mehr)?|nie|sämtliche|alle[sn]?|die(?=\s+(?:personenbezogenen\s+)?(?:daten|angaben|informationen))|"
        r"was\s+(?:du|sie)|angaben|daten|informationen|personenbezogenen|über|zu|zur|zum|von|"
        r"bezüglich|betreffend))*(?=\s)",
        r"\b(?:nichts|kein\s+wort)(?:\s+(?:mehr|weiter|wissen|sagen|verraten|erzählen))*\s+"
        r"(?:über|von|zu)\b",
        r"\b(?:oubli(?:e|ez|er)|effac(?:e|ez|er)|supprim(?:e|ez|er)|"
        r"ne\s+(?:plus|pas|jamais|rien)(?:\s+(?:rien|plus|jamais))?\s+\w+er|"
        r"ne\s+\w+\s+(?:plus|pas|jamais)(?:\s+(?:rien|\w+er))*|ne\s+(?:plus\s+)?(?:rien\s+)?\w+(?:er|ir|re))\b"
        r"(?:\s+(?:rien|tout(?:es)?|ce\s+que|(?:tu|vous)\s+sa(?:is|vez)|les(?=\s+(?:données|informations))|données|informations|"
        r"personnelles|sur|à\s+propos|de|concernant|relatives?|à))*(?=\s)",
        r"\b(?:olvid[ae]n?|olvídate|olvidar|borr[ae]n?|borrar|elimin[ae]n?|eliminar|suprim[ae]n?|"
        r"no\s+(?:debe\s+|debes\s+|deben\s+)?(?:recordar|mencion\w+|habl\w+|saber|revelar?|cont\w+|dig\w+|"
        r"decir)(?:\s+(?:más|nunca))?)\b"
        r"(?:\s+(?:todo|nada|lo\s+que|sabes?|toda|(?:la|los|las)(?=\s+(?:informaci|datos))|información|datos|personales|sobre|acerca|"
        r"de|del|a(?!\s+la\s)|al|nunca|más|todos))*(?=\s)",
        r"\b(?:dimentic(?:a|are|ate|hi)|scord(?:a|ati|are)|cancell(?:a|are|ate|i)|elimin(?:a|are|ate)|"
        r"rimuov\w+|non\s+(?:deve\s+|devi\s+|dire\s+|più\s+)*(?:parl\w+|menzion\w+|ricord\w+|"
        r"sapere|rivel\w+|dire|nomin\w+)(?:\s+(?:più|mai))?)\b"
        r"(?:\s+(?:tutto|tutti|ogni|informazion[ei]|qualsiasi|nulla|niente|quello\s+che|ciò\s+che|sai|sa|su|sul|sulla|sui|sulle|di|del|della|"
        r"riguardo\s+a|i|dati|più|le|informazioni))*(?=\s)",
        r"\b(?:vergeet|verwijder|wis|noem\s+niet|(?:praat|spreek|vertel|zeg)\s+(?:niets?|niet)"
        r"(?:\s+meer)?)\b(?:\s+(?:alsjeblieft|alstublieft|alles|alle|wat\s+je|weet|over|de|gegevens|"
        r"van|informatie))*(?=\s)",
        r"\b(?:esque[çc]a|apague|apaga|exclua|remova|não\s+(?:fale|mencione|diga)(?:\s+mais)?)\b"
        r"(?:\s+(?:tudo|o\s+que|sabe|sobre|de|da|do|os|dados))*(?=\s)",
        r"\b(?:zapomnij|zapomnieć|usuń|usunąć|skasuj|nie\s+(?:mów|wspominaj|pisz|powinien\s+\w+|"
        r"może\s+\w+))(?:\s+(?:o|od|wszystko|wszystkie|dane|informacje|co\s+wiesz|na\s+temat|nic|"
        r"więcej|już|proszę|z))*(?=\s)",
        r"\b(?:glöm(?:ma)?(?:\s+bort)?|glem(?:me)?|slett|slet|unohda|felejtsd\s+el|felejts(?:e|ük)\s+el|"
        r"zapomeň(?:te)?|zabudni(?:te)?|uită|uitați|zaboravi(?:te)?|pozabi(?:te)?)\b"
        r"(?:\s+(?:allt|alt|om|som|du|vet|ved|kaikki|na|všechno|o|vše|tot|despre|sve))*(?=\s)",
        r"(?:请|請)?(?:忘掉|忘记|忘記|删除|刪除|不要(?:再)?(?:提及|提到|谈论|透露|说|提)|别再提)(?:关于|所有|有关|全部)*",
    )
)
DONE = (
    r"(?:forgotten|erased|deleted|removed|unlearn(?:ed|t)|wiped|purged|dropped|suppressed|scrubbed|"
    r"treated\s+as\s+unknown|kept\s+(?:quiet|secret|out|from|under)|hidden|blocked|left\s+(?:out|alone|"
    r"in\s+peace)|struck|stripped|expunged|eliminated|obliterated|banished|scratched|shredded|retired|withheld|burned|taken\s+out|cleared|excluded|redacted|omitted)"
)
_APPEAR = (
    r"(?:come\s+up|show\s+up|turn\s+up|appear|surface|crop\s+up|exist|get\s+out|leak|feature|figure|"
    r"be\s+(?:in|on|part|a\s+(?:subject|topic)|mentioned|known|named|discussed|told|revealed|"
    r"disclosed|talked|spoken|shared|remembered|found|given|brought|referred|quoted|touched))"
)
BEFORE = tuple(
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
        r"\s*\b(?:should|must|shall|has\s+to|have\s+to|is\s+to|are\s+to|needs?\s+to)\s+be\s+"
        r"(?:(?:completely|entirely|totally|wholly)\s+)?unknown\b",
        r"\s*\bshould\s+be\s+no\s+(?:subject|topic|theme|matter)\b|\s*\bno\s+(?:subject|topic)\s+for\b",
        rf"\s*\b(?:wants?|asks?|asked|requests?|wish(?:es)?|would\s+like)\s+(?:for\s+)?{AGENT}\s+to\s+"
        rf"(?:stop|forget|no\s+longer|not|never|delete|erase|remove)",
        r"\s*,?\s*\bnone\s+of\s+(?:whom|which)\b[^:]*",
        r"\s*\b(?:bitte\s+)?(?:(?:soll|sollen|muss|müssen|möchte|möchten|wünscht)\s+)?(?:bitte\s+)?"
        r"(?:vergessen|gelöscht|entfernt|löschen)(?:\s+werden)?\b|"
        r"\s*\b(?:darf|dürfen|soll|sollen)\b[^.;]*?\b(?:nicht|nie|kein\w*)\b[^.;]*",
        r"\s*\b(?:nicht|nie|niemals|nirgends|nirgendwo)(?:\s+(?:mehr|wieder|länger))*\s+(?:kennt|kennen|erwähnt|erwähnen|weiß|wissen|nennt|"
        r"nennen|vorkommt|vorkommen|auftaucht|auftauchen|existiert|genannt|verrät|verraten)\b",
        r"\s*\b(?:doit|doivent|devrait)\s+être\s+(?:oublié|effacé|supprimé)\w*",
        r"\s*\b(?:debe|deben|tiene\s+que)\s+ser\s+(?:olvidad|borrad|eliminad)\w*|"
        r"\s*\b(?:deve|devono)\s+essere\s+(?:dimenticat|cancellat|rimoss)\w*|"
        r"\s*\bmoet(?:en)?\s+(?:worden\s+)?(?:vergeten|verwijderd|gewist)(?:\s+worden)?",
    )
)
