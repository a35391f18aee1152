"""The console's scripts and styles, under addresses that change with their content: a browser keeps them for good and asks for none again.

All of them share one segment, `/static/v-<hash>/js/map.js`, so that a script finds the others beside it under the same one.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory

FOLDER = Path(__file__).parent / "static"
MARK = "v-"
YEAR_S = 31_536_000
HASH_DIGITS = 12


@cache
def own_segment() -> str:
    """`v-` and the hash of all files with their names."""
    found = sha256()
    for path in sorted(one for one in FOLDER.rglob("*") if one.is_file()):
        found.update(str(path.relative_to(FOLDER)).encode() + b"\0" + path.read_bytes())
    return MARK + found.hexdigest()[:HASH_DIGITS]


def init_app(app: Flask) -> None:
    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=_file)

    @app.url_defaults
    def _with_segment(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values["filename"] = f"{own_segment()}/{values['filename']}"


def _file(filename: str) -> Response:
    """By the present address for good; by that of another release, or by none, what there is now."""
    segment, _, rest = filename.partition("/")
    answer = send_from_directory(FOLDER, rest if segment.startswith(MARK) else filename)
    if segment == own_segment():
        answer.headers["Cache-Control"] = f"public, max-age={YEAR_S}, immutable"
    return answer
