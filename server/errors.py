"""One handler for every refusal: a problem document for phones, a page or fragment for the console."""

import logging

import msgspec
from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException

from server.console.faults import said_of
from server.db import db, is_full, is_passing
from server.language import chosen_language
from server.people.ended_sessions import answer_to_late_form
from sync.problems import Problem

log = logging.getLogger(__name__)
BUSY_SECONDS = 5
FULL_SECONDS = 60
CODES = {404: "not_found", 403: "forbidden", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_type", 429: "too_many_requests"}


def init_app(app: Flask) -> None:
    app.register_error_handler(Problem, answer_problem)
    app.register_error_handler(CSRFError, lambda _fault: answer_to_late_form() or answer_problem(Problem("stale", "csrf")))
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(DBAPIError, _answer_outage)
    app.register_error_handler(OSError, _answer_outage)
    app.register_error_handler(Exception, _answer_fault)


def answer_problem(problem: Problem) -> Response:
    """The problem in the shape that the caller reads; whatever the transaction did is undone."""
    db.session.rollback()
    if speaks_json():
        answer = Response(msgspec.json.encode(problem.document(chosen_language())), content_type="application/problem+json")
    else:
        answer = make_response(render_template("error.html", refusal=problem.refusal, detail=problem.detail, problem=problem, said=said_of(problem)))
    answer.status_code = problem.refusal.status
    if problem.refusal.status in (429, 503):
        answer.headers.setdefault("Retry-After", str(problem.extras.get("retry_after_s", 30)))
    if problem.refusal.status == 460:
        answer.status = "460 Checksum Mismatch"
    return answer


def speaks_json() -> bool:
    return request.path.startswith(("/sync/", "/auth/", "/api/")) or request.path.endswith(".json")


def _answer_http(fault: HTTPException) -> Response:
    if fault.response is not None:
        return fault.response  # type: ignore[return-value]
    if fault.code is not None and fault.code < 400:
        return fault.get_response()  # type: ignore[return-value]
    code = CODES.get(fault.code or 500, "malformed" if (fault.code or 500) < 500 else "server_error")
    answer = answer_problem(Problem(code))
    retry_after = getattr(fault, "retry_after", None)
    if retry_after:
        answer.headers["Retry-After"] = str(retry_after)
    return answer


def _answer_outage(fault: Exception) -> Response:
    """A full disk, a lock, a lost connection: nothing was committed, and the same request will succeed later. Or a text that no table holds."""
    if is_full(fault):
        log.error("request %s %s found no room: %s", request.method, request.path, fault)
        return _answer_later("storage_full", FULL_SECONDS)
    if is_passing(fault):
        log.warning("request %s %s found the database busy: %s", request.method, request.path, type(fault).__name__)
        return _answer_later("busy", BUSY_SECONDS)
    if isinstance(fault, DataError) and "NUL" in str(fault.orig):  # PostgreSQL holds none; no page ever sends one
        return answer_problem(Problem("malformed", "a NUL character"))
    return _answer_fault(fault)


def _answer_later(code: str, seconds: int) -> Response:
    answer = answer_problem(Problem(code))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _answer_fault(fault: Exception) -> Response:
    log.exception("request %s %s failed", request.method, request.path, exc_info=fault)
    return answer_problem(Problem("server_error"))
