"""Pictures for tests: blocks of grey drawn by a seed, so that each looks like no other."""

import random
from io import BytesIO

from PIL import Image

SIDE_PX = 40


def blocks(seed: int) -> Image.Image:
    source = random.Random(seed)
    picture = Image.new("L", (9 * SIDE_PX, 8 * SIDE_PX))
    for column in range(9):
        for row in range(8):
            left, top = column * SIDE_PX, row * SIDE_PX
            picture.paste(source.randint(0, 255), (left, top, left + SIDE_PX, top + SIDE_PX))
    return picture


def jpeg(picture: Image.Image, quality: int = 85) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return file.getvalue()


def photo(seed: int) -> bytes:
    return jpeg(blocks(seed))


def photo_again(seed: int) -> bytes:
    """The same picture, smaller, a little darker and saved anew."""
    return jpeg(blocks(seed).resize((250, 222)).point(lambda level: int(level * 0.9)), 60)
