"""Where messages may go: https, and never into the own network, unless a setting allows it."""

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from server.notices.kinds import RULES, Kind

MOST_ADDRESS = 600
MOST_MAILBOXES = 10
MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
UNSENDABLE = re.compile(r"[^\x21-\x7e]")
# IPv6 that leads on to an IPv4 address, of the own network too: NAT64 (RFC 6052, 8215), 6to4 (RFC 3056), IPv4-compatible (RFC 4291)
BEHIND_GATEWAYS = tuple(ipaddress.IPv6Network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "::/96"))
OWN_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa")


class Unreached(Exception):
    """Nothing was sent: `code` of `ANSWER_WORDS` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def address_fault(kind: Kind, address: str, may_be_private: bool) -> str:
    """What is wrong with an address as typed, a code of `fault_words`; empty when it will do."""
    if not address:
        return "required"
    if kind == Kind.MAIL:
        found = mailboxes(address)
        return "" if 0 < len(found) <= MOST_MAILBOXES and all(MAILBOX.fullmatch(one) for one in found) else "not_mailboxes"
    if len(address) > MOST_ADDRESS or UNSENDABLE.search(address):
        return "not_an_address"
    return _url_fault(kind, address, may_be_private)


def mailboxes(address: str) -> list[str]:
    """Several are separated by commas, semicolons or blanks."""
    return [one for one in re.split(r"[,;，；\s]+", address) if one]


def hint_of(kind: Kind, address: str) -> str:
    """What may be shown of it: the host and the last letters of what follows, or the mailboxes."""
    if kind == Kind.MAIL:
        return ", ".join(mailboxes(address))[:200]
    parts = urlsplit(address)
    return f"{parts.hostname} …{address[-4:]}"[:200]


def split_url(address: str) -> SplitResult | None:
    """The parts of an http address with a host, no user and a real port; None for what is none."""
    try:
        parts = urlsplit(address)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return None
    return parts if is_whole else None


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def places(host: str, port: int, may_be_private: bool) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """Where the host lies: (family, (address, port)). Raises Unreached when it is unknown, or when any of them is inside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreached("no_host") from fault
    if not may_be_private and any(_is_inside(str(place[4][0])) for place in found):
        raise Unreached("private")
    return [(place[0], (str(place[4][0]), port)) for place in found]


def _url_fault(kind: Kind, address: str, may_be_private: bool) -> str:
    parts = split_url(address)
    if parts is None:
        return "not_an_address"
    if not may_be_private:
        if parts.scheme != "https":
            return "not_https"
        if _is_own_name(parts.hostname or "") or _resolves_inside(parts):
            return "private_address"
    marks = RULES[kind].marks
    return "" if marks in address else f"not_of_{kind}"


def _is_own_name(host: str) -> bool:
    name = host.rstrip(".").lower()
    return ("." not in name and ":" not in name) or name.endswith(OWN_NAMES)


def _resolves_inside(parts: SplitResult) -> bool:
    """A name that nobody knows now may be known later, so it is no fault of the form."""
    try:
        places(parts.hostname or "", port_of(parts), may_be_private=False)
    except Unreached as fault:
        return fault.code == "private"
    return False


def _is_inside(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.is_site_local or any(address in network for network in BEHIND_GATEWAYS):
            return True
        address = address.ipv4_mapped or address
    return not address.is_global or address.is_multicast
