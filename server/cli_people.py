"""`xundian user …` and `xundian region …`."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from sqlalchemy import inspect, select

from server.clock import now
from server.config import Settings
from server.db import db
from server.domain.months import business_date
from server.people.actions import add_person, add_region, set_password
from server.people.models import Person, Region, Role
from server.staff.leaving import end_employment
from sync.problems import Problem

base_url_option = click.option("--base-url", default="", help="Address of the server (default: XUNDIAN_BASE_URL, else http://localhost:8000).")


@contextmanager
def _transaction(context: click.Context) -> Iterator[Settings]:
    app: Flask = context.obj
    with app.app_context():
        if not inspect(db.engine).has_table(Person.__tablename__):
            raise click.ClickException("the database has no tables yet: run `xundian db upgrade` first")
        try:
            yield app.extensions["xundian"]
            db.session.commit()
        except Problem as problem:
            raise click.ClickException(f"{problem.refusal.code}: {problem.extras.get('fields', problem.detail)}") from problem


@click.group("user")
def person_group() -> None:
    """People who sign in."""


@person_group.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--region", "regions", multiple=True, help="Region name; may be given more than once.")
@click.password_option()
@click.pass_context
def add(context: click.Context, login: str, name: str, roles: tuple[str, ...], regions: tuple[str, ...], password: str) -> None:
    """Add a person."""
    with _transaction(context):
        ids = [_region_id(region) for region in regions]
        person = add_person(login, name, password, [Role(role) for role in roles], ids, now())
        click.echo(f"added {person.login} ({person.id})")


@person_group.command()
@click.argument("login")
@click.password_option()
@click.pass_context
def password(context: click.Context, login: str, password: str) -> None:
    """Give a person a new password."""
    with _transaction(context):
        set_password(_person(login), password, now(), None)


@person_group.command()
@click.argument("login")
@click.pass_context
def deactivate(context: click.Context, login: str) -> None:
    """Let a person in no more: today is the last day, and outlets go to their region's pool."""
    with _transaction(context):
        at = now()
        end_employment(_person(login).id, business_date(at), None, None, at)


@person_group.command("sign-in-link")
@click.argument("login")
@base_url_option
@click.pass_context
def sign_in_link(context: click.Context, login: str, base_url: str) -> None:
    """Print a one-use link that signs a phone in."""
    from server.audit.actions import record_audit
    from server.devices.tokens import make_sign_in_code

    with _transaction(context) as settings:
        person = _person(login)
        code = make_sign_in_code(person.id, person.id, now())
        record_audit(now(), None, "device.code_made", ("person", person.id))
        click.echo(f"{_address(base_url, settings)}/m/#/link/{code}")


@person_group.command("console-link")
@click.argument("login")
@base_url_option
@click.pass_context
def console_link(context: click.Context, login: str, base_url: str) -> None:
    """Print a one-use link that signs a browser in to the console, good for 15 minutes: for when the provider is down."""
    from server.audit.actions import record_audit
    from server.devices.tokens import CONSOLE, make_sign_in_code

    with _transaction(context) as settings:
        person = _person(login)
        if not person.is_active:
            raise click.ClickException(f"{login} is not active")
        code = make_sign_in_code(person.id, person.id, now(), CONSOLE)
        record_audit(now(), None, "person.console_link_made", ("person", person.id))
        click.echo(f"{_address(base_url, settings)}/login/once/{code}")


def _address(base_url: str, settings: Settings) -> str:
    return base_url or settings.base_url or "http://localhost:8000"


@click.group("region")
def region_group() -> None:
    """Regions."""


@region_group.command("add")
@click.argument("name")
@click.option("--lat", type=click.FloatRange(-90, 90))
@click.option("--lon", type=click.FloatRange(-180, 180))
@click.pass_context
def region_add(context: click.Context, name: str, lat: float | None, lon: float | None) -> None:
    """Add a region; the position (WGS-84) of its office centres the map."""
    with _transaction(context):
        centre = (lat, lon) if lat is not None and lon is not None else None
        click.echo(f"added {name} ({add_region(name, now(), centre).id})")


def _person(login: str) -> Person:
    person = db.session.scalar(select(Person).where(Person.login == login))
    if person is None:
        raise click.ClickException(f"nobody has the login {login}")
    return person


def _region_id(name: str) -> str:
    region_id = db.session.scalar(select(Region.id).where(Region.name == name))
    if region_id is None:
        raise click.ClickException(f"there is no region {name}")
    return region_id
