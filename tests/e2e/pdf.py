"""What stands in a PDF that the browser printed: its pages, its texts in order, its pictures."""

import re
import unicodedata
from io import BytesIO
from typing import Any

from PIL import Image
from pypdf import PdfReader

A4_POINTS = (595, 842)
# what differs from run to run: when it was printed, and seals over pictures whose letters depend on the fonts at hand
PRINTED_AT = re.compile(r"\d{4}-\d\d-\d\d\d\d:\d\d:\d\d(?=打印)|(?<=printed)\d{4}-\d\d-\d\d\d\d:\d\d:\d\d")
SEAL = re.compile(r"[0-9a-f]{4}\.\.\.[0-9a-f]{4}")
# fonts draw these by one glyph, and the PDF names the rarer character, which NFKC leaves as it is
LOOK_ALIKES = str.maketrans("⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳戶戸", "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟户户")


class Paper:
    """A printed PDF. Texts are without white space and with the usual shape of every character, since fonts map some to look-alikes."""

    def __init__(self, content: bytes) -> None:
        self.pages = PdfReader(BytesIO(content)).pages

    @property
    def sizes(self) -> set[tuple[int, int]]:
        """In points, rounded."""
        return {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in self.pages}

    def texts(self, number: int) -> list[str]:
        """The lines of a page, counted from 0."""
        lines = (plain(line) for line in self.pages[number].extract_text().splitlines())
        return [line for line in lines if line]

    def pictures(self, number: int) -> list[Image.Image]:
        """Those of a page, in the order of its resources."""
        return [found.image for found in self.pages[number].images if found.image is not None]

    def description(self) -> dict[str, Any]:
        """As it is kept under golden/: by page the texts, and of the pictures how many pixels each has."""
        numbers = range(len(self.pages))
        sizes = sorted(list(picture.size) for number in numbers for picture in self.pictures(number))
        return {"pages": len(self.pages), "pictures": sizes, "texts": [self.texts(number) for number in numbers]}


def plain(text: str) -> str:
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).translate(LOOK_ALIKES))
    return SEAL.sub("{seal}", PRINTED_AT.sub("{now}", squeezed))


def is_drawn_on(picture: Image.Image) -> bool:
    """Whether it holds dark lines on a light ground."""
    ground = Image.new("RGBA", picture.size, "white")
    darkest, lightest = Image.alpha_composite(ground, picture.convert("RGBA")).convert("L").getextrema()
    return bool(darkest < 100 and lightest > 200)
