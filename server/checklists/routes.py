"""检查清单: which there are, designing one, publishing it."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.checklists import words
from server.checklists.actions import make_checklist, publish, retire, save_draft, take_key
from server.checklists.drafts import new_question
from server.checklists.forms import DesignForm, UseForm
from server.checklists.queries import DESIGNERS, READERS, all_checklists, checklist
from server.checklists.views import Shown, checklist_rows, design_view
from server.checklists.xlsform import read_xlsform, xlsform_bytes
from server.clock import now
from server.console.form_answers import form_again
from server.console.workbooks import XLSX
from server.domain.outlet_class import CLASSES
from server.people.access import current_person, requires
from server.people.choices import regions_in_reach
from sync.problems import Problem

blueprint = Blueprint("checklists", __name__, url_prefix="/checklists", template_folder="templates")
MOST_FILE_BYTES = 2_000_000


@blueprint.get("")
@requires(*READERS)
def checklist_list() -> str:
    rows = checklist_rows(all_checklists())
    return render_template("checklists/list.html", rows=rows, words=words, may_design=current_person().holds(*DESIGNERS))


@blueprint.get("/new")
@requires(*DESIGNERS)
def new_checklist() -> str:
    return _new(UseForm(), {})


@blueprint.post("")
@requires(*DESIGNERS)
def make() -> AnyResponse:
    """A list without questions, or with those of an XLSForm."""
    form = UseForm.read(request.form)
    try:
        file = request.files.get("file")
        draft = read_xlsform(file.stream.read(MOST_FILE_BYTES + 1), MOST_FILE_BYTES) if file and file.filename else []
        made = make_checklist(form.use(_region_ids()), current_person().id, now(), draft)
    except Problem as problem:
        return form_again(problem, lambda faults: _new(form, faults))
    return redirect(url_for("checklists.design", checklist_id=made.id))


@blueprint.get("/<checklist_id>")
@requires(*READERS)
def design(checklist_id: str) -> str:
    return _page(design_view(checklist(checklist_id)), {})


@blueprint.post("/<checklist_id>")
@requires(*DESIGNERS)
def change(checklist_id: str) -> AnyResponse:
    """Keep what was typed and do what the button says; a draft may have faults, a version may not."""
    kept = design_view(checklist(checklist_id))
    form = DesignForm.read(request.form, kept.draft)
    try:
        draft = form.changed()
        if form.deed == "add":
            draft.append(new_question(take_key(checklist_id), form.kind))
        saved = save_draft(checklist_id, form.revision, form.use.use(_region_ids()), draft, current_person().id, now())
        if form.deed == "publish":
            version = publish(checklist_id, saved.revision, current_person().id, now())
            flash(gettext("第 %(number)s 版已发布，手机下次同步就用新的。", number=version.number))
    except Problem as problem:
        return form_again(problem, lambda faults: _page(design_view(checklist(checklist_id), form), faults))
    if form.deed == "save":
        flash(gettext("草稿已存；发布以后手机才用。"))
    return redirect(url_for("checklists.design", checklist_id=checklist_id, _anchor=_anchor(form, len(draft))))


def _anchor(form: DesignForm, count: int) -> str | None:
    """Where the page goes on: at the question that was moved or added."""
    if form.deed == "add":
        return f"q-{count - 1}"
    if form.deed in ("up", "down"):
        return f"q-{max(0, min(count - 1, form.place + (-1 if form.deed == 'up' else 1)))}"
    return None


@blueprint.post("/<checklist_id>/use")
@requires(*DESIGNERS)
def use(checklist_id: str) -> AnyResponse:
    """Out of use, or into use again."""
    is_retired = request.form.get("retired") == "yes"
    retire(checklist_id, is_retired, current_person().id, now())
    flash(gettext("已停用；做到一半的巡检照旧做完。") if is_retired else gettext("已重新启用。"))
    return redirect(url_for("checklists.design", checklist_id=checklist_id))


@blueprint.get("/<checklist_id>/xlsform")
@requires(*READERS)
def export(checklist_id: str) -> AnyResponse:
    """The draft as an XLSForm."""
    view = design_view(checklist(checklist_id))
    name = f"checklist-{checklist_id[-6:]}.xlsx"
    return send_file(BytesIO(xlsform_bytes(view.draft, view.checklist.zh)), XLSX, as_attachment=True, download_name=name)


def _new(form: UseForm, faults: dict[str, str]) -> str:
    return render_template("checklists/new.html", form=form, faults=faults, classes=CLASSES, regions=regions_in_reach(current_person()), words=words)


def _page(view: Shown, faults: dict[str, str]) -> str:
    may_design = current_person().holds(*DESIGNERS)
    return render_template(
        "checklists/design.html",
        view=view,
        faults=faults,
        classes=CLASSES,
        regions=regions_in_reach(current_person()),
        words=words,
        may_design=may_design,
    )


def _region_ids() -> set[str]:
    return {region.id for region in regions_in_reach(current_person())}
