"""What the languages of the console and the phone are called."""

from flask_babel import lazy_gettext

LANGUAGE_WORDS = {"zh": lazy_gettext("中文"), "en": lazy_gettext("英文")}
