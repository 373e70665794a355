"""What workers of these tests have loaded when they are forked, beside modules: imported by the
process that forks them, which has one thread and runs none of it."""

from __future__ import annotations

from amnestic.tools.detection import hand_down_verifier
from amnestic.tools.embedding import hand_down_minilm
from amnestic.tools.reading import language_of, read

hand_down_minilm()
hand_down_verifier()
read("Who was it?")
language_of("Who was it?")
