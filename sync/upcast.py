"""Older versions of forms, lifted to the newest one step at a time: a phone may send what it saved months ago.

A new version of a form is one line in `UPCASTERS`, and its operations join the corpus in `sync/corpus/`.
"""

import json
from collections.abc import Callable
from typing import Any

Body = dict[str, Any]


def _visit_v1(body: Body) -> Body:
    """`visit.v2` chains each phone's records; one of before stands alone."""
    return {**body, "previous_sha256": None}


def _visit_v2(body: Body) -> Body:
    """`visit.v3` may name the company's own checklist and the outlet's card; the forms of before ask their own questions."""
    return {**body, "checklist_version": None, "card": None}


def _signed_paper(body: Body) -> Body:
    """`training.v2` and `delivery.v2` may say why nobody signed; the forms of before were signed always."""
    return {**body, "signature_refusal": None}


UPCASTERS: dict[str, tuple[str, Callable[[Body], Body]]] = {
    "visit.v1": ("visit.v2", _visit_v1),
    "visit.v2": ("visit.v3", _visit_v2),
    "training.v1": ("training.v2", _signed_paper),
    "delivery.v1": ("delivery.v2", _signed_paper),
}


def newest(form: str, body: bytes) -> tuple[str, bytes]:
    """The form's newest version and the body in it; a body that is no JSON object comes back as it is."""
    if form not in UPCASTERS:
        return form, body
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    while form in UPCASTERS:
        form, lift = UPCASTERS[form]
        content = lift(content) if isinstance(content, dict) else content
    return form, json.dumps(content, ensure_ascii=False).encode() if isinstance(content, dict) else body
