"""A form that was sent after its session had ended: with the cookie went the token that it is checked against."""

from flask import current_app, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from server.console.addresses import page_address
from server.people.access import to_sign_in
from server.people.forms import SignInForm
from server.people.routes import SESSION_ENDED, sign_in_page


def answer_to_late_form() -> AnyResponse | None:
    """The way on for somebody who is signed in no longer, or not yet; None for whoever is: that token is none of ours."""
    if current_user.is_authenticated:
        return None
    if request.endpoint == "people.sign_in":
        return sign_in_page(SignInForm.read(request.form), 409)
    if getattr(current_app.view_functions[request.endpoint or ""], "is_guarded", False):
        return to_sign_in(SESSION_ENDED)
    return redirect(page_address(), 303)
