"""What every form of request needs that is translated to a chat completion and back: reading fields
strictly, and taking apart what the chat door replies. Nothing is judged here.

In: JSON values of a caller's request; the chat door's reply, whole or as its events. Out: fields of
the kind that they should be, or an error that names them; `Told`, what a reply says; the events of
the chat door in the words of a form; `Form`, all that a server needs to know of a form.
"""

from __future__ import annotations

from amnestic.integrations.translation.events import translated
from amnestic.integrations.translation.fields import (
    fields,
    image_url,
    items,
    no_type,
    number,
    switch,
    text,
    whole_number,
)
from amnestic.integrations.translation.form import Form
from amnestic.integrations.translation.told import Call, Listener, Told, told_in

__all__ = [
    "Call",
    "Form",
    "Listener",
    "Told",
    "fields",
    "image_url",
    "items",
    "no_type",
    "number",
    "switch",
    "text",
    "told_in",
    "translated",
    "whole_number",
]
