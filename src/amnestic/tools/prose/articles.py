"""Articles that point at what is known, also those written as one with the word before them."""

from __future__ import annotations

from amnestic.tools.prose.grammar import Grammar

__all__ = ["points_at_known"]

_INDEFINITE = {
    "de": frozenset("ein eine einen einem einer eines kein keine".split()),
    "en": frozenset("a an no".split()),
    "es": frozenset("un una unos unas ningún ninguna".split()),
    "fr": frozenset("un une aucun aucune".split()),
    "it": frozenset("un uno una un' nessun nessuna".split()),
    "nl": frozenset("een geen".split()),
    "pt": frozenset("um uma uns umas nenhum nenhuma".split()),
}
_MELTED = {  # in which the article does not show
    "de": frozenset("im am zum zur vom beim".split()),
    "es": frozenset("al del".split()),
    "fr": frozenset("au aux du".split()),
    "it": frozenset("al del dal nel sul col".split()),
    "pt": frozenset("à às".split()),
}
_STEMS = {  # before an article: "al" + "la", "de" + "gli", "n" + "os"
    "it": ("al", "del", "dal", "nel", "sul", "col", "a", "de", "da", "ne", "su"),
    "pt": ("a", "d", "n", "pel"),
}


def points_at_known(word: str, grammar: Grammar) -> bool:
    """Whether a small word is an article that points at what is known: "the" and "alla", but not
    "a".

    >>> from amnestic.tools.prose.grammar import grammar_of
    >>> italian = grammar_of("La casa è vecchia e il tetto non tiene.")
    >>> [points_at_known(word, italian) for word in ("la", "alla", "degli", "una", "nona")]
    [True, True, True, False, False]
    """
    word = word.replace("’", "'")
    if word in _MELTED.get(grammar.code, ()):
        return True
    known = grammar.articles - _INDEFINITE.get(grammar.code, frozenset())
    stems = _STEMS.get(grammar.code, ())
    return word in known or any(word.removeprefix(s) in known for s in stems if word.startswith(s))
