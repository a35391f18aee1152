"""The outlet's signature under a paper form 网点签字, or the reason why nobody signed: always one of the two."""

from typing import Annotated

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


def kept_refusal(refusal: str | None) -> str | None:
    """The reason without blanks around it."""
    return None if refusal is None else refusal.strip()


def signed_picture(signature: Signature | None) -> list[str]:
    """The hash of the signature's picture, if there is one."""
    return [signature.sha256] if signature else []
