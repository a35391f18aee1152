"""The phone app's files under `/m/`, and the service worker that keeps them on the phone."""

import gzip
import hashlib
import json
import re
from functools import cache, lru_cache
from pathlib import Path

from flask import Flask, Response, request, send_from_directory

from server.phone_packs import LOADER, Packs, is_packed, packs_of
from sync.problems import Problem
from sync.upcast import UPCASTERS

PWA = Path(__file__).parent.parent / "pwa"
FORMS = Path(__file__).parent.parent / "sync" / "forms"
LEFT_OUT = {".md", ".py"}
START = '<script type="module"'
FIRST = ("app", "zh")
FIRST_KEPT = ("app", "zh", "signed_in")
STYLES = "css/all.css"
STYLE_LINKS = re.compile(r'(?: *<link rel="stylesheet" href="/m/css/[^"]+">\n)+')
STYLE_NAME = re.compile(r'<link rel="stylesheet" href="/m/(css/[^"]+)">')
Stamp = tuple[tuple[str, int], ...]
TEXTS = {".js", ".css", ".html", ".svg", ".webmanifest"}


def init_app(app: Flask) -> None:
    app.add_url_rule("/m", "phone_redirect", lambda: app.redirect("/m/"))
    app.add_url_rule("/m/", "phone_start", _start)
    app.add_url_rule("/m/sw.js", "phone_worker", _worker)
    app.add_url_rule(f"/m/{STYLES}", "phone_styles", _styles)
    app.add_url_rule("/m/packs/<name>.js", "phone_pack", _pack)
    app.add_url_rule("/m/sync/forms/<name>.json", "phone_form", _form)
    app.add_url_rule("/m/<path:name>", "phone_file", _file)


def _start() -> Response:
    """The start page, which names what the first screen needs, so that it comes all at once and not import by import.

    With `?kept` it is the one that the worker keeps on the phone: whoever starts from there is signed in, as a rule.
    """
    first = FIRST_KEPT if "kept" in request.args else FIRST
    links = "".join(f'<link rel="modulepreload" href="/m/{name}">\n    ' for name in _first_files(first))
    page = (PWA / "index.html").read_text("utf-8").replace(START, links + START)
    return _text(STYLE_LINKS.sub(f'    <link rel="stylesheet" href="/m/{STYLES}">\n', page), "text/html")


def _styles() -> Response:
    """All styles in the order of the start page: one file is faster than a dozen."""
    names = STYLE_NAME.findall((PWA / "index.html").read_text("utf-8"))
    return _text("\n".join((PWA / name).read_text("utf-8") for name in names), "text/css")


def _text(text: str, mimetype: str) -> Response:
    answer = Response(text, mimetype=mimetype)
    answer.headers["Cache-Control"] = "no-cache"
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:24])
    if "gzip" in request.accept_encodings:
        return _gzipped(answer, _compressed(text.encode()))
    answer.make_conditional(request)
    return answer


def _first_files(first: tuple[str, ...]) -> list[str]:
    """These packs, what makes their modules, and the libraries that they import."""
    packs = _packs(_stamp())
    vendor = {name for pack in first for name in packs.vendor[pack]}
    return [LOADER, *(f"packs/{pack}.js" for pack in first), *sorted(vendor)]


def _pack(name: str) -> Response:
    """Modules joined, without their comments."""
    packs = _packs(_stamp())
    if name not in packs.texts:
        raise Problem("not_found")
    return _text(packs.texts[name], "text/javascript")


@cache
def _packs(_stamp: Stamp) -> Packs:
    return packs_of(PWA)


def _file(name: str) -> Response:
    path = PWA / name
    if path.suffix in LEFT_OUT or is_packed(name) or not path.is_file():
        raise Problem("not_found")
    answer = send_from_directory(PWA, name, conditional=not _takes_gzip(path))
    if path.suffix == ".webmanifest":
        answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return _gzipped(answer, _compressed(path.read_bytes())) if _takes_gzip(path) else answer


def _takes_gzip(path: Path) -> bool:
    """Phones fetch the whole shell over weak links, and texts shrink to a third."""
    return path.suffix in TEXTS and "gzip" in request.accept_encodings


def _gzipped(answer: Response, packed: bytes) -> Response:
    """The answer with its text gzipped, under a tag of its own."""
    answer.direct_passthrough = False
    answer.set_data(packed)
    answer.headers.pop("Content-Disposition", None)
    answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(f"{answer.get_etag()[0]}-gzip")
    answer.vary.add("Accept-Encoding")
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=100)
def _compressed(text: bytes) -> bytes:
    return gzip.compress(text, mtime=0)


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
    return _shell(_stamp())


def _stamp() -> Stamp:
    """Every file of the shell with the time of its last change."""
    files = sorted(path for path in PWA.rglob("*") if path.is_file() and path.suffix not in LEFT_OUT and path.name != "index.html")
    forms = sorted(path for path in FORMS.glob("*.json") if path.stem not in UPCASTERS)  # the phone fills in the newest of each
    return tuple((str(path), path.stat().st_mtime_ns) for path in [PWA / "index.html", *files, *forms])


@cache
def _shell(stamp: Stamp) -> tuple[str, list[str]]:
    digest = hashlib.sha256()
    packs = _packs(stamp).texts
    digest.update("".join(packs.values()).encode())  # they may be joined in another way
    urls = ["/m/", f"/m/{STYLES}", *(f"/m/packs/{pack}.js" for pack in packs)]
    for name, _ in stamp:
        path = Path(name)
        digest.update(path.read_bytes())
        if path.is_relative_to(FORMS):
            urls.append(f"/m/sync/forms/{path.name}")
        elif path.suffix != ".css" and path.name not in ("index.html", "sw.js") and not is_packed(path.relative_to(PWA).as_posix()):
            urls.append(f"/m/{path.relative_to(PWA).as_posix()}")
    return digest.hexdigest()[:12], urls
