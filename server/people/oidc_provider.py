"""What the provider publishes about itself: its addresses and its keys, kept for a while and asked anew for a key that is not known."""

import time
from dataclasses import dataclass
from typing import Any

from flask import current_app
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from server.oidc_settings import OidcSettings, safe_parts
from server.people.oidc_faults import OidcFault, OidcRefused
from server.people.oidc_fetching import Asked, fetched

KEPT_SECONDS = 3600.0
LEAST_BETWEEN_SECONDS = 30.0  # somebody who makes up key ids must not make us ask the provider each time
WELL_KNOWN = "/.well-known/openid-configuration"
PUBLIC_KINDS: dict[str, type[RSAKey] | type[ECKey]] = {"RSA": RSAKey, "EC": ECKey}


@dataclass(frozen=True)
class Provider:
    """Addresses of one provider; `says_who` promises that its answers name it (RFC 9207). An empty `userinfo` means there is none."""

    authorization: str
    token: str
    jwks: str
    userinfo: str
    takes_basic: bool
    says_who: bool


@dataclass(frozen=True)
class Keys:
    keys: KeySet
    fetched_at: float


def provider_of(oidc: OidcSettings) -> Provider:
    """The provider's addresses, from its discovery document; raises OidcRefused."""
    kept: dict[str, tuple[float, Provider]] = current_app.extensions.setdefault("xundian.oidc_providers", {})
    at, known = kept.get(oidc.issuer, (0.0, None))
    if known is not None and time.monotonic() - at < KEPT_SECONDS:
        return known
    try:
        document = fetched(Asked(oidc.issuer.rstrip("/") + WELL_KNOWN))
    except OidcRefused as refused:  # a provider that does not describe itself is as good as none
        raise OidcRefused(OidcFault.UNREACHABLE, refused.reason) from refused
    provider = _described(oidc, document)
    kept[oidc.issuer] = (time.monotonic(), provider)
    return provider


def keys_for(provider: Provider, kid: str | None) -> KeySet:
    """The provider's public keys, asked anew when none has this id; raises OidcRefused. They may lack the id even then."""
    kept: dict[str, Keys] = current_app.extensions.setdefault("xundian.oidc_keys", {})
    known = kept.get(provider.jwks)
    age_s = time.monotonic() - known.fetched_at if known else KEPT_SECONDS
    if known is not None and age_s < KEPT_SECONDS and (_has(known.keys, kid) or age_s < LEAST_BETWEEN_SECONDS):
        return known.keys
    keys = _public_keys(fetched(Asked(provider.jwks)))
    kept[provider.jwks] = Keys(keys, time.monotonic())
    return keys


def _described(oidc: OidcSettings, document: dict[str, Any]) -> Provider:
    """Raises OidcRefused for another issuer's document (OpenID Connect Discovery §4.3) and for addresses that secrets must not go to."""
    if document.get("issuer") != oidc.issuer:
        raise OidcRefused(OidcFault.UNREACHABLE, f"the discovery document is of {str(document.get('issuer'))[:120]!r}, not of {oidc.issuer!r}")
    needed = {name: document.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    for name, address in needed.items():
        if safe_parts(address) is None:
            raise OidcRefused(OidcFault.UNREACHABLE, f"the discovery document has no safe {name}")
    userinfo = document.get("userinfo_endpoint")
    ways = document.get("token_endpoint_auth_methods_supported")
    return Provider(
        authorization=str(needed["authorization_endpoint"]),
        token=str(needed["token_endpoint"]),
        jwks=str(needed["jwks_uri"]),
        userinfo=str(userinfo) if safe_parts(userinfo) else "",
        takes_basic=not isinstance(ways, list) or "client_secret_basic" in ways or "client_secret_post" not in ways,
        says_who=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _public_keys(document: dict[str, Any]) -> KeySet:
    """Keys that can check signatures: no shared secrets, none for encryption; one that we cannot read does not spoil the others."""
    published = document.get("keys")
    found: list[Any] = []
    for jwk in published if isinstance(published, list) else []:
        if not isinstance(jwk, dict) or jwk.get("kty") not in PUBLIC_KINDS or jwk.get("use", "sig") != "sig":
            continue
        try:
            found.append(PUBLIC_KINDS[jwk["kty"]].import_key(jwk))
        except (JoseError, ValueError, TypeError, KeyError):
            continue
    if not found:
        raise OidcRefused(OidcFault.UNREACHABLE, "the provider publishes no key that checks signatures")
    return KeySet(found)


def _has(keys: KeySet, kid: str | None) -> bool:
    return kid is None or any(key.kid == kid for key in keys)
