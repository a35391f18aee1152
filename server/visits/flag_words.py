"""Flags of visits in plain words with their figures, each with its innocent reading (DESIGN §5)."""

from typing import Any

from flask_babel import gettext, lazy_gettext

from server.console.formats import metres

Figures = dict[str, Any]

FLAG_NAMES = {
    "far": lazy_gettext("离网点远"),
    "inaccurate": lazy_gettext("定位误差大"),
    "fix_stale": lazy_gettext("定位与签到不同时"),
    "too_fast": lazy_gettext("路上太快"),
    "clock_skew": lazy_gettext("手机时钟不准"),
    "photo_early": lazy_gettext("照片早于签到"),
    "photo_reused": lazy_gettext("照片用过"),
    "photo_alike": lazy_gettext("照片像别的网点"),
}
FLAG_READINGS = {
    "far": lazy_gettext("登记的位置偏了，网点搬了，或在别处见了店主。"),
    "inaccurate": lazy_gettext("在楼内或高楼之间，卫星信号弱。"),
    "fix_stale": lazy_gettext("手机省电，给的是刚才的位置；或手机时钟不准，定位用的是卫星的时间。"),
    "too_fast": lazy_gettext("其中一次的定位跳了；看看这两次的照片和误差。"),
    "clock_skew": lazy_gettext("手机没有开自动校时；时间按校正后的算。"),
    "photo_early": lazy_gettext("先拍了照才签到，或照片是从相册里选的。"),
    "photo_reused": lazy_gettext("同一次到店记了两遍，或选错了照片。"),
    "photo_alike": lazy_gettext("连锁网点的门头和柜台都差不多；点开两张比一比。"),
}


def flag_name(code: str) -> str:
    return str(FLAG_NAMES.get(code, code))


def flag_reading(code: str) -> str:
    return str(FLAG_READINGS.get(code, ""))


def flag_words(code: str, figures: Figures) -> str:
    """What was found and what is allowed, as a sentence."""
    words = _WORDS.get(code)
    return words(figures) if words else flag_name(code)


def _far(figures: Figures) -> str:
    return gettext("距网点 %(distance)s，允许 %(allowed)s", distance=metres(figures["distance_m"]), allowed=metres(figures["allowed_m"]))


def _inaccurate(figures: Figures) -> str:
    return gettext("定位误差 %(accuracy)s，超过 %(allowed)s", accuracy=metres(figures["accuracy_m"]), allowed=metres(figures["allowed_m"]))


def _fix_stale(figures: Figures) -> str:
    if figures["age_s"] < 0:
        return gettext("定位比签到晚 %(late)s，允许 %(allowed)s", late=span(-figures["age_s"]), allowed=span(figures["allowed_s"]))
    return gettext("定位比签到早 %(age)s，允许 %(allowed)s", age=span(figures["age_s"]), allowed=span(figures["allowed_s"]))


def _too_fast(figures: Figures) -> str:
    return gettext(
        "距上一次巡检 %(apart)s，只隔 %(time)s：每小时 %(kmh)s 公里，允许 %(allowed)s",
        apart=metres(figures["apart_m"]),
        time=span(figures["seconds"]),
        kmh=f"{figures['kmh']:,}",
        allowed=figures["allowed_kmh"],
    )


def _clock_skew(figures: Figures) -> str:
    off, allowed = span(figures["off_s"]), span(figures["allowed_s"])
    if figures["is_set_back"]:
        return gettext("手机时钟在这之前调慢了 %(off)s，允许 %(allowed)s", off=off, allowed=allowed)
    return gettext("手机时钟差 %(off)s，允许 %(allowed)s", off=off, allowed=allowed)


def _photo_early(figures: Figures) -> str:
    return gettext("最早的照片比签到早 %(early)s，允许 %(allowed)s", early=span(figures["early_s"]), allowed=span(figures["allowed_s"]))


def _photo_reused(figures: Figures) -> str:
    return gettext("%(day)s 那次巡检用过同一张照片", day=figures["visited_on"])


def _photo_alike(figures: Figures) -> str:
    return gettext("和 %(day)s 在另一个网点拍的照片相似 %(percent)s%%", day=figures["visited_on"], percent=figures["same_percent"])


_WORDS = {
    "far": _far,
    "inaccurate": _inaccurate,
    "fix_stale": _fix_stale,
    "too_fast": _too_fast,
    "clock_skew": _clock_skew,
    "photo_early": _photo_early,
    "photo_reused": _photo_reused,
    "photo_alike": _photo_alike,
}


def span(seconds: int) -> str:
    """90 秒, 15 分, 3 小时, 2 天: in the largest unit that still says enough."""
    if seconds < 600:
        return gettext("%(n)s 秒", n=seconds)
    if seconds < 7200:
        return gettext("%(n)s 分", n=seconds // 60)
    if seconds < 172_800:
        return gettext("%(n)s 小时", n=seconds // 3600)
    return gettext("%(n)s 天", n=seconds // 86_400)
