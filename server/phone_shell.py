"""The phone app's files under `/m/`, and the service worker that keeps them on the phone."""

import gzip
import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from sync.problems import Problem

PWA = Path(__file__).parent.parent / "pwa"
FORMS = Path(__file__).parent.parent / "sync" / "forms"
LEFT_OUT = {".md", ".py"}
TEXTS = {".js", ".css", ".html", ".svg", ".webmanifest"}


def init_app(app: Flask) -> None:
    app.add_url_rule("/m", "phone_redirect", lambda: app.redirect("/m/"))
    app.add_url_rule("/m/", "phone_start", lambda: _file("index.html"))
    app.add_url_rule("/m/sw.js", "phone_worker", _worker)
    app.add_url_rule("/m/sync/forms/<name>.json", "phone_form", _form)
    app.add_url_rule("/m/<path:name>", "phone_file", _file)


def _file(name: str) -> Response:
    path = PWA / name
    if path.suffix in LEFT_OUT or not path.is_file():
        raise Problem("not_found")
    answer = send_from_directory(PWA, name, conditional=not _is_packed(path))
    if path.suffix == ".webmanifest":
        answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return _pack(answer, path) if _is_packed(path) else answer


def _is_packed(path: Path) -> bool:
    """Phones fetch the whole shell over weak links, and texts shrink to a third."""
    return path.suffix in TEXTS and "gzip" in request.accept_encodings


def _pack(answer: Response, path: Path) -> Response:
    """The answer with its text gzipped, under a tag of its own."""
    answer.direct_passthrough = False
    answer.set_data(_packed(path, path.stat().st_mtime_ns))
    answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(f"{answer.get_etag()[0]}-gzip")
    answer.vary.add("Accept-Encoding")
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=1000)
def _packed(path: Path, _changed_ns: int) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)


def _form(name: str) -> Response:
    answer = send_from_directory(FORMS, f"{name}.json", conditional=True)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _worker() -> Response:
    """The worker, told which build it is and which files make the shell; a change of any file changes it too."""
    build, urls = shell()
    head = f"const BUILD = {json.dumps(build)};\nconst SHELL = {json.dumps(urls)};\n"
    answer = Response(head + (PWA / "sw.js").read_text("utf-8"), content_type="text/javascript; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Service-Worker-Allowed"] = "/m/"
    return answer


def shell() -> tuple[str, list[str]]:
    """The build's hash and the shell's addresses; read anew when a file changed."""
    files = sorted(path for path in PWA.rglob("*") if path.is_file() and path.suffix not in LEFT_OUT and path.name != "index.html")
    forms = sorted(FORMS.glob("*.json"))
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in [PWA / "index.html", *files, *forms])
    return _shell(stamp)


@cache
def _shell(stamp: tuple[tuple[str, int], ...]) -> tuple[str, list[str]]:
    digest = hashlib.sha256()
    urls = ["/m/"]
    for name, _ in stamp:
        path = Path(name)
        digest.update(path.read_bytes())
        if path.is_relative_to(FORMS):
            urls.append(f"/m/sync/forms/{path.name}")
        elif path.name not in ("index.html", "sw.js"):
            urls.append(f"/m/{path.relative_to(PWA).as_posix()}")
    return digest.hexdigest()[:12], urls
