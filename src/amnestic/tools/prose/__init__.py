"""Cutting sentences and clauses out of prose so that the rest still reads well.

In: a text and what must go. Out: the shorter text: counts, numbering, pronouns and lists agree with
what is left.
"""

from __future__ import annotations

from amnestic.tools.prose.agreement import miscounts, with_counts_of
from amnestic.tools.prose.antecedents import PERSONS, Antecedents
from amnestic.tools.prose.circles import goes_in_circles
from amnestic.tools.prose.counted import recounted
from amnestic.tools.prose.dangling import dangling
from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.flow import Flow, Heir
from amnestic.tools.prose.generalising import generalise_mentions, telling_pieces
from amnestic.tools.prose.grammar import Grammar, grammar_of, has_verb, is_verb, totals_of_all
from amnestic.tools.prose.leaning import leans, leans_on_person, points_at_one_of_two
from amnestic.tools.prose.numbering import Mark, Numbers, marks_in
from amnestic.tools.prose.ordinals import with_new_ordinals
from amnestic.tools.prose.people import begins_with_name, names_another
from amnestic.tools.prose.places import places_told
from amnestic.tools.prose.pronouns import Gender, gender_told, with_name_for_pronoun
from amnestic.tools.prose.redact import Shape, drop_segments
from amnestic.tools.prose.rows import trim_rows
from amnestic.tools.prose.some_of import tells_part
from amnestic.tools.prose.subjects import says_pronoun
from amnestic.tools.prose.totals import tells_total

__all__ = [
    "PERSONS",
    "Antecedents",
    "Flow",
    "Gender",
    "Grammar",
    "Heir",
    "Mark",
    "Numbers",
    "Shape",
    "begins_with_name",
    "dangling",
    "drop_segments",
    "gender_told",
    "generalise_mentions",
    "goes_in_circles",
    "grammar_of",
    "has_verb",
    "is_verb",
    "leans",
    "leans_on_person",
    "marks_in",
    "miscounts",
    "names_another",
    "places_told",
    "points_at_one_of_two",
    "recounted",
    "says_pronoun",
    "telling_pieces",
    "tells_part",
    "tells_total",
    "totals_of_all",
    "trim_rows",
    "trimmed",
    "with_counts_of",
    "with_name_for_pronoun",
    "with_new_ordinals",
]
