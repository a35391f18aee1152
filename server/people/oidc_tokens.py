"""From a code to claims that can be believed: the exchange, and every check of the id token (OpenID Connect Core §3.1.3.7)."""

from datetime import datetime
from hmac import compare_digest
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from server.oidc_settings import OidcSettings
from server.people.oidc_attempt import Attempt
from server.people.oidc_faults import OidcFault, OidcRefused
from server.people.oidc_fetching import Asked, basic, fetched
from server.people.oidc_provider import Provider, keys_for

LEEWAY_SECONDS = 60
# Signatures by a private key only: `none` proves nothing, and with HS256 whoever knows the public key or the client secret could sign.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
MOST_HEADER_BYTES = 8192  # some providers put their certificate there


def tokens_for_code(oidc: OidcSettings, provider: Provider, attempt: Attempt, code: str, redirect_uri: str) -> tuple[str, str]:
    """The id token and the access token (or nothing) for the code; raises OidcRefused."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": attempt.verifier}
    headers: dict[str, str] = {}
    if oidc.client_secret and provider.takes_basic:
        headers = basic(oidc.client_id, oidc.client_secret)
    else:
        form["client_id"] = oidc.client_id
        if oidc.client_secret:
            form["client_secret"] = oidc.client_secret
    answer = fetched(Asked(provider.token, form, headers))
    id_token, access_token = answer.get("id_token"), answer.get("access_token")
    if not isinstance(id_token, str):
        raise OidcRefused(OidcFault.UNTRUSTED, "the provider gave no id token")
    return id_token, access_token if isinstance(access_token, str) else ""


def proven_claims(oidc: OidcSettings, provider: Provider, attempt: Attempt, id_token: str, now: datetime) -> dict[str, Any]:
    """The id token's claims once signature, issuer, audience, times and nonce hold; raises OidcRefused."""
    try:
        claims = _signed_claims(provider, id_token)
        _claims_registry(oidc, now).validate(claims)
    except (JoseError, ValueError, TypeError) as fault:
        raise OidcRefused(OidcFault.UNTRUSTED, f"id token: {type(fault).__name__}: {fault}") from fault
    _check_party(oidc, claims)
    nonce = claims["nonce"]
    if not isinstance(nonce, str) or not compare_digest(nonce.encode(), attempt.nonce.encode()):
        raise OidcRefused(OidcFault.UNTRUSTED, "id token: the nonce is of another attempt")
    return claims


def login_in(oidc: OidcSettings, provider: Provider, claims: dict[str, Any], access_token: str) -> str:
    """The login that the provider vouches for; raises OidcRefused.

    Some providers keep the id token small and tell the rest to whoever shows the access token (§5.3); it must be about the same subject.
    """
    told = claims
    if oidc.login_claim not in claims and provider.userinfo and access_token:
        told = fetched(Asked(provider.userinfo, headers={"Authorization": f"Bearer {access_token}"}))
        if told.get("sub") != claims["sub"]:
            raise OidcRefused(OidcFault.UNTRUSTED, "userinfo is about another subject")
    login = told.get(oidc.login_claim)
    if not isinstance(login, str) or not login:
        raise OidcRefused(OidcFault.UNKNOWN_PERSON, f"the provider tells no {oidc.login_claim}")
    if oidc.login_claim == "email" and told.get("email_verified") is not True:
        raise OidcRefused(OidcFault.UNTRUSTED, "the provider has not verified the e-mail address")
    return login


def _signed_claims(provider: Provider, id_token: str) -> dict[str, Any]:
    registry = jws.JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
    registry.max_header_length = MOST_HEADER_BYTES
    kid = jws.extract_compact(id_token.encode(), registry=registry).headers().get("kid")
    if kid is not None and not isinstance(kid, str):
        raise ValueError("the key id is no text")
    return jwt.decode(id_token, keys_for(provider, kid), algorithms=list(ALGORITHMS), registry=registry).claims


def _claims_registry(oidc: OidcSettings, now: datetime) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": oidc.issuer},
        aud={"essential": True, "value": oidc.client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )


def _check_party(oidc: OidcSettings, claims: dict[str, Any]) -> None:
    """A token for several parties must say that it was made for us, and one that says so must mean us."""
    audience, party = claims["aud"], claims.get("azp")
    is_shared = isinstance(audience, list) and len(audience) > 1
    if (is_shared or party is not None) and party != oidc.client_id:
        raise OidcRefused(OidcFault.UNTRUSTED, "id token: made for another party")
