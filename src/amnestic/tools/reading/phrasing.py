"""How a text speaks of its subject: by description, by other names, by pronoun.

"The star of …", "el autor de …": a definite description that names a role stands for somebody
without naming them. Which roles fit together is general knowledge, kept here for five languages
by stem; nothing in it knows a target.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amnestic.tools.reading.normalise import Token
from amnestic.tools.reading.words import is_common

__all__ = ["Phrasing", "phrasing_of", "roles_in", "roles_of"]

_GROUPS = {
    "screen": "actor actress star performer comedian comic filmmaker director producer entertainer "
    "celebrity host presenter anchor broadcaster personality stuntman leading-man "
    "screenwriter actriz estrella comediante presentador presentadora acteur actrice "
    "realisateur animateur schauspieler schauspielerin moderator regisseur ator atriz "
    "attore attrice player cast thespian showman hostess protagonist lead daredevil",
    "music": "singer songwriter musician rapper artist vocalist guitarist composer performer star "
    "diva icon entertainer frontman band drummer pianist dj legend cantante musico "
    "artista rapero compositor chanteur chanteuse musicien sanger sangerin musiker cantor "
    "lyricist popstar singer-songwriter crooner group",
    "writing": "author writer novelist poet playwright journalist essayist wordsmith storyteller "
    "mastermind autor autora escritor escritora novelista ecrivain auteur romancier "
    "schriftsteller dichter reporter correspondent columnist",
    "thought": "philosopher thinker scholar sage teacher educator theorist scientist physicist "
    "mathematician economist sociologist inventor polymath filosofo pensador philosophe "
    "penseur philosoph denker cientifico inventeur figure revolutionary",
    "art": "painter artist sculptor architect designer photographer illustrator pintor peintre "
    "maler polymath cartoonist animator",
    "power": "politician president leader minister premier statesman diplomat secretary senator "
    "governor emperor king queen ruler conqueror general monarch prince princess duke "
    "duchess royal founder warlord politico lider fundador emperador principe duque "
    "duquesa dirigeant fondateur homme femme politiker herrscher grunder khan head chief "
    "activist",
    "money": "businessman businesswoman investor entrepreneur tycoon magnate mogul billionaire ceo "
    "founder owner industrialist philanthropist socialite chairman chairperson executive "
    "empresario inversor inversionista magnat unternehmer investisseur heiress principal "
    "oracle",
    "sport": "athlete player footballer quarterback end boxer wrestler tennis golfer champion "
    "coach star runner swimmer skater racer driver fighter jugador jugadora tenista "
    "atleta joueur joueuse spieler spielerin linebacker receiver pitcher forward guard "
    "legend artist",
    "model": "model supermodel actress socialite modelo mannequin personality",
    "person": "man woman person figure celebrity icon legend individual creator pioneer mind "
    "mastermind genius founder hombre mujer persona homme femme mann frau creador "
    "creadora createur brother sister father mother son daughter husband wife spouse "
    "partner member hermano hermana star talent someone personality",
    "company": "company firm corporation business manufacturer maker brand startup enterprise "
    "organisation organization agency publisher studio label empresa compania entreprise "
    "societe firma unternehmen conglomerate bank retailer",
    "work": "book novel film movie song album series show play painting game poem story work "
    "libro pelicula cancion livre chanson buch lied opera musical sitcom",
    "place": "city town country village river mountain island building region state ciudad pais "
    "ville pays stadt land castle capital",
}
_ROLE_GROUPS: dict[str, frozenset[str]] = {}
for _group, _words in _GROUPS.items():
    for _word in _words.split():
        _ROLE_GROUPS[_word] = _ROLE_GROUPS.get(_word, frozenset()) | {_group}

_DETERMINERS = frozenset(
    "the this that el la le l der die das dem den o il lo este esta ce cette cet dieser diese al "
    "del du des zum zur an a un una une ein eine".split()
)
_DEFINITE = _DETERMINERS - {"an", "a", "un", "una", "une", "ein", "eine"}
_ASKING = frozenset(
    "who whom quien qui wer quem chi is was es est ist era foi named called".split()
)
_PRONOUNS = frozenset(
    "he she his her they their its him el ella su sus il elle son sa er sie sein seine ihr".split()
)
_REACH = 5


@dataclass(frozen=True, slots=True)
class Phrasing:
    """What stands in a text for its subject.

    `described` holds the role groups of its definite descriptions; `runs` its capitalised names of
    one or more words, folded, in order.
    """

    described: frozenset[str]
    runs: tuple[tuple[str, ...], ...]
    opens_with_pronoun: bool


def phrasing_of(tokens: Sequence[Token], text: str) -> Phrasing:
    """Read the phrasing of a folded text from its tokens.

    >>> from amnestic.tools.reading.decode import read
    >>> reading = read("Which prize did the author of Salt Winter win?")
    >>> found = phrasing_of(reading.tokens, reading.views[0].folded.text)
    >>> sorted(found.described), found.runs
    (['writing'], (('salt', 'winter'),))
    """
    described = frozenset(g for i in range(len(tokens)) for g in _description_at(tokens, i, text))
    first = next((t.word for t in tokens), "")
    return Phrasing(described, tuple(_runs(tokens, text)), first in _PRONOUNS)


def roles_in(tokens: Sequence[Token]) -> frozenset[str]:
    """The role groups of all words of a text, as of a target's description."""
    return frozenset(g for t in tokens for g in _ROLE_GROUPS.get(_singular(t.word), ()))


def roles_of(word: str) -> frozenset[str]:
    """The role groups of a folded word; none where it names no role.

    >>> sorted(roles_of("novelist")), sorted(roles_of("rope"))
    (['writing'], [])
    """
    return _ROLE_GROUPS.get(_singular(word), frozenset())


def _singular(word: str) -> str:
    return word[:-1] if word not in _ROLE_GROUPS and word.endswith("s") else word


def _description_at(tokens: Sequence[Token], i: int, text: str) -> frozenset[str]:
    if tokens[i].word not in _DEFINITE:
        return frozenset()
    if i > 0 and tokens[i - 1].word in _ASKING:
        return frozenset()
    for j in range(i + 1, min(i + 1 + _REACH, len(tokens))):
        if tokens[j].word in _DETERMINERS or _broken(tokens, j - 1, text):
            return frozenset()
        groups = _ROLE_GROUPS.get(tokens[j].word)
        if groups and not (j + 1 < len(tokens) and tokens[j + 1].word in _ROLE_GROUPS):
            return groups
    return frozenset()


def _broken(tokens: Sequence[Token], i: int, text: str) -> bool:
    return any(m in text[tokens[i].end : tokens[i + 1].start] for m in ".?!;:,")


def _runs(tokens: Sequence[Token], text: str) -> Iterator[tuple[str, ...]]:
    run: list[str] = []
    for i, token in enumerate(tokens):
        before = text[tokens[i - 1].end : token.start].strip() if i else "."
        opens = before in (".", "?", "!", ":")
        counts = token.capital and not (opens and is_common(token.word, 1200))
        glued = bool(run) and not text[tokens[i - 1].end : token.start].strip(" .-'’")
        if run and not (counts and glued):
            yield tuple(run)
            run = []
        if counts and not (not run and is_common(token.word, 60)):
            run.append(token.word)
    if run:
        yield tuple(run)
