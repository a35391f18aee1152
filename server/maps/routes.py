"""地图底图: the company's own map tiles, which an administrator sets."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now
from server.console.form_answers import form_again
from server.maps.actions import remove_tiles, set_tiles
from server.maps.forms import HIGHEST_ZOOM, LOWEST_ZOOM, TilesForm
from server.maps.queries import tile_source
from server.maps.words import FRAME_WORDS
from server.people.access import current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("maps", __name__, template_folder="templates")


@blueprint.get("/map-tiles")
@requires(Role.ADMIN)
def tiles() -> str:
    return _page(TilesForm.of(tile_source()), {})


@blueprint.post("/map-tiles")
@requires(Role.ADMIN)
def change() -> AnyResponse:
    form = TilesForm.read(request.form)
    try:
        set_tiles(form.checked(), current_person().id, now())
    except Problem as problem:
        return form_again(problem, lambda faults: _page(form, faults))
    flash(gettext("已保存，地图从现在起画在这套底图上。"))
    return redirect(url_for("maps.tiles"), 303)


@blueprint.post("/map-tiles/removal")
@requires(Role.ADMIN)
def remove() -> AnyResponse:
    remove_tiles(current_person().id, now())
    flash(gettext("底图已去掉，地图画在空白上。"))
    return redirect(url_for("maps.tiles"), 303)


def _page(form: TilesForm, faults: dict[str, str]) -> str:
    zooms = [(str(zoom), str(zoom)) for zoom in range(LOWEST_ZOOM, HIGHEST_ZOOM + 1)]
    return render_template("maps/tiles.html", source=tile_source(), form=form, faults=faults, frames=list(FRAME_WORDS.items()), zooms=zooms)
