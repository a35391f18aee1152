"""Agents 代理商 in the console: which there are, adding one, another name or phone, retiring one and taking it back, joining two."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.clock import now, today
from server.console.form_answers import form_again
from server.console.form_checks import text_of
from server.console.rendering import page
from server.db import db
from server.outlets.agent_list import agent_page, read_agent_filter
from server.outlets.agent_names import names_before, offered_agents
from server.outlets.agents import MOST_NAME, MOST_PHONE, AgentFile, add_agent, change_agent, join_agents, retire_agent
from server.outlets.models import Agent
from server.people.access import current_person, requires
from server.people.models import Role
from sync.problems import Problem

blueprint = Blueprint("agents", __name__, template_folder="templates")


@blueprint.get("/agents")
@requires(Role.ADMIN)
def agent_list() -> Response:
    chosen = read_agent_filter(request.args)
    return page("agents/list.html", "agents/_table.html", chosen=chosen, agents=agent_page(chosen, request.args.get("after", "")))


@blueprint.get("/agents/new")
@requires(Role.ADMIN)
def new_agent() -> str:
    return _page(None, AgentFile("", ""), {})


@blueprint.post("/agents")
@requires(Role.ADMIN)
def add() -> AnyResponse:
    file = _read(request.form)
    try:
        add_agent(file, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _page(None, file, faults))
    flash(gettext("已加上。"))
    return redirect(url_for("agents.agent_list"), 303)


@blueprint.get("/agents/<agent_id>")
@requires(Role.ADMIN)
def agent(agent_id: str) -> str:
    found = _agent(agent_id)
    return _page(found, AgentFile(found.name, found.phone), {})


@blueprint.post("/agents/<agent_id>")
@requires(Role.ADMIN)
def change(agent_id: str) -> AnyResponse:
    file = _read(request.form)
    try:
        change_agent(agent_id, file, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _page(_agent(agent_id), file, faults))
    flash(gettext("已改。"))
    return redirect(url_for("agents.agent_list"), 303)


@blueprint.post("/agents/<agent_id>/use")
@requires(Role.ADMIN)
def use(agent_id: str) -> AnyResponse:
    is_retired = request.form.get("retired") == "yes"
    retire_agent(agent_id, is_retired, current_person().id, now())
    db.session.commit()
    flash(gettext("已停用；写着它的网点资料不变。") if is_retired else gettext("已重新启用。"))
    return redirect(url_for("agents.agent", agent_id=agent_id), 303)


@blueprint.post("/agents/<agent_id>/join")
@requires(Role.ADMIN)
def join(agent_id: str) -> AnyResponse:
    found, into = _agent(agent_id), text_of(request.form, "into", MOST_NAME)
    file = AgentFile(found.name, found.phone)
    try:
        kept = join_agents(agent_id, into, current_person().id, now())
        db.session.commit()
    except Problem as problem:
        return form_again(problem, lambda faults: _page(_agent(agent_id), file, faults, into))
    flash(gettext("已并入“%(name)s”。", name=kept.name))
    return redirect(url_for("agents.agent", agent_id=kept.id), 303)


def _read(form: MultiDict[str, str]) -> AgentFile:
    # one letter more than can be: what is too long is told, not cut
    return AgentFile(text_of(form, "name", MOST_NAME + 1), text_of(form, "phone", MOST_PHONE + 1))


def _agent(agent_id: str) -> Agent:
    found = db.session.get(Agent, agent_id)
    if found is None:
        raise Problem("not_found", f"agent {agent_id}")
    return found


def _page(found: Agent | None, file: AgentFile, faults: dict[str, str], into: str = "") -> str:
    """`into` is the name of the agent that this one was to be joined into."""
    words: dict[str, Any] = {}
    if found is not None:
        offered = [name for name in offered_agents(current_person(), today()) if name != found.name]
        words = {"names_before": names_before(found.id), "into": into, "offered": offered}
    return render_template("agents/agent.html", agent=found, file=file, faults=faults, **words)
