"""Which language a short text is in, well enough to answer in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["language_of"]

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
)
_UKRAINIAN = re.compile(
    r"[іїєґ]|\b(?:хто|що|такий|така|таке|це|коли|чому|чи|де|як|який|яка|яке|цього|мене|немає)\b",
    re.IGNORECASE,
)
_RUSSIAN = re.compile(r"[ыэъё]|\b(?:кто|что|это|такой|такая|когда|почему)\b", re.IGNORECASE)
_WORDS = {
    "en": "the is are was were of and who what when where why how did does do in to for with which "
    "tell me about please a an you can",
    "de": "der die das ist sind war waren und wer was wann wo warum wie welche welcher welches hat "
    "ich weiß wurde wurden geboren kann von mit für ein eine mir über bitte den dem im zu nicht "
    "keine",
    "fr": "le la les est sont était et qui que quoi quand où pourquoi comment quel quelle de du "
    "des je ne pas sais un une dans pour avec sur moi dans qu'est-ce c'est ce",
    "es": "el la los las es son fue y quién quien qué que cuándo cuando dónde donde por cómo como "
    "lo sé no cuál de del un una en con sobre para me",
    "it": "il lo la gli è sono era e chi che cosa quando dove perché come quale di del della un "
    "una non so ho al mi in con su per informazioni",
    "pt": "o a os as é são foi e quem que quando onde por como qual de do da dos das um uma em com "
    "sobre para me não sei",
    "nl": "de het een is zijn was waren en wie wat wanneer waar waarom hoe welke van in met voor "
    "over mij niet op ik weet dat geen",
    "pl": "kto co kim czym jest są był była było kiedy gdzie dlaczego jak który która które nie w "
    "z na do o się to że i wiem mam mi mnie proszę temat informacji tym",
    "sv": "vem vad är var när hur varför vilken vilket vilka och att det som en ett på av med för "
    "till om inte jag vet har mig den ingen information",
    "no": "hvem hva er var når hvor hvorfor hvordan hvilken hvilket og at det som en et på av med "
    "for til om ikke jeg vet har meg den ingen",
    "da": "hvem hvad er var hvornår hvor hvorfor hvordan hvilken hvilket og at det som en et på af "
    "med for til om ikke jeg ved har mig den ingen",
    "fi": "kuka mikä mitä on oli ovat milloin missä miksi miten kuinka ja se että ei en tiedä "
    "minulla ole tietoa siitä kerro minulle",
    "tr": "kim kimdir ne nedir nerede nerededir nerelidir neden niçin nasıl hangi bir bu ve ile "
    "için mi mı mu mü var yok değil bilmiyorum hakkında bilgim bana",
    "cs": "kdo co kdy kde proč jak který která které je jsou byl byla bylo a v na se to že nevím "
    "nemám o tom žádné informace mi",
    "ro": "cine ce când unde cum care este sunt era și nu un o în din la pe cu pentru despre știu "
    "am asta îmi",
    "hu": "ki mi mit mikor hol miért hogyan melyik az egy és nem van volt erről nincs tudom "
    "információm nekem",
    "vi": "là ai gì khi nào ở đâu tại sao như thế của và một những không tôi biết về điều này "
    "có thông tin cho",
    "id": "siapa siapakah apa apakah kapan mana bagaimana mengapa adalah yang di ke dari dan untuk "
    "tidak saya tahu tentang itu ini dengan informasi",
}
_TELLING = {
    "de": "wer wo warum wurde welche welcher welches",
    "fr": "où pourquoi quelle qu'est-ce c'est",
    "es": "quién dónde cuándo cuál",
    "it": "chi perché",
    "pt": "quem onde não",
    "nl": "waarom wanneer",
    "pl": "kto kim gdzie dlaczego",
    "sv": "vem varför vilken vilket är",
    "no": "hvem hva hvorfor hvordan",
    "da": "hvad hvornår ved",
    "fi": "kuka mikä missä miksi milloin",
    "tr": "kimdir nedir nerede neden hangi bilmiyorum nerelidir",
    "cs": "kdo kdy proč který nevím",
    "ro": "cine când unde despre",
    "hu": "mikor hol miért melyik",
    "vi": "là gì không",
    "id": "siapa siapakah apakah kapan bagaimana mengapa",
}
_SETS = {code: frozenset(words.split()) for code, words in _WORDS.items()}
_UNMISTAKABLE = {code: frozenset(words.split()) for code, words in _TELLING.items()}
_SCRIPT_SHARE = 0.2
_LEAST_WORDS = 2  # one short word may be a name, or English as well
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_OPENS = re.compile(r"(?:^|[.!?:;…¿¡\n\"“«(])\s*$")


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; `"en"` when nothing tells.

    By script first, then by the commonest short words: enough to choose the wording of a short
    reply, no more. A capitalised word inside a sentence is taken for a name.

    >>> language_of("Wer hat das Buch geschrieben?"), language_of("Who wrote the book?")
    ('de', 'en')
    """
    head = text[:2000]
    letters = sum(c.isalpha() for c in head)
    for code, script in _SCRIPTS:
        if letters and len(script.findall(head)) >= _SCRIPT_SHARE * letters:
            return _cyrillic(head) if code == "ru" else code
    words = set(_small_words(head))
    scores = {code: _score(code, words) for code in _SETS}
    best = max(scores, key=lambda code: scores[code])
    return best if scores[best] > scores["en"] and scores[best] >= _LEAST_WORDS else "en"


def _score(code: str, words: set[str]) -> int:
    telling = _UNMISTAKABLE.get(code, frozenset())
    return sum((w in _SETS[code]) + (w in telling) for w in words)


def _small_words(text: str) -> Iterator[str]:
    for match in _TOKEN.finditer(text):
        word = match.group()
        shouted = word.isupper() and len(word) > 1
        named = word[0].isupper() and not shouted
        if not named or _OPENS.search(text, max(0, match.start() - 4), match.start()):
            yield word.lower().replace("’", "'")


def _cyrillic(text: str) -> str:
    ukrainian, russian = len(_UKRAINIAN.findall(text)), len(_RUSSIAN.findall(text))
    return "uk" if ukrainian > russian else "ru"
