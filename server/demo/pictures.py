"""Photos and signatures for the demo: real JPEG files with EXIF, and PNG signatures drawn from strokes."""

import random
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from PIL import ExifTags, Image, ImageDraw, ImageFont

from server.domain.months import SHANGHAI

WIDTH, HEIGHT = 960, 720
FONTS = ("/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc")
WALLS = ("#c9b79c", "#b9b4a8", "#a9b6a0", "#bda58c", "#a8adb8")
SIGNS = ("#a1260d", "#005c4b", "#0b4f86", "#6b4200", "#4a2d73")
SHELVES = ("#7a4f2b", "#5b5f66", "#84633c")
Strokes = list[list[tuple[float, float, float]]]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont | None:
    for name in FONTS:
        if Path(name).exists():
            return ImageFont.truetype(name, size)
    return None


def _write(draw: ImageDraw.ImageDraw, place: tuple[float, float], text: str, size: int, fill: str, anchor: str = "mm") -> None:
    """Text where a Chinese font is found; without one the picture stays without words."""
    font = _font(size)
    if font is not None:
        draw.text(place, text, fill=fill, font=font, anchor=anchor)


@cache
def _storefront(outlet_name: str, look: int) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#9fc3d8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 120, WIDTH, 600), fill=WALLS[look % len(WALLS)])
    for left in range(80, WIDTH - 120, 220):
        draw.rectangle((left, 150, left + 110, 240), fill="#6f93a3", outline="#4d6a77", width=5)
    draw.rectangle((60, 270, WIDTH - 60, 370), fill=SIGNS[look % len(SIGNS)])
    _write(draw, (WIDTH / 2, 320), outlet_name, 58, "#ffffff")
    draw.rectangle((110, 385, 850, 600), fill="#3c5560", outline="#24363d", width=8)
    draw.rectangle((430, 390, 530, 600), fill="#51707d", outline="#24363d", width=6)
    draw.rectangle((150, 430, 250, 560), fill="#f1efe6")
    draw.rectangle((150, 430, 250, 462), fill="#b3261e")
    draw.rectangle((600, 430, 780, 490), fill="#ffffff")
    _write(draw, (690, 460), "电费代收点", 30, "#005c4b")
    draw.polygon(((320, 430), (380, 430), (345, 480), (385, 480), (310, 560), (335, 500), (305, 500)), fill="#f2b632")
    draw.rectangle((0, 600, WIDTH, HEIGHT), fill="#8d8a84")
    return picture


@cache
def _counter(look: int) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#e2d9c8")
    draw = ImageDraw.Draw(picture)
    source = random.Random(look)
    for shelf in range(3):
        top = 90 + shelf * 120
        draw.rectangle((40, top + 80, 560, top + 96), fill=SHELVES[look % len(SHELVES)])
        for place in range(50, 540, 50):
            colour = source.choice(("#4a8a63", "#c0392b", "#d9a441", "#efe9dc", "#5a7fa5"))
            draw.rectangle((place, top + source.randint(5, 40), place + 38, top + 80), fill=colour)
    draw.rectangle((620, 80, 900, 300), fill="#ffffff", outline="#005c4b", width=6)
    draw.rectangle((620, 80, 900, 130), fill="#005c4b")
    _write(draw, (760, 105), "收费公示", 34, "#ffffff")
    draw.rectangle((0, 500, WIDTH, 540), fill="#9a6b3f")
    draw.rectangle((0, 540, WIDTH, HEIGHT), fill="#7a5230")
    draw.rectangle((640, 380, 880, 500), fill="#22383a", outline="#101c1d", width=8)
    draw.polygon(((330, 500), (350, 400), (470, 400), (490, 500)), fill="#c9ccd0")
    return picture


def photo(slot: str, outlet_name: str, rep_name: str, taken_at: datetime, position: tuple[float, float], source: random.Random) -> bytes:
    """A JPEG of the storefront or the counter, lit a little differently every time, stamped, with EXIF."""
    look = sum(map(ord, outlet_name))
    base = _storefront(outlet_name, look) if slot == "storefront" else _counter(look)
    shift = source.randint(0, 24)
    picture = base.crop((shift, shift, WIDTH - 24 + shift, HEIGHT - 24 + shift)).point(_light(source.randint(-18, 18)))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, picture.height - 90, picture.width, picture.height), fill="#101a18")
    local = taken_at.astimezone(SHANGHAI)
    _write(draw, (20, picture.height - 62), f"{local:%Y-%m-%d %H:%M:%S}", 28, "#ffffff", "lm")
    _write(draw, (20, picture.height - 26), f"{outlet_name} · {rep_name}", 26, "#d6efe6", "lm")
    file = BytesIO()
    picture.save(file, "JPEG", quality=74, exif=_exif(local, position))
    return file.getvalue()


def _light(change: int) -> list[int]:
    return [max(0, min(255, level + change)) for level in range(256)] * 3


def _exif(local: datetime, position: tuple[float, float]) -> Image.Exif:
    exif = Image.Exif()
    stamp = f"{local:%Y:%m:%d %H:%M:%S}"
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model], exif[ExifTags.Base.Orientation] = "Demo", "Phone", 1
    exif[ExifTags.Base.DateTime] = stamp
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = stamp
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", _degrees(position[0])
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", _degrees(position[1])
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return (float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 2))


def signature(source: random.Random) -> tuple[bytes, Strokes]:
    """A scribble of two or three characters: the PNG, and the strokes as (x, y, ms)."""
    strokes: Strokes = []
    clock = 0.0
    for character in range(source.choice((2, 3))):
        left = 60 + character * 130
        for _ in range(source.randint(3, 5)):
            x, y = left + source.uniform(0, 80), 40 + source.uniform(0, 100)
            stroke = [(round(x, 1), round(y, 1), float(round(clock)))]
            for _ in range(5):
                x, y, clock = x + source.uniform(-8, 24), y + source.uniform(-14, 24), clock + source.uniform(12, 30)
                stroke.append((round(x, 1), round(y, 1), float(round(clock))))
            strokes.append(stroke)
            clock += source.uniform(80, 160)
    picture = Image.new("RGB", (480, 200), "#ffffff")
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        draw.line([(x, y) for x, y, _ in stroke], fill="#14201d", width=5, joint="curve")
    file = BytesIO()
    picture.convert("1").save(file, "PNG")
    return file.getvalue(), strokes
