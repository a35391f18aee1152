"""Which language a page is in: 中文 unless the user chose English."""

from flask import Flask, request
from flask_babel import lazy_gettext

LANGUAGE_WORDS = {"zh": lazy_gettext("中文"), "en": lazy_gettext("英文")}
LANGUAGES = tuple(LANGUAGE_WORDS)
COOKIE = "language"


def chosen_language() -> str:
    """`zh` or `en`, by the cookie that the language switch sets; JSON answers follow Accept-Language."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    if request.path.startswith(("/sync/", "/auth/", "/api/")):
        return request.accept_languages.best_match(LANGUAGES, default="zh")
    return "zh"


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"language": chosen_language()})
