"""Addresses of tiles: what may stand in them, and the one host that a page with a map asks."""

import re
from urllib.parse import SplitResult, urlsplit

MOST_URL = 600
PLACES = ("{z}", "{x}", "{y}")
# the host goes into a header, so nothing but the letters of names and numbers is let through
HOST = re.compile(r"(?!-)[a-z0-9.-]+|\[[0-9a-f:.]+\]")
PRINTABLE = re.compile(r"[!-~]+")
OWN_MACHINE = ("localhost", "127.0.0.1", "[::1]")


def url_fault(url: str) -> str:
    """The code of what is wrong with the address, or nothing.

    Plain http is let through on this machine only: there nobody else can read or change what is sent.
    """
    if len(url) > MOST_URL or not PRINTABLE.fullmatch(url):
        return "not_a_tile_address"
    parts = _parts(url)
    if parts is None:
        return "not_a_tile_address"
    if "@" in parts.netloc:
        return "tile_user"
    if parts.scheme != "https" and _host(parts) not in OWN_MACHINE:
        return "not_https"
    if "{s}" in url:
        return "one_tile_host"
    path = f"{parts.path}?{parts.query}"
    if not all(path.count(place) == 1 for place in PLACES):
        return "tile_places"
    if re.search(r"[{}]", re.sub(r"\{[xyz]\}", "", url)) or parts.fragment:
        return "not_a_tile_address"
    return ""


def tile_origin(url: str) -> str:
    """Scheme, host and port of an address without fault, as a Content-Security-Policy names it."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{_host(parts)}{port}"


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and parts.port != 0 and HOST.fullmatch(_host(parts))
    except ValueError:
        return None
    # a host of {s} is told in its own words
    return parts if is_whole or (parts.hostname and "{s}" in parts.netloc) else None


def _host(parts: SplitResult) -> str:
    """In small letters; an IPv6 address in its brackets."""
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host
