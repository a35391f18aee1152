"""Why a sign-in at the provider did not let somebody in, in the words of the login page."""

from enum import StrEnum

from flask_babel import lazy_gettext


class OidcFault(StrEnum):
    """A stable code: it stands in the login page's address and in the log."""

    UNREACHABLE = "oidc_unreachable"
    REFUSED = "oidc_refused"
    UNTRUSTED = "oidc_untrusted"
    EXPIRED = "oidc_expired"
    UNKNOWN_PERSON = "oidc_unknown_person"
    LEFT = "oidc_left"


class OidcRefused(Exception):
    """Nobody was let in; `reason` is for the log and holds no token and no secret."""

    def __init__(self, fault: OidcFault, reason: str) -> None:
        super().__init__(f"{fault}: {reason}")
        self.fault = fault
        self.reason = reason


FAULT_WORDS = {
    OidcFault.UNREACHABLE: lazy_gettext("现在连不上统一登录，请过一会儿再试；一直这样就告诉管理员。"),
    OidcFault.REFUSED: lazy_gettext("统一登录没有让你通过。请再登录一次；还不行就告诉管理员。"),
    OidcFault.UNTRUSTED: lazy_gettext("统一登录的答复核对不上，没有让任何人进来。请告诉管理员。"),
    OidcFault.EXPIRED: lazy_gettext("这次登录过期了，或者已经用过。请再登录一次。"),
    OidcFault.UNKNOWN_PERSON: lazy_gettext("统一登录认得你，但巡店里没有你的工号。请管理员先添加。"),
    OidcFault.LEFT: lazy_gettext("你在巡店的工号已经停用。有疑问请找管理员。"),
}
