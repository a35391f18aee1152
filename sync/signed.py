"""The outlet's signature under a paper form 网点签字, or the reason why nobody signed: always one of the two."""

from typing import Annotated, TypedDict

from msgspec import Meta

from sync.record_checks import check_instants, check_written
from sync.visit_form import Signature

Refusal = Annotated[str, Meta(max_length=2000)]


def check_signed(signature: Signature | None, refusal: str | None) -> None:
    """Raises ValueError with what is wrong."""
    if (signature is None) == (refusal is None):
        raise ValueError("either signature or signature_refusal")
    if signature is not None:
        check_instants(signature.signed_at)
        check_written(signer_name=signature.signer_name)
    if refusal is not None:
        check_written(signature_refusal=refusal)


class KeptSigned(TypedDict):
    """As a record keeps it: the picture's hash and who signed, or the reason why nobody did."""

    signature_sha256: str | None
    signer_name: str
    signature_refusal: str | None


def kept_signed(signature: Signature | None, refusal: str | None) -> KeptSigned:
    """Names and reasons without blanks around them."""
    return KeptSigned(
        signature_sha256=signature.sha256 if signature else None,
        signer_name=signature.signer_name.strip() if signature else "",
        signature_refusal=None if refusal is None else refusal.strip(),
    )


def signed_picture(signature: Signature | None) -> list[str]:
    """The hash of the signature's picture, if there is one."""
    return [signature.sha256] if signature else []
