"""Nobody in who doesn't belong: every route is public by decision, or guarded."""

PUBLIC = {
    "healthz",
    "static",
    "people.sign_in",
    "people.set_language",
    "oidc.away",
    "oidc.back",
    "once.ask",
    "once.enter",
    "passwords.choose",
    "passwords.chosen",
    "phone_redirect",
    "phone_start",
    "phone_styles",
    "phone_pack",
    "phone_worker",
    "phone_form",
    "phone_file",
    "phone_auth.sign_in",
    "phone_auth.redeem",
    "reporting_api.openapi",
}
BY_TOKEN = ("sync.", "tus.", "phone_photos.", "phone_auth.sign_out", "phone_auth.lock_secret", "phone_auth.notice", "reporting_api.part_")


def test_every_route_is_public_by_decision_or_guarded(app):
    open_routes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not rule.endpoint.startswith(BY_TOKEN) and not getattr(app.view_functions[rule.endpoint], "is_guarded", False)
    }
    assert open_routes == PUBLIC


def test_every_guarded_page_sends_a_stranger_to_the_sign_in_page(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if not getattr(app.view_functions[rule.endpoint], "is_guarded", False) or "GET" not in rule.methods:
            continue
        address = rule.build({name: "2026-11" if name == "month" else "x" for name in rule.arguments}, append_unknown=False)[1]
        answer = client.get(address)
        assert answer.status_code == 302, (rule.rule, answer.status_code)
        assert answer.headers["Location"].startswith("/login"), rule.rule


def test_every_route_by_token_refuses_a_stranger(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith(BY_TOKEN) or rule.endpoint == "tus.abilities":
            continue
        address = rule.build(dict.fromkeys(rule.arguments, "x"), append_unknown=False)[1]
        for method in rule.methods - {"OPTIONS"}:
            answer = client.open(address, method=method, headers={"Tus-Resumable": "1.0.0", "Upload-Length": "1"})
            assert answer.status_code == 401, (rule.rule, method)


def test_a_form_post_without_a_token_of_its_own_changes_nothing(app):
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = True
    answer = client.post("/login", data={"login": "rep1", "password": "x"})
    assert answer.status_code == 409
