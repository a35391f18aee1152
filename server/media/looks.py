"""What photos look like: a difference hash of 64 bits, our own (DESIGN §3, §5)."""

import struct
import warnings
import zlib
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageOps

from server.media.pictures import FORMATS, PICTURE_FAULTS

COLUMNS, ROWS = 9, 8
DRAFT_PX = 16  # times what is asked for: JPEG then decodes an eighth of the pixels
MOST_PIXELS = 60_000_000
LEAST_CONTRAST = 12  # grey levels of 256: less is a covered lens, and all of those would look alike
# beside what files that are not whole raise, what Pillow's parsers raise for contents that make no sense
NO_PICTURE = (*PICTURE_FAULTS, struct.error, zlib.error, ArithmeticError, LookupError, AttributeError, RuntimeError, AssertionError)


def look_of(content: bytes) -> int | None:
    """64 bits, row by row from the top left: whether it gets brighter to the right. None for what is no picture or plain grey."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            small = _shrunk(content)
    except NO_PICTURE:
        return None
    levels = small.tobytes()
    if max(levels) - min(levels) < LEAST_CONTRAST:
        return None
    look = 0
    for row in range(ROWS):
        line = levels[row * COLUMNS : (row + 1) * COLUMNS]
        for left, right in pairwise(line):
            look = look << 1 | (right > left)
    return look


def _shrunk(content: bytes) -> Image.Image:
    """The picture upright, in grey, nine by eight."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("L", (COLUMNS * DRAFT_PX, ROWS * DRAFT_PX))
        picture.thumbnail((COLUMNS * DRAFT_PX, COLUMNS * DRAFT_PX))
        upright = ImageOps.exif_transpose(picture)
        return upright.convert("L").resize((COLUMNS, ROWS), Image.Resampling.BOX)
