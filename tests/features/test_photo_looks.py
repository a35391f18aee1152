"""What photos look like: the same again when scaled and saved anew, nothing for what is no picture."""

import random
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from server.domain.photo_look import distance_bits
from server.media.looks import look_of
from tests.features.pictures import blocks, jpeg, photo, photo_again


def test_the_look_says_where_it_gets_brighter_to_the_right():
    ramp = Image.new("L", (90, 80))
    for x in range(90):
        ramp.paste(x * 2, (x, 0, x + 1, 80))
    assert look_of(jpeg(ramp)) == (1 << 64) - 1
    assert look_of(jpeg(ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT))) == 0


@pytest.mark.parametrize("seed", range(8))
def test_a_photo_scaled_darkened_and_saved_anew_looks_alike(seed):
    one, other = look_of(photo(seed)), look_of(photo_again(seed))
    assert one is not None and other is not None and distance_bits(one, other) <= 4


def test_a_stamp_changes_little():
    picture = blocks(3)
    ImageDraw.Draw(picture).rectangle((0, 300, 360, 320), fill=0)
    assert distance_bits(look_of(photo(3)) or 0, look_of(jpeg(picture)) or 0) <= 4


def test_different_photos_do_not_look_alike():
    looks = [look_of(photo(seed)) or 0 for seed in range(40)]
    assert min(distance_bits(one, other) for place, one in enumerate(looks) for other in looks[:place]) > 7


def test_a_photo_lying_on_its_side_is_looked_at_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    file = BytesIO()
    blocks(4).transpose(Image.Transpose.ROTATE_90).save(file, "JPEG", quality=90, exif=exif)
    assert distance_bits(look_of(photo(4)) or 0, look_of(file.getvalue()) or 0) <= 4


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_a_plain_grey_has_no_look(grey):
    assert look_of(jpeg(Image.new("RGB", (64, 48), (grey, grey, grey)))) is None


@pytest.mark.parametrize("content", [b"", b"no picture", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a\x01\x00\x01\x00\x00", b"RIFF0000WEBP"])
def test_what_is_no_picture_has_no_look(content):
    assert look_of(content) is None


def test_a_bomb_has_no_look():
    file = BytesIO()
    Image.new("1", (12_000, 12_000)).save(file, "PNG")
    assert look_of(file.getvalue()) is None


def test_no_damaged_file_raises():
    """Bytes changed and files cut by chance: whatever Pillow makes of them, there is a look or none."""
    source = random.Random(11)
    kept = []
    for kind in ("JPEG", "PNG", "WEBP"):
        file = BytesIO()
        blocks(1).convert("RGB").save(file, kind)
        kept.append(file.getvalue())
    for turn in range(600):
        content = bytearray(kept[turn % 3])
        for _ in range(source.randint(1, 12)):
            content[source.randrange(min(len(content), 400) if turn % 2 else len(content))] = source.randrange(256)
        cut = source.randint(1, len(content)) if turn % 5 == 0 else len(content)
        look = look_of(bytes(content[:cut]))
        assert look is None or 0 <= look < 1 << 64
