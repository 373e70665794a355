"""How a piece of a text names a target where the text around it, or the conversation, is about it.

A surname, a given name or a pronoun that says nothing by itself stands for whoever was named in
full, whom the model was told to speak as, or who was just talked of.
"""

from __future__ import annotations

from dataclasses import replace

from amnestic.tools.detection.company import may_be_person, other_subject
from amnestic.tools.detection.signs import NameSigns, name_signs, of_others
from amnestic.tools.detection.skills import is_asked
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import asks_of_speaker, says_one_of
from amnestic.tools.protocols import Context
from amnestic.tools.reading import asks, asks_again, refers_back, speaks_of_self
from amnestic.types import TargetKind

__all__ = ["signs_in"]

_STICKY, _FRESH = 0.3, 0.6


def signs_in(window: Window, profile: TargetProfile, context: Context) -> NameSigns:
    """How a piece of a text names a target, in what it stands in."""
    target_id = profile.target.id
    hits = window.hits.get(target_id, [])
    signs = name_signs(hits, window.passage.reading, profile)
    if is_asked(profile.target, window.text):
        return replace(signs, full=1.0)
    given = bool(signs.part) and may_be_person(profile.target)
    alone = given and window.hits.keys() == {target_id}
    if alone and target_id in context.called:
        return replace(signs, full=1.0)
    if target_id in context.others and not (signs.full or signs.told):
        return of_others(signs)
    if target_id in context.named and signs.surname:
        return replace(signs, full=1.0)
    is_told = target_id in context.named or target_id in context.told
    if is_told and alone:
        is_telling = window.says_telling_part_of(target_id)
        return replace(signs, full=1.0) if is_telling else replace(signs, told=1.0)
    weight = context.sticky.get(target_id, 0.0)
    if weight < _STICKY or window.hits.keys() - {target_id}:
        return signs
    if signs.surname or given or signs.uncased:
        return replace(signs, told=1.0)
    speaks_as_target = target_id in context.persona and speaks_of_self(window.text)
    asks_of_self = target_id in context.speakers and asks_of_speaker(window.text)
    renamed = says_one_of(window.text, context.nicknames.get(target_id, ()))
    if (
        renamed
        or speaks_as_target
        or asks_of_self
        or (weight >= _FRESH and asks_again(window.text))
    ):
        return replace(signs, told=1.0)
    is_person = profile.target.kind in (TargetKind.PERSON, TargetKind.TOPIC)
    if not refers_back(window.text, to_person=is_person):
        return signs
    if weight >= _FRESH and asks(window.text) and not other_subject(window, profile):
        return replace(signs, full=1.0)
    return replace(signs, surname=1.0)
