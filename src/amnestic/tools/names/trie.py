"""A trie over the words of name forms, changed in place.

Over words rather than characters: a match begins and ends at word boundaries by construction, and
a target is added or removed by walking its own forms, however many others there are. Readers need
no lock: every leaf is a tuple that is replaced whole.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeVar

from amnestic.tools.names.forms import NameForm

__all__ = ["Leaf", "Node", "leaf_of", "less", "plant", "prune", "without"]

Node = dict[str, Any]
"""From a word to the node behind it; under the empty word stands the leaf."""

Leaf = tuple[tuple[str, NameForm], ...]
"""The targets whose form ends here, each with the form."""

_LEAF = ""
_Key = TypeVar("_Key", bound=Hashable)


def leaf_of(node: Node) -> Leaf:
    """The forms that end at a node."""
    leaf: Leaf = node.get(_LEAF, ())
    return leaf


def plant(root: Node, target_id: str, form: NameForm) -> None:
    """Put a form in."""
    node = root
    for word in form.words:
        node = node.setdefault(word, {})
    node[_LEAF] = (*leaf_of(node), (target_id, form))


def prune(root: Node, target_id: str, form: NameForm) -> None:
    """Take a target's form out, and the nodes that nothing else needs."""
    path = [root]
    for word in form.words:
        following = path[-1].get(word)
        if following is None:
            return
        path.append(following)
    without(path[-1], _LEAF, (target_id, form))
    for word, parent, child in zip(reversed(form.words), path[-2::-1], path[:0:-1], strict=True):
        if child:
            return
        del parent[word]


def without(table: dict[str, Any], key: str, entry: Any) -> None:
    """Take one such entry out of the tuple under a key, and the key with the last of them.

    >>> table = {"a": (1, 2, 1), "b": (3,)}
    >>> without(table, "a", 1); without(table, "b", 3); table
    {'a': (2, 1)}
    """
    rest = list(table.get(key, ()))
    if entry in rest:
        rest.remove(entry)
    if rest:
        table[key] = tuple(rest)
    else:
        table.pop(key, None)


def less(counts: dict[_Key, int], key: _Key) -> None:
    """Count one use of a key less, and forget the key with the last of them.

    >>> counts = {"a": 2, "b": 1}
    >>> less(counts, "a"); less(counts, "b"); counts
    {'a': 1}
    """
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
