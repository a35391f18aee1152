"""`xundian payroll …`."""

import click
from flask import Flask
from sqlalchemy import select

from server.clock import now
from server.db import db
from server.domain.months import Month
from server.people.models import Person, Role
from sync.problems import Problem


class MonthOption(click.ParamType):
    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        if isinstance(value, Month):
            return value
        try:
            return Month.parse(str(value))
        except ValueError:
            self.fail("a month looks like 2026-11", param, ctx)


@click.group("payroll")
def payroll_group() -> None:
    """Wage sheets."""


@payroll_group.command()
@click.option("--month", required=True, type=MonthOption())
@click.pass_context
def draft(context: click.Context, month: Month) -> None:
    """Draw up the month's wage sheets; a closed month never changes."""
    from server.payroll.actions import draft_month

    app: Flask = context.obj
    with app.app_context():
        click.echo(f"{draft_month(month, now())} sheets drawn up for {month}")


@payroll_group.command()
@click.option("--month", required=True, type=MonthOption())
@click.option("--by", "login", required=True, metavar="LOGIN", help="The manager who closes it.")
@click.option("--reason", default="", help="Why it is closed although items of the list are open.")
@click.pass_context
def close(context: click.Context, month: Month, login: str, reason: str) -> None:
    """Close a month for good: its sheets are drawn up a last time and sealed."""
    from server.payroll.closing import close_month

    app: Flask = context.obj
    with app.app_context():
        manager = db.session.scalar(select(Person).where(Person.login == login, Person.is_active))
        if manager is None or not manager.holds(Role.MANAGER):
            raise click.ClickException(f"{login} is no manager")
        try:
            row = close_month(month, reason, manager.id, now())
        except Problem as problem:
            raise click.ClickException(f"{month} was not closed: {_why(month, problem)}") from problem
        click.echo(f"{month} closed, seal {row.seal}")


def _why(month: Month, problem: Problem) -> str:
    """What stands in the way, with the items that are open."""
    from server.payroll.closing import closing_of

    db.session.rollback()
    open_checks = ", ".join(f"{check.code} {check.left}" for check in closing_of(month, now()).open_checks)
    what = problem.extras.get("fields", {}) or {"month": problem.refusal.code}
    return "; ".join([*(f"{name} {fault}" for name, fault in what.items()), *([f"open: {open_checks}"] if open_checks else [])])


@payroll_group.command()
@click.option("--month", required=True, type=MonthOption())
@click.option("--files/--no-files", "with_files", default=True, show_default=True, help="Read the photos and signatures of its visits too.")
@click.pass_context
def verify(context: click.Context, month: Month, with_files: bool) -> None:
    """Recompute a closed month from what it kept, check its seals, those of its visits and their chains; exit 1 naming what differs."""
    from server.payroll.verifying import verify_month

    app: Flask = context.obj
    with app.app_context():
        try:
            differences = verify_month(month, with_files)
        except Problem as problem:
            raise click.ClickException(f"{month} is not closed") from problem
    for difference in differences:
        click.echo(difference)
    click.echo(f"{month}: {len(differences)} differences" if differences else f"{month}: recomputed to the same bytes, seals hold")
    context.exit(1 if differences else 0)
