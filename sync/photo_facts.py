"""What a phone says of the photos of a record: where they came from, and whether they are poor."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from sync.schemas import Sha256

MOST_FACTS = 20

# the app's own camera, the phone's camera through a file input, or a picture that was there before
Origin = Literal["camera", "system", "gallery"]


class PhotoFact(Struct, frozen=True):
    """`taken_at` is the phone's own clock, uncorrected. Records of before say nothing of their photos."""

    sha256: Sha256
    origin: Origin
    taken_at: datetime
    is_blurred: bool = False
    is_dark: bool = False


PhotoFacts = Annotated[list[PhotoFact], Meta(max_length=MOST_FACTS)]
