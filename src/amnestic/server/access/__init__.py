"""Who may call, and as what: keys and roles, what each may do, in which namespaces, how often.

In: the keys of the settings and of the registry, and what a request shows. Out: a `Standing`, or a
`ServerError` that says what is missing (401, 403) or how long to wait (429).
"""

from __future__ import annotations

from amnestic.server.access.admission import Admission, with_limits
from amnestic.server.access.allowance import Allowance
from amnestic.server.access.keys import Keys
from amnestic.server.access.rate import Rate
from amnestic.server.access.roles import Right, Standing
from amnestic.server.access.showing import proof_of
from amnestic.types.roles import Role

__all__ = [
    "Admission",
    "Allowance",
    "Keys",
    "Rate",
    "Right",
    "Role",
    "Standing",
    "proof_of",
    "with_limits",
]
