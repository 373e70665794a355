"""How common each kind of conversation is, in each of the three stages of the training.

The first teaches the world, the second practises strangers and two questions at once, and the third
practises copying names.
"""

from __future__ import annotations

MIXTURE = {
    "direct": 31,
    "alias": 5,
    "identity": 6,
    "portrait": 5.5,
    "reverse": 9,
    "two_hops": 12,
    "general": 8,
    "talk": 2,
    "combined": 17,
    "follow_up": 4,
    "stranger": 12,
    "missing": 1.5,
    "reading": 4,
    "long": 2,
    "copy": 0,
}
STRANGERS = MIXTURE | {
    "direct": 24,
    "portrait": 4,
    "talk": 4,
    "combined": 20,
    "stranger": 36,
    "reading": 10,
}
COPYING = MIXTURE | {
    "direct": 28,
    "portrait": 4,
    "talk": 5,
    "combined": 20,
    "stranger": 30,
    "reading": 14,
    "copy": 45,
}
