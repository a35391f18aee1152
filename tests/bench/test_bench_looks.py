"""How long photos take: to look at one, and to find those like it among 100,000 (DESIGN §5)."""

import random
import statistics
import time
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import insert

from server.clock import now
from server.db import db, read_only
from server.domain.photo_look import MOST_BITS, bands_of, distance_bits
from server.media.looks import look_of
from server.media.models import Blob, PhotoHash
from server.visits.neighbours import near_looks
from tests.features.pictures import blocks

PHOTOS = 100_000
ASKED = 200


def phone_photo(seed: int) -> bytes:
    """A JPEG of 1600 × 1200 with grain, about as large as a phone's."""
    source = random.Random(seed)
    grain = Image.frombytes("RGB", (400, 300), source.randbytes(400 * 300 * 3)).resize((1600, 1200))
    file = BytesIO()
    Image.blend(blocks(seed).convert("RGB").resize((1600, 1200)), grain, 0.3).save(file, "JPEG", quality=80)
    return file.getvalue()


def test_looking_at_a_photo():
    photos = [phone_photo(seed) for seed in range(20)]
    spent = []
    for content in photos:
        begun = time.perf_counter()
        assert look_of(content) is not None
        spent.append(time.perf_counter() - begun)
    print(f"\nlook of a photo of {len(photos[0]) // 1024} kB: {statistics.median(spent) * 1000:.1f} ms")
    assert statistics.median(spent) < 0.2


@pytest.fixture
def looks(app):
    source = random.Random(1)
    looks = [source.getrandbits(64) for _ in range(PHOTOS)]
    with app.app_context():
        at = now()
        for start in range(0, PHOTOS, 5000):
            part = [(f"{place:064x}", look) for place, look in enumerate(looks[start : start + 5000], start)]
            db.session.execute(insert(Blob), [{"sha256": sha256, "expected_at": at} for sha256, _ in part])
            rows = [{"sha256": sha256, "look": f"{look:016x}", **bands(look)} for sha256, look in part]
            db.session.execute(insert(PhotoHash), rows)
        db.session.commit()
        yield looks


def bands(look: int) -> dict[str, int]:
    return {f"band_{place}": band for place, band in enumerate(bands_of(look))}


def test_finding_photos_alike_among_many(looks):
    """Every look within the bits is found, and nothing else; the time is that of one search."""
    source = random.Random(2)
    spent = []
    with read_only():
        for _ in range(ASKED):
            place = source.randrange(PHOTOS)
            asked = looks[place]
            for bit in source.sample(range(64), source.randint(0, MOST_BITS)):
                asked ^= 1 << bit
            begun = time.perf_counter()
            found = near_looks(asked)
            spent.append(time.perf_counter() - begun)
            assert found[f"{place:064x}"] == distance_bits(asked, looks[place])
            assert all(bits <= MOST_BITS for bits in found.values())
    median, slowest = statistics.median(spent) * 1000, max(spent) * 1000
    print(f"\n{db.engine.dialect.name}: photos alike among {PHOTOS:,}: {median:.1f} ms, slowest of {ASKED} {slowest:.1f} ms")
    assert median < 100
