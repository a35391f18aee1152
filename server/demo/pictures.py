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


def _grey(source: random.Random, darkest: int = 40, brightest: int = 235) -> str:
    """A colour near grey, of any brightness between."""
    level = source.randint(darkest, brightest)
    return "#" + "".join(f"{max(0, min(255, level + source.randint(-14, 14))):02x}" for _ in range(3))


def _panels(draw: ImageDraw.ImageDraw, source: random.Random, top: int, bottom: int, widest: int) -> None:
    """A row of panels side by side, none as bright as its neighbour: houses behind, walls, shelves, paving."""
    left, was_bright = 0, source.random() < 0.5
    while left < WIDTH:
        right = left + source.randint(widest // 2, widest)
        draw.rectangle((left, top + source.randint(0, 18), right, bottom), fill=_grey(source, 40, 120) if was_bright else _grey(source, 140, 235))
        left, was_bright = right, source.random() < 0.35 if was_bright else source.random() < 0.65


@cache
def _storefront(outlet_name: str) -> Image.Image:
    """The same shop every time, unlike every other: houses behind, wall, windows, sign, door and what stands before it."""
    source = random.Random(f"storefront {outlet_name}")
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#9fc3d8")
    draw = ImageDraw.Draw(picture)
    _panels(draw, source, 10, 130, 300)
    draw.rectangle((0, 120, WIDTH, 600), fill=source.choice(WALLS))
    _panels(draw, source, 130, 250, 280)
    for left in range(60, WIDTH - 120, source.randint(150, 240)):
        draw.rectangle((left, 150, left + 90, 232), fill=_grey(source), outline="#4d6a77", width=5)
    left, right = source.randint(10, 220), WIDTH - source.randint(10, 220)
    draw.rectangle((left, 270, right, 370), fill=source.choice(SIGNS))
    _write(draw, ((left + right) / 2, 320), outlet_name, min(58, (right - left) // (len(outlet_name) + 1)), "#ffffff")
    _panels(draw, source, 385, 490, 260)
    _panels(draw, source, 490, 600, 260)
    door = source.randint(120, 740)
    draw.rectangle((door, 390, door + 100, 600), fill="#51707d", outline="#24363d", width=6)
    board = source.choice([place for place in (130, 390, 650) if abs(place - door) > 190] or [650])
    draw.rectangle((board, 430, board + 180, 490), fill="#ffffff")
    _write(draw, (board + 90, 460), "电费代收点", 30, "#005c4b")
    draw.rectangle((0, 600, WIDTH, HEIGHT), fill="#8d8a84")
    _panels(draw, source, 590, HEIGHT, 340)
    return picture


@cache
def _counter(outlet_name: str) -> Image.Image:
    """The same counter every time, unlike every other: wall, shelves, price board, counter, terminal."""
    source = random.Random(f"counter {outlet_name}")
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#e2d9c8")
    draw = ImageDraw.Draw(picture)
    _panels(draw, source, 0, 90, 320)
    for shelf in range(3):
        top = 90 + shelf * 120
        _panels(draw, source, top, top + 84, 210)
        draw.rectangle((40, top + 80, 560, top + 96), fill=source.choice(SHELVES))
        for place in range(50, 540, 50):
            colour = source.choice(("#4a8a63", "#c0392b", "#d9a441", "#efe9dc", "#5a7fa5"))
            draw.rectangle((place, top + source.randint(30, 60), place + 38, top + 80), fill=colour)
    board = source.randint(80, 620)
    draw.rectangle((board, 80, board + 260, 260), fill="#ffffff", outline="#005c4b", width=6)
    draw.rectangle((board, 80, board + 260, 130), fill="#005c4b")
    _write(draw, (board + 130, 105), "收费公示", 34, "#ffffff")
    draw.rectangle((0, 450, WIDTH, HEIGHT), fill=source.choice(("#9a6b3f", "#7a5230", "#b08a5c")))
    _panels(draw, source, 460, 550, 260)
    _panels(draw, source, 550, 640, 260)
    terminal = source.randint(60, 700)
    draw.rectangle((terminal, 380, terminal + 220, 500), fill="#22383a", outline="#101c1d", width=8)
    return picture


def photo(slot: str, outlet_name: str, rep_name: str, taken_at: datetime, position: tuple[float, float], source: random.Random) -> bytes:
    """A JPEG of the storefront or the counter, lit a little differently every time, stamped, with EXIF."""
    base = _storefront(outlet_name) if slot == "storefront" else _counter(outlet_name)
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
