"""A text, whatever it is written in, without what leaks."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.tools.documents.blocks import Blocks
from amnestic.tools.documents.fences import code_tail, rest_of_code
from amnestic.tools.documents.footnotes import without_lone_notes
from amnestic.tools.documents.json_tree import edited
from amnestic.tools.documents.markdown import read_markdown
from amnestic.tools.documents.partners import with_partners
from amnestic.tools.documents.placing import said_instead, shaped
from amnestic.tools.documents.records import Leaks
from amnestic.tools.documents.shapes import shapes_in
from amnestic.tools.prose import Antecedents, Flow, Heir, drop_segments

__all__ = ["cut"]


def cut(
    text: str,
    leaks: Leaks,
    stand_in: str = "",
    *,
    names: Sequence[str] = (),
    heir: Heir | None = None,
    certain: Leaks | None = None,
    never: frozenset[str] = frozenset(),
) -> str:
    """`text`, an answer in prose or Markdown, without what leaks and what depends on it; every byte
    of the rest is the one that was given.

    The smallest unit goes (a sentence, an item, a row, a stanza), and with it a heading, an
    introduction or a list that has nothing left; items and headings are numbered anew.

    Args:
        text: what is cut.
        leaks: whether a piece must go.
        stand_in: what is said in the place of the first piece that went.
        names: the targets' names as they stand in the text.
        heir: given a dropped sentence and one that leans on it, that sentence as it may stay by
            itself, or `None` where it cannot.
        certain: whether a heading must go that leaks: of likeness alone it does not. As for any
            piece unless given.
        never: pronouns, as subjects, by which no target is spoken of.

    >>> text = "# Osk\\nA poet.\\n# Tarn\\n1. **Osk** – a poet\\n2. **Hill** – taught by Osk\\n"
    >>> cut(text, lambda s: "Osk" in s)
    '# Tarn\\n1. **Hill**\\n'
    """
    tail = code_tail(text)
    if tail:
        rest = cut(
            text[tail:], leaks, stand_in, names=names, heir=heir, certain=certain, never=never
        )
        return rest_of_code(text[:tail], leaks, names) + rest
    tree = read_markdown(text)
    if tree is None:
        fixed = shapes_in(text, leaks, names)
        return drop_segments(text, leaks, stand_in, shapes=fixed, heir=heir)
    leaks = with_partners(text, tree.children, leaks)
    nodes, shapes = shaped(text, tree.children, leaks, names)
    flow = Flow(leaks, heir, whom=Antecedents(never, names))
    stays, edits = Blocks(text, flow, shapes, certain).edits(nodes)
    if not stays:
        return stand_in
    left = edited(text, said_instead(text, nodes, edits, stand_in) if stand_in else edits)
    return without_lone_notes(left, text)
