"""The application factory."""

from flask import Flask, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from server import console_files, errors, health, language, phone_shell, security_headers, wiring
from server.config import Settings, settings_from_environment
from server.db import db, expect_reads
from server.db import init_app as init_database
from server.limits import limiter
from server.people.access import load_console_user
from server.people.sessions import IDLE

csrf = CSRFProtect()
babel = Babel()
MOST_REQUEST_BYTES = 21 * 1024 * 1024


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application over one database and one data folder."""
    settings = settings or settings_from_environment()
    app = Flask("server", static_folder=None, template_folder="templates")
    app.config.update(_configuration(settings))
    app.extensions["xundian"] = settings
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies, x_host=settings.trusted_proxies)  # type: ignore[method-assign]
    _add_extensions(app)
    wiring.publish_documents()
    wiring.listen()
    wiring.register_blueprints(app, csrf)
    for part in (console_files, errors, health, language, phone_shell, security_headers):
        part.init_app(app)
    return app


def _configuration(settings: Settings) -> dict[str, object]:
    engine = (
        {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 32}
        if settings.database_url.startswith("postgresql")
        else {"connect_args": {"timeout": 15}}
    )
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine | {"hide_parameters": True},  # a fault is logged, and what people wrote is not for the log
        "MAX_CONTENT_LENGTH": MOST_REQUEST_BYTES,
        "MOST_RESCUE_MEGABYTES": 400,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": IDLE,
        "SESSION_COOKIE_SECURE": settings.base_url.startswith("https://"),
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_ENABLED": not settings.is_testing,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "TESTING": settings.is_testing,
    }


def _add_extensions(app: Flask) -> None:
    init_database(app)
    Migrate(app, db, directory=f"{app.root_path}/migrations", render_as_batch=True)
    babel.init_app(app, locale_selector=language.chosen_language, default_translation_directories=f"{app.root_path}/translations")
    csrf.init_app(app)
    limiter.init_app(app)
    login = LoginManager(app)
    login.user_loader(load_console_user)
    login.session_protection = "basic"

    @app.before_request
    def _say_what_is_read() -> None:
        expect_reads(request.method in ("GET", "HEAD", "OPTIONS"))
