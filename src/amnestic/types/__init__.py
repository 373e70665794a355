"""The values that every part of Amnestic passes around: all frozen.

Conversations, drafts and findings are slotted dataclasses, made often and inside; targets and
receipts are Pydantic models, since they cross the edges (database, files, HTTP).
"""

from __future__ import annotations

from amnestic.types.drafts import ENDINGS, Draft, Generation, Usage, stands_alone
from amnestic.types.findings import Assessment, Band, Evidence, Finding, LeakKind, Span
from amnestic.types.identifiers import MAX_IDENTIFIER_CHARS, Identifier, IdentifierType
from amnestic.types.messages import Conversation, Message, Part, Role, ToolCall, title_of
from amnestic.types.replies import Receipt, Reply, Route, Stage
from amnestic.types.targets import (
    GLOBAL,
    OPEN_FIELDS,
    Elicitation,
    Facet,
    FacetKind,
    FacetSource,
    ForgetTarget,
    Policy,
    TargetKind,
    TargetStatus,
    holds_in,
    is_namespace,
)

__all__ = [
    "ENDINGS",
    "GLOBAL",
    "MAX_IDENTIFIER_CHARS",
    "OPEN_FIELDS",
    "Assessment",
    "Band",
    "Conversation",
    "Draft",
    "Elicitation",
    "Evidence",
    "Facet",
    "FacetKind",
    "FacetSource",
    "Finding",
    "ForgetTarget",
    "Generation",
    "Identifier",
    "IdentifierType",
    "LeakKind",
    "Message",
    "Part",
    "Policy",
    "Receipt",
    "Reply",
    "Role",
    "Route",
    "Span",
    "Stage",
    "TargetKind",
    "TargetStatus",
    "ToolCall",
    "Usage",
    "holds_in",
    "is_namespace",
    "stands_alone",
    "title_of",
]
