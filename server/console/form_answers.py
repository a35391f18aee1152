"""How a form post is answered when it cannot be done: the same page with what was typed and what is wrong."""

import re
from collections.abc import Callable

from flask import Response, make_response

from server.db import db
from sync.problems import Problem

RECORD_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def form_again(problem: Problem, shown: Callable[[dict[str, str]], str]) -> Response:
    """The page with the fields at fault (422), or with the news that somebody was faster (409, fault `stale`); other problems go on."""
    if problem.refusal.code not in ("invalid", "stale"):
        raise problem
    db.session.rollback()
    faults = problem.extras.get("fields", {problem.refusal.code: "stale"})
    return make_response(shown(faults), problem.refusal.status)


def record_id_of(text: str) -> str:
    """The id that a form brought for its new record, so that sending it twice makes one; raises `invalid` for what is none."""
    if not RECORD_ID.fullmatch(text):
        raise Problem("invalid", "id")
    return text
