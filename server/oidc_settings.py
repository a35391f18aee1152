"""Where the console's people may sign in besides here: one OpenID Connect provider, read from the environment."""

import os
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
DEFAULT_CLAIM = "preferred_username"
DEFAULT_SCOPES = "openid profile"
LONGEST_LABEL = 30


@dataclass(frozen=True)
class OidcSettings:
    """One provider. Without `client_secret` we are a public client; `label` is empty or the provider's name as people know it."""

    issuer: str
    client_id: str
    client_secret: str = ""
    login_claim: str = DEFAULT_CLAIM
    scopes: str = DEFAULT_SCOPES
    label: str = ""
    is_only_way: bool = False


def oidc_from_environment(base_url: str) -> OidcSettings | None:
    """The provider, or none; raises ValueError naming the variable that is wrong, so that nobody finds out at the login page."""
    issuer = os.environ.get("XUNDIAN_OIDC_ISSUER", "")
    is_only_way = _switch(os.environ.get("XUNDIAN_OIDC_ONLY", ""))
    if not issuer:
        if is_only_way:
            raise ValueError("XUNDIAN_OIDC_ONLY needs XUNDIAN_OIDC_ISSUER: nobody could sign in to the console")
        return None
    client_id = os.environ.get("XUNDIAN_OIDC_CLIENT_ID", "")
    scopes = os.environ.get("XUNDIAN_OIDC_SCOPES", "") or DEFAULT_SCOPES
    if not client_id:
        raise ValueError("XUNDIAN_OIDC_ISSUER needs XUNDIAN_OIDC_CLIENT_ID")
    if not base_url:
        raise ValueError("XUNDIAN_OIDC_ISSUER needs XUNDIAN_BASE_URL: the provider sends people back to that address")
    if "openid" not in scopes.split():
        raise ValueError("XUNDIAN_OIDC_SCOPES must contain openid")
    if not _is_issuer(issuer):
        raise ValueError("XUNDIAN_OIDC_ISSUER must be an https address without ? and # (http only on this machine)")
    label = os.environ.get("XUNDIAN_OIDC_LABEL", "")
    if len(label) > LONGEST_LABEL:
        raise ValueError(f"XUNDIAN_OIDC_LABEL may have {LONGEST_LABEL} letters: it stands on a button")
    return OidcSettings(
        issuer=issuer,
        client_id=client_id,
        client_secret=os.environ.get("XUNDIAN_OIDC_CLIENT_SECRET", ""),
        login_claim=os.environ.get("XUNDIAN_OIDC_LOGIN_CLAIM", "") or DEFAULT_CLAIM,
        scopes=scopes,
        label=label,
        is_only_way=is_only_way,
    )


def safe_parts(address: object) -> SplitResult | None:
    """The parts of an address that secrets may be sent to: https, or http on this machine; none for anything else."""
    if not isinstance(address, str) or any(ord(sign) < 33 for sign in address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL_HOSTS)
    return parts if is_safe and parts.hostname and parts.username is None and not parts.fragment else None


def _is_issuer(address: str) -> bool:
    parts = safe_parts(address)
    return parts is not None and not parts.query and "?" not in address and "#" not in address


def _switch(text: str) -> bool:
    if text not in ("", "0", "1"):
        raise ValueError("XUNDIAN_OIDC_ONLY must be 1, 0 or empty")
    return text == "1"
