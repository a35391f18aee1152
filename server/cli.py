"""The `xundian` command: every subcommand says what it does with `--help`."""

import logging
from datetime import date
from pathlib import Path

import click
from flask import Flask

from server.app import create_app
from server.cli_payroll import payroll_group
from server.cli_people import person_group, region_group
from server.cli_rescue import rescue_group
from server.config import data_folder, settings_from_environment
from server.data_owner import owner_to_run_as, standing_folder


def _app(context: click.Context) -> Flask:
    app: Flask = context.obj
    return app


@click.group()
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None, help="Data folder (else XUNDIAN_DATA, else ./data).")
@click.pass_context
def main(context: click.Context, data: Path | None) -> None:
    """Xundian 巡店: outlet visits, checked every night, paid rightly."""
    place = standing_folder(data_folder(data))
    if owner := owner_to_run_as(place):
        words = f"{place} belongs to {owner}: run this as that user (sudo -u {owner} …), for the app cannot read what root leaves there"
        raise click.ClickException(words)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    context.obj = create_app(settings_from_environment(data))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 128))
@click.option("--nightly/--no-nightly", default=True, show_default=True, help="Run the nightly check from this process.")
@click.pass_context
def serve(context: click.Context, host: str, port: int, threads: int, nightly: bool) -> None:
    """Bring the database up to date and serve the app."""
    from server.serving import serve_app

    serve_app(_app(context), host, port, threads, with_nightly=nightly)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--seed", default=20260901, show_default=True)
@click.option("--no-serve", is_flag=True, help="Only create the demo company.")
@click.pass_context
def demo(context: click.Context, host: str, port: int, seed: int, no_serve: bool) -> None:
    """Create the demo company when the database is empty, then serve it."""
    from server.demo.company import create_demo_company
    from server.serving import print_demo_logins, serve_app, upgrade_database

    app = _app(context)
    with app.app_context():
        upgrade_database()
        create_demo_company(app, seed)
    if not no_serve:
        print_demo_logins(host, port)
        serve_app(app, host, port, 8, with_nightly=True)


@main.group()
def db() -> None:
    """The database."""


@db.command()
@click.pass_context
def upgrade(context: click.Context) -> None:
    """Bring the tables up to date."""
    from server.serving import upgrade_database

    with _app(context).app_context():
        upgrade_database()
    click.echo("database is up to date")


@db.command("new-epoch")
@click.pass_context
def new_epoch(context: click.Context) -> None:
    """Start a new epoch: run once after a backup was restored, so that phones check what the server lacks."""
    from server.db import db as database
    from server.feed.epoch import begin_epoch

    with _app(context).app_context():
        epoch = begin_epoch()
        database.session.commit()
    click.echo(f"epoch {epoch}")


@main.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Shanghai date to check for (default: today).")
@click.pass_context
def nightly(context: click.Context, day: object) -> None:
    """Check visits against what outlets owe, propose findings, redraw wage sheets. Safe to run twice."""
    from server.clock import now
    from server.domain.months import business_date
    from server.jobs.nightly import run_nightly

    at = now()
    chosen: date = day.date() if day is not None else business_date(at)  # type: ignore[attr-defined]
    if chosen > business_date(at):  # it would end employments, forget names and find visits missed before their time
        raise click.BadParameter(f"{chosen} is still to come: today is {business_date(at)} in Shanghai.", param_hint="--date")
    with _app(context).app_context():
        for line in run_nightly(chosen, at).lines():
            click.echo(line)


@main.command()
@click.pass_context
def flags(context: click.Context) -> None:
    """Look at the photos of new visits and work out their flags and scores. Safe to run twice or in parallel."""
    from server.visits.flagging import flag_due_visits

    with _app(context).app_context():
        click.echo(f"{flag_due_visits()} visits looked at")


@main.command()
@click.pass_context
def notices(context: click.Context) -> None:
    """Write the day's digests whose hour has come and send what waits. Safe to run twice or in parallel."""
    from server.clock import now
    from server.notices.outbox import run_notices

    with _app(context).app_context():
        made, taken = run_notices(now)
        click.echo(f"{made} digests made, {taken} messages taken")


@main.command("erase-again")
@click.argument("path", required=False, default=None, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def erase_again(context: click.Context, path: Path | None) -> None:
    """After a restore: erase again whom the list PATH names (default: erasures.txt of the data folder); exit 1 when some cannot go yet."""
    from server.clock import now
    from server.privacy.erasure_list import erase_again as run
    from server.privacy.erasure_list import list_path

    with _app(context).app_context():
        outcomes = list(run(path or list_path(), now()))
    for kind, record_id, outcome in outcomes:
        click.echo(f"{kind} {record_id} {outcome}")
    context.exit(1 if any(outcome != "erased" for _, _, outcome in outcomes) else 0)


@main.command()
@click.option("--phones", default=5, show_default=True, type=click.IntRange(1, 2000))
@click.option("--days", default=3, show_default=True, type=click.IntRange(1, 60))
@click.option("--seed", default=1, show_default=True)
@click.option("--faults", default="all", show_default=True, help="Comma-separated: lost_request, lost_response, duplicate, cut, portal; all or none.")
@click.option("--share", default=0.2, show_default=True, type=click.FloatRange(0, 0.9), help="Share of the requests that a fault strikes.")
@click.pass_context
def simulate(context: click.Context, phones: int, days: int, seed: int, faults: str, share: float) -> None:
    """Let simulated phones work over real HTTP in an empty data folder, then check that nothing was lost or doubled."""
    from server.simulation.network import FAULTS
    from server.simulation.running import Simulation
    from server.simulation.running import simulate as run

    chosen = {"all": FAULTS, "none": ()}.get(faults, tuple(faults.split(",")))
    if unknown := set(chosen) - set(FAULTS):
        raise click.BadParameter(f"unknown: {', '.join(sorted(unknown))}", param_hint="--faults")
    try:
        holds = run(Simulation(_app(context), phones, days, seed, chosen, share, click.echo))
    except RuntimeError as fault:
        raise click.ClickException(str(fault)) from fault
    context.exit(0 if holds else 1)


@main.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.pass_context
def scenarios(context: click.Context, path: Path) -> None:
    """Run scenarios (YAML, see server/scenarios/format.md) through the rules; exit 1 when one is not as expected."""
    from server.scenarios.running import run_scenario, scenario_paths

    results = [run_scenario(one) for one in scenario_paths(path)]
    for result in results:
        click.echo(f"{'FAILED' if result.differences else 'ok':<7} {result.path.name}: {result.name}")
        for line in result.differences:
            click.echo(f"        {line}")
    failed = sum(bool(result.differences) for result in results)
    click.echo(f"{len(results) - failed} passed, {failed} failed")
    context.exit(1 if failed or not results else 0)


main.add_command(payroll_group)
main.add_command(person_group)
main.add_command(region_group)
main.add_command(rescue_group)
