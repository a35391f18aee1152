"""The OpenAPI document of the reporting API, made from its marshmallow schemas."""

from collections.abc import Iterable
from typing import Any

from marshmallow import fields

from server.reports.api_rows import Part
from sync.problems import REFUSALS

VERSION = "1.0.0"
TYPES: tuple[tuple[type, dict[str, Any]], ...] = (
    (fields.Boolean, {"type": "boolean"}),
    (fields.Integer, {"type": "integer"}),
    (fields.Float, {"type": "number"}),
    (fields.Decimal, {"type": "string", "format": "decimal"}),
    (fields.AwareDateTime, {"type": "string", "format": "date-time"}),
    (fields.Date, {"type": "string", "format": "date"}),
    (fields.List, {"type": "array", "items": {"type": "string"}}),
    (fields.String, {"type": "string"}),
)
PARAMETERS = (
    ("cursor", "where to go on: the `cursor` of an earlier answer", {"type": "string"}),
    (
        "updated_since",
        "only what changed since this instant, with its offset; may give some that are a little older",
        {"type": "string", "format": "date-time"},
    ),
    ("limit", "rows of an answer: up to 1000 as JSON (200 unless said), up to 100000 as CSV", {"type": "integer", "minimum": 1}),
)
REFUSED = {401: "bad_token", 403: "forbidden", 404: "not_found", 422: "invalid", 429: "too_many_requests", 503: "busy"}
ABOUT = (
    "Read-only. Rows come in the order in which they last changed; go on from `next` until it is null, and later from the last `cursor` for what"
    " changed since. Amounts are texts in yuan, positions WGS-84, instants carry their offset. ID numbers are never given."
)


def openapi_document(parts: Iterable[Part]) -> dict[str, Any]:
    """OpenAPI 3.1, a path for each part and one for its table."""
    known = list(parts)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Xundian reporting",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"bearer": []}, {"basic": []}],
        "paths": {path: operation for part in known for path, operation in _paths(part)},
        "components": {
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "basic": {"type": "http", "scheme": "basic", "description": "any name; the token is the password"},
            },
            "schemas": {"Problem": _problem(), **{_schema_name(part): _schema(part) for part in known}},
        },
    }


def _paths(part: Part) -> Iterable[tuple[str, dict[str, Any]]]:
    row = {"$ref": f"#/components/schemas/{_schema_name(part)}"}
    page = {
        "type": "object",
        "required": ["data", "next", "cursor"],
        "properties": {
            "data": {"type": "array", "items": row},
            "next": {"type": ["string", "null"], "format": "uri", "description": "address of the next page; null on the last one"},
            "cursor": {"type": "string", "description": "where to go on later"},
        },
    }
    table = {"text/csv": {"schema": {"type": "string"}}}
    yield f"/{part.name}", _operation(part, "", {"application/json": {"schema": page}, **table})
    yield f"/{part.name}.csv", _operation(part, "_table", table)


def _operation(part: Part, suffix: str, content: dict[str, Any]) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    refused = {str(status): {"description": REFUSALS[code].en, "content": problem} for status, code in REFUSED.items()}
    parameters = [{"name": name, "in": "query", "description": words, "schema": kind} for name, words, kind in PARAMETERS]
    answers = {"200": {"description": "rows, oldest change first", "content": content}, **refused}
    name = part.name.replace("-", "_")
    return {"get": {"operationId": f"{name}{suffix}", "summary": part.name, "parameters": parameters, "responses": answers}}


def _schema_name(part: Part) -> str:
    return part.schema.__name__.removesuffix("Schema")


def _schema(part: Part) -> dict[str, Any]:
    known = part.schema().fields
    return {"type": "object", "required": list(known), "properties": {name: _property(field) for name, field in known.items()}}


def _property(field: fields.Field[Any]) -> dict[str, Any]:
    given = field.metadata.get("schema") or next(written for kind, written in TYPES if isinstance(field, kind))
    written = dict(given)
    if field.allow_none:
        written["type"] = [written["type"], "null"]
    return {**written, "description": field.metadata["description"]}


def _problem() -> dict[str, Any]:
    names = {"code": "stable code", "title": "what happened, in the reader's language", "detail": "about this very request"}
    properties = {name: {"type": "string", "description": words} for name, words in names.items()}
    return {"type": "object", "required": list(names), "properties": properties}
