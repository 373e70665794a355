"""A trained reader of forget requests: which words name, tell, keep and ask.

In: a text. Out: `Tagged`: spans with what they are and how sure that is, and whether the text
asks for anything.
"""

from __future__ import annotations

from amnestic.tools.tagging.labels import KINDS
from amnestic.tools.tagging.spans import Span, Tagged
from amnestic.tools.tagging.tagger import Tagger, shipped_tagger

__all__ = ["KINDS", "Span", "Tagged", "Tagger", "shipped_tagger"]
