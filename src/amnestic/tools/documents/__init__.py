"""Texts with a form: Markdown, tables, JSON, YAML, markup, records and cards.

In: a text and a judge of its values. Out: the text without what belongs to a target, in the form
that it had, byte for byte elsewhere; and whether JSON holds to a caller's schema.
"""

from __future__ import annotations

from amnestic.tools.documents.cutting import cut
from amnestic.tools.documents.forms import is_data, is_json_string, keeps_forms
from amnestic.tools.documents.headed import Head, heads_in, without_headed
from amnestic.tools.documents.json_form import is_json, keeps_form
from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonNode,
    JsonObject,
    JsonScalar,
    edited,
    read_json,
)
from amnestic.tools.documents.markup import is_well_formed, redact_markup
from amnestic.tools.documents.observed import redact_observation
from amnestic.tools.documents.records import Field, judge_record, views
from amnestic.tools.documents.redact_tree import redact_json_text
from amnestic.tools.documents.schemas import SchemaRules
from amnestic.tools.documents.shapes import shapes_in
from amnestic.tools.documents.structured import redact_structured, redact_whole

__all__ = [
    "Field",
    "Head",
    "JsonArray",
    "JsonNode",
    "JsonObject",
    "JsonScalar",
    "SchemaRules",
    "cut",
    "edited",
    "heads_in",
    "is_data",
    "is_json",
    "is_json_string",
    "is_well_formed",
    "judge_record",
    "keeps_form",
    "keeps_forms",
    "read_json",
    "redact_json_text",
    "redact_markup",
    "redact_observation",
    "redact_structured",
    "redact_whole",
    "shapes_in",
    "views",
    "without_headed",
]
