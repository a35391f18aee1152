"""The reporting API: read-only, by token, a page or a table at a time (deploy/reporting.md)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from flask import Blueprint, Response, request, send_file, url_for
from flask_limiter.util import get_remote_address
from marshmallow import Schema, fields
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.days import YEARS
from server.db import begin_snapshot
from server.devices.tokens import hashed
from server.limits import limiter
from server.reports.api_rows import API_PARTS, Part, cursor_of, ordered_rows
from server.reports.csv_rows import CSV, harmless, table_parts
from server.reports.models import ReportToken
from server.reports.openapi import openapi_document
from server.reports.sending import spooled
from server.reports.tokens import secret_of_request, token_of_request
from sync.problems import Problem

blueprint = Blueprint("reporting_api", __name__, url_prefix="/api/v1")
PAGE_ROWS, MOST_PAGE_ROWS, MOST_TABLE_ROWS = 200, 1000, 100_000
OFTEN = "120 per minute"


def _caller() -> str:
    """Whom requests are counted for: the token, known or not, or the address."""
    secret = secret_of_request()
    return hashed(secret) if secret else get_remote_address()


limiter.limit("600 per minute")(blueprint)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """What the API is; the document holds nothing of the company."""
    return Response(msgspec.json.encode(openapi_document(API_PARTS.values())), content_type="application/json")


@blueprint.get("/<part>")
@limiter.limit(OFTEN, key_func=_caller, override_defaults=False)
def part_page(part: str) -> AnyResponse:
    """A page as JSON, or the table as CSV for whoever accepts that rather."""
    found, token = _asked(part)
    if request.accept_mimetypes.best_match(["application/json", "text/csv"]) == "text/csv":
        return _table(found, token)
    limit = _limit(PAGE_ROWS, MOST_PAGE_ROWS)
    rows = list(_rows(found, token, limit + 1))
    shown = rows[:limit]
    cursor = cursor_of(shown[-1]) if shown else request.args.get("cursor", "")
    following = _address(cursor) if len(rows) > limit else None
    body = {"data": found.schema(many=True).dump(shown), "next": following, "cursor": cursor}
    return _with_link(Response(msgspec.json.encode(body), content_type="application/json"), following)


@blueprint.get("/<part>.csv")
@limiter.limit(OFTEN, key_func=_caller, override_defaults=False)
def part_table(part: str) -> AnyResponse:
    """The whole table as CSV, for a spreadsheet that refreshes from a link."""
    return _table(*_asked(part))


def _asked(name: str) -> tuple[Part, ReportToken]:
    """The part and the token that may read it; whoever has none learns nothing of the parts."""
    token = token_of_request(now())
    part = API_PARTS.get(name)
    if part is None:
        raise Problem("not_found", f"part {name[:40]}")
    if part.name not in token.parts:
        raise Problem("forbidden", f"the token is not for {part.name}")
    return part, token


def _rows(part: Part, token: ReportToken, most: int) -> Iterator[Any]:
    """Of one moment: between two statements the night may raise the floor."""
    begin_snapshot()
    return ordered_rows(part, token, request.args.get("cursor", ""), _since(request.args.get("updated_since", "")), most)


def _since(text: str) -> datetime | None:
    """An instant with its offset, such as 2026-11-24T00:00:00+08:00 or 2026-11-24T00:00:00Z."""
    if not text:
        return None
    try:
        since = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that was not quoted
    except ValueError as fault:
        raise Problem("invalid", f"updated_since {text[:40]}") from fault
    if since.tzinfo is None:
        raise Problem("invalid", "updated_since has no offset")
    if since.year not in YEARS:
        raise Problem("invalid", f"updated_since {text[:40]}: {YEARS[0]} to {YEARS[-1]}")
    return since


def _limit(otherwise: int, most: int) -> int:
    text = request.args.get("limit", str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) < 8 and 0 < int(text) <= most):
        raise Problem("invalid", f"limit {text[:20]}: 1 to {most}")
    return int(text)


def _table(part: Part, token: ReportToken) -> Response:
    """Written to disk first, so that whoever gets a file gets the whole of it."""
    limit, schema = _limit(MOST_TABLE_ROWS, MOST_TABLE_ROWS), part.schema()
    table = _Table(schema, _rows(part, token, limit + 1), limit)
    file = spooled(table_parts(list(schema.fields), table.cells()))
    file.seek(0)
    answer = send_file(file, mimetype=CSV, download_name=f"{part.name}.csv", max_age=0)
    return _with_link(answer, _address(table.cursor) if table.has_more else None)


class _Table:
    """Rows as texts, at most so many; afterwards it says where they ended and whether more would follow."""

    def __init__(self, schema: Schema, rows: Iterable[Any], limit: int) -> None:
        self.schema, self.rows, self.limit, self.cursor, self.has_more = schema, rows, limit, "", False

    def cells(self) -> Iterator[list[str]]:
        kinds = list(self.schema.fields.items())
        for number, row in enumerate(self.rows):
            if number == self.limit:
                self.has_more = True
                return
            written = self.schema.dump(row)
            self.cursor = cursor_of(row)
            yield [_cell(field, written[name]) for name, field in kinds]


def _cell(field: fields.Field[Any], value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(value)
    return harmless(value) if isinstance(field, fields.String) else str(value)


def _address(cursor: str) -> str:
    arguments = {name: value for name, value in request.args.items() if name != "cursor"}
    return url_for(str(request.endpoint), **(request.view_args or {}), **arguments, cursor=cursor, _external=True)


def _with_link(answer: Response, following: str | None) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Accept")
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer


@blueprint.after_request
def _say_how_to_sign_in(answer: Response) -> Response:
    """A spreadsheet asks its user for name and password when it is told so; the token is the password."""
    if answer.status_code == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="xundian", Bearer'
    return answer
