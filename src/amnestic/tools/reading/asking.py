"""The words that questions ask with, in the languages in which they are known."""

from __future__ import annotations

__all__ = ["ASKING"]

ASKING = (
    "who|whom|whose|what|which|when|where|why|how"
    "|wer|wen|wem|wessen|was|wann|wo|woher|wohin|wie|warum|welche[mnrs]?"
    "|qui|que|quoi|quand|où|comment|pourquoi|combien|quel(?:le)?s?"
    "|quién(?:es)?|qué|cuándo|dónde|cómo|por qué|cuáles|cuál|cuánt[ao]s?"
    "|chi|che cosa|cosa|quando|dove|come|perché|quale|quali|quanti|quanto"
    "|quem|o que|onde|como|por que|quais|qual|quantos|quantas"
    "|wie|wat|wanneer|waar|waarom|hoe|welke?"
    "|kto|co|kiedy|gdzie|jak|dlaczego|który|która|które|ile"
    "|vem|vad|när|var|hur|varför|vilken|vilket|hvem|hvad|hva|hvornår|hvor|når"
    "|кто|что|когда|где|как|почему|какой|какая|какое|сколько"
)
"""The words that questions ask with, as a pattern."""
