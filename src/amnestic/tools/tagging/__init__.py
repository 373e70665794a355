"""A trained reader of forget requests: which words name, tell, keep and ask.

In: a text. Out: `Tagged`: spans with what they are and how sure that is, and whether the text
asks for anything.
"""

from __future__ import annotations

from amnestic.tools.tagging.labels import KINDS
from amnestic.tools.tagging.spans import Span, Tagged
from amnestic.tools.tagging.tagger import Tagger, shipped_tagger
from amnestic.tools.tagging.tokens import SHAPES, tokens_of

__all__ = ["KINDS", "SHAPES", "Span", "Tagged", "Tagger", "shipped_tagger", "tokens_of"]
