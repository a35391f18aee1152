"""通知 on the console: which channels there are, one of them, a test message."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again, record_id_of
from server.language import LANGUAGE_WORDS
from server.media.store import settings
from server.notices.actions import change_channel, make_channel, send_trial
from server.notices.digest import digest_of
from server.notices.forms import HOURS, ChannelForm
from server.notices.kinds import KIND_WORDS
from server.notices.models import NoticeChannel
from server.notices.queries import KEEPERS, channel_of, channels, last_deliveries
from server.notices.words import DELIVERY_MARKS, DELIVERY_WORDS, answer_words
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach
from sync.ids import uuid7
from sync.problems import Problem

blueprint = Blueprint("notices", __name__, url_prefix="/notices", template_folder="templates")
WORDS = {
    "kind_words": KIND_WORDS,
    "answer_words": answer_words,
    "delivery_words": DELIVERY_WORDS,
    "delivery_marks": DELIVERY_MARKS,
}


@blueprint.get("")
@requires(*KEEPERS)
def channel_list() -> str:
    names = dict(regions_in_reach(current_person()))
    rows = {"channels": channels(), "deliveries": last_deliveries()}
    return render_template("notices/list.html", **rows, region_names=names, has_address=bool(settings().base_url), **WORDS)


@blueprint.get("/new")
@requires(*KEEPERS)
def new_channel() -> str:
    return _page(None, ChannelForm(), uuid7(), {})


@blueprint.post("")
@requires(*KEEPERS)
def add_channel() -> AnyResponse:
    """The page brings the id, so that sending it twice makes one channel."""
    form, channel_id = ChannelForm.read(request.form), record_id_of(request.form.get("id", ""))
    try:
        made = make_channel(channel_id, form.checked(None, _region_ids(), settings()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(None, form, channel_id, faults))
    flash(gettext("通知设好了，先发一条测试。"))
    return redirect(url_for("notices.channel", channel_id=made.id))


@blueprint.get("/<channel_id>")
@requires(*KEEPERS)
def channel(channel_id: str) -> str:
    found = channel_of(channel_id)
    return _page(found, ChannelForm.of(found), channel_id, {})


@blueprint.post("/<channel_id>")
@requires(*KEEPERS)
def change(channel_id: str) -> AnyResponse:
    found, form = channel_of(channel_id), ChannelForm.read(request.form)
    try:
        change_channel(channel_id, form.checked(found, _region_ids(), settings()), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(channel_of(channel_id), form, channel_id, faults))
    flash(gettext("已保存。"))
    return redirect(url_for("notices.channel", channel_id=channel_id))


@blueprint.post("/<channel_id>/tests")
@requires(*KEEPERS)
def try_out(channel_id: str) -> AnyResponse:
    """Send a test message and say what the other end answered."""
    delivery = send_trial(channel_id, current_person().id, now())
    flash(gettext("测试通知：%(answer)s", answer=answer_words(delivery)))
    return redirect(url_for("notices.channel", channel_id=channel_id))


def _page(found: NoticeChannel | None, form: ChannelForm, channel_id: str, faults: dict[str, str]) -> str:
    return render_template(
        "notices/channel.html",
        channel=found,
        form=form,
        channel_id=channel_id,
        faults=faults,
        regions=regions_in_reach(current_person()),
        kinds=list(KIND_WORDS.items()),
        languages=list(LANGUAGE_WORDS.items()),
        hours=[(hour, f"{int(hour):02}:00") for hour in HOURS],
        deliveries=last_deliveries(found.id) if found else [],
        preview=digest_of(found, uuid7(), today()) if found else None,
        has_mail=bool(settings().smtp_url and settings().mail_from),
        **WORDS,
    )


def _region_ids() -> set[str]:
    return {region.id for region in regions_in_reach(current_person())}
