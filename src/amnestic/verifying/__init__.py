"""Proof that a target is suppressed: the live system is probed, and the outcome is signed.

In: a layer and a target. Out: a `Verification` with rates and bounds, as a signed document in JSON,
Markdown or HTML that says whether it is genuine and whether what it rests on has changed since. It
says "suppressed", never "erased": no weights change.
"""

from __future__ import annotations

from amnestic.verifying.document import Checked, Form, check_document, render, signed
from amnestic.verifying.probes import Probe, ProbeKind, probes_of
from amnestic.verifying.resting import upstream_identity
from amnestic.verifying.signing import SigningKey, public_key_of, signing_key_file
from amnestic.verifying.statistics import lower_bound, upper_bound
from amnestic.verifying.systems import OwnModel, Said, System
from amnestic.verifying.verify import Asked, Beside, Verification, verify, verifying

__all__ = [
    "Asked",
    "Beside",
    "Checked",
    "Form",
    "OwnModel",
    "Probe",
    "ProbeKind",
    "Said",
    "SigningKey",
    "System",
    "Verification",
    "check_document",
    "lower_bound",
    "probes_of",
    "public_key_of",
    "render",
    "signed",
    "signing_key_file",
    "upper_bound",
    "upstream_identity",
    "verify",
    "verifying",
]
