"""What may be wrong with a phone, worst first, and its numbers in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from server.console.formats import MINUS, NOTHING, age
from server.people.device_standing import Standing

LATE = timedelta(days=2)
LITTLE_BYTES = 200_000_000
UNITS = ((1_000_000_000, "GB"), (1_000_000, "MB"))


@dataclass(frozen=True)
class Trouble:
    """`mark` is overdue (records or photos are at risk) or due (look at it); `reading` says what follows."""

    mark: str
    words: str
    reading: str


def troubles(standing: Standing, is_silent: bool, skew_flag_ms: int, now: datetime) -> list[Trouble]:
    """`skew_flag_ms`: a clock further off than this is named (policy)."""
    found = []
    if is_silent:
        found.append(Trouble("overdue", gettext("3 天没有联系"), gettext("可能没开应用；记录还在手机上")))
    if standing.queue_length and standing.oldest_unsent_at is not None and now - standing.oldest_unsent_at > LATE:
        waited = age(standing.oldest_unsent_at, now)
        found.append(Trouble("overdue", gettext("最早一件等了 %(age)s", age=waited), gettext("请本人连上网打开应用，或导出救援文件")))
    if standing.free_bytes is not None and standing.free_bytes < LITTLE_BYTES:
        found.append(Trouble("overdue", gettext("空间快满"), gettext("照片会拍不了")))
    if standing.skew_ms is not None and abs(standing.skew_ms) > skew_flag_ms:
        words = gettext("时钟快 %(minutes)s 分") if standing.skew_ms > 0 else gettext("时钟慢 %(minutes)s 分")
        minutes = round(abs(standing.skew_ms) / 60_000)
        found.append(Trouble("due", words % {"minutes": minutes}, gettext("打开自动校时；记录按校正后的时间算")))
    if standing.is_copied:
        found.append(Trouble("due", gettext("数据被复制过"), gettext("手机已换编号，记录不会丢也不会重")))
    return found


def skew_words(skew_ms: int | None) -> str:
    """+2 s, or +11 min from a minute on, with a real minus sign."""
    if skew_ms is None:
        return NOTHING
    seconds = round(abs(skew_ms) / 1000)
    sign = "+" if skew_ms > 0 else MINUS
    if seconds == 0:
        return gettext("%(seconds)s 秒", seconds=0)
    if seconds < 60:
        return sign + gettext("%(seconds)s 秒", seconds=seconds)
    return sign + gettext("%(minutes)s 分钟", minutes=round(seconds / 60))


def size_words(count: int | None) -> str:
    """5.1 GB, 240 MB."""
    if count is None:
        return NOTHING
    for least, unit in UNITS:
        if count >= least:
            return f"{count / least:.1f} {unit}"
    return f"{count // 1000} kB"
