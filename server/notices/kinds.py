"""The kinds of channels: what their addresses look like, whether they sign, how often they may be called."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext


class Kind(StrEnum):
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"
    MAIL = "mail"


@dataclass(frozen=True)
class KindRules:
    """`limits` are (calls, seconds) as the makers write them; `marks` must stand in the address; `least_secret` 0 means that none is used."""

    limits: tuple[tuple[int, int], ...]
    marks: str = ""
    least_secret: int = 0


# WeCom and DingTalk: 20 a minute a robot; Feishu: 100 a minute and 5 a second. Our own are counted so that a loop harms nobody.
RULES = {
    Kind.WECOM: KindRules(((20, 60),), marks="key="),
    Kind.DINGTALK: KindRules(((20, 60),), marks="access_token=", least_secret=8),
    Kind.FEISHU: KindRules(((100, 60), (5, 1)), marks="/hook/", least_secret=8),
    Kind.WEBHOOK: KindRules(((60, 60),), least_secret=16),
    Kind.MAIL: KindRules(((20, 60),)),
}
KIND_WORDS = {
    Kind.WECOM: lazy_gettext("企业微信群机器人"),
    Kind.DINGTALK: lazy_gettext("钉钉群机器人"),
    Kind.FEISHU: lazy_gettext("飞书群机器人"),
    Kind.WEBHOOK: lazy_gettext("签名的 webhook"),
    Kind.MAIL: lazy_gettext("电子邮件"),
}
