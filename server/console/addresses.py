"""Addresses inside the console: this page with some filters changed, and safe ways back."""

from urllib.parse import urlencode, urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException

OF_ONE_PAGE = ("after", "pick")  # where one is in a list and what is ticked there, which is no filter


def here_with(**changes: object) -> str:
    """The address of this page with some arguments changed; None takes one away, and paging starts anew."""
    arguments = {name: value for name, value in request.args.items() if name not in OF_ONE_PAGE and value != ""}
    for name, value in changes.items():
        if value is None:
            arguments.pop(name, None)
        else:
            arguments[name] = str(value)
    return f"{request.path}?{urlencode(arguments)}" if arguments else request.path


def same_filter(path: str) -> str:
    """Another path with this page's filter, from its first page."""
    query = urlencode([(name, value) for name, value in request.args.items() if value and name not in OF_ONE_PAGE])
    return f"{path}?{query}" if query else path


def same_place(path: str, **arguments: object) -> str:
    """Another path with this page's filter and place in its list, where the arguments win."""
    found = {name: value for name, value in request.args.items() if value} | {name: str(value) for name, value in arguments.items()}
    return f"{path}?{urlencode(found)}" if found else path


def this_page() -> str:
    """The address of this page as it stands, filter and place in the list with it."""
    return request.full_path.rstrip("?")


def page_behind() -> str:
    """The address of the page into which htmx puts the part that it asks for; that of this page when none is named."""
    parts = urlsplit(request.headers.get("HX-Current-URL", ""))
    return f"{parts.path}?{parts.query}" if parts.path else this_page()


def export_address(name: str, ending: str, more: dict[str, str]) -> str:
    """The address of a list as a file, with this page's filter and with arguments that the page has in its path.

    `name` is a key of `server.reports.lists.LISTS` or, on the page of the one record that it tells of, of `OF_ONE_RECORD` there; `ending` is
    xlsx, csv or, of visits, geojson; `more` is by the names that the list's rows read, and wins over the filter. What belongs to one page
    alone (its place in the list, the row that is open) is left out.
    Templates call it by the macro in `_exports.html`, which says how a new list gets its export.
    """
    arguments = {key: value for key, value in request.args.items() if key not in (*OF_ONE_PAGE, "open") and value} | more
    return f"/exports/{name}.{ending}" + (f"?{urlencode(arguments)}" if arguments else "")


def own_path(target: str | None, otherwise: str) -> str:
    """The target when it is a path of this site, else the other one: nobody is sent elsewhere after signing in."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(sign) < 33 or sign == "\\" for sign in target):
        return otherwise
    parts = urlsplit(target)
    return otherwise if parts.scheme or parts.netloc else target


def page_address() -> str:
    """Where one finds this page again: its address, or for the answer to a form post that of the page with the form."""
    if request.method == "GET":
        return this_page()
    came_from, path = urlsplit(request.referrer or ""), request.path
    if came_from.netloc == request.host and _is_page(came_from.path):
        return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    while path and not _is_page(path):
        path = path.rpartition("/")[0]
    return path or "/"


def _is_page(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True
