"""Photos as a phone's own camera writes them."""

import os
from datetime import datetime
from functools import cache
from io import BytesIO

from PIL import ExifTags, Image, ImageDraw

SENSOR = (4000, 3000)
TURNED_RIGHT = 6


@cache
def camera_photo(colour: str, at: datetime, position: tuple[float, float]) -> bytes:
    """A 12-megapixel JPEG with grain (some megabytes), stored lying and marked by EXIF as to be turned upright."""
    picture = Image.new("RGB", SENSOR, "#9fc3d8")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((400, 700, 3600, 2400), fill=colour)
    draw.rectangle((0, 0, 700, 500), fill="#f2b632")  # the sky's corner, to see which way is up
    grain = Image.frombytes("L", (1000, 750), os.urandom(1000 * 750)).resize(SENSOR)
    picture = Image.blend(picture, Image.merge("RGB", (grain, grain, grain)), 0.25)
    file = BytesIO()
    picture.save(file, "JPEG", quality=92, exif=_exif(at, position))
    return file.getvalue()


def _exif(at: datetime, position: tuple[float, float]) -> Image.Exif:
    exif = Image.Exif()
    stamp = f"{at:%Y:%m:%d %H:%M:%S}"
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Test", "Phone"
    exif[ExifTags.Base.Orientation], exif[ExifTags.Base.DateTime] = TURNED_RIGHT, stamp
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = stamp
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", _degrees(position[0])
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", _degrees(position[1])
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return (float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 2))
