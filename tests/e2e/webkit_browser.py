"""A browser of one window over WebKitGTK, for WebKitWebDriver to drive; runs under the system's Python, which has its bindings.

MiniBrowser forgets everything in automation; this one keeps its profile, so that it can be killed and started again.
Arguments: the profile's folder, latitude, longitude, accuracy in metres. It has a position and no camera.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

WIDTH, HEIGHT = 360, 740


def main(profile: str, lat: float, lon: float, accuracy_m: float) -> None:
    store = WebKit2.WebsiteDataManager(base_data_directory=f"{profile}/data", base_cache_directory=f"{profile}/cache")
    context = WebKit2.WebContext(website_data_manager=store, time_zone_override="Asia/Shanghai")
    context.set_preferred_languages(["zh-CN"])
    context.set_automation_allowed(True)
    place = WebKit2.GeolocationPosition.new(lat, lon, accuracy_m)
    context.get_geolocation_manager().connect("start", lambda manager: manager.update_position(place) or True)
    context.connect("automation-started", automate)
    Gtk.main()


def automate(context: WebKit2.WebContext, session: WebKit2.AutomationSession) -> None:
    about = WebKit2.ApplicationInfo()
    about.set_name("phone")
    session.set_application_info(about)
    session.connect("create-web-view", lambda _session: open_window(context))


def open_window(context: WebKit2.WebContext) -> WebKit2.WebView:
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    view.get_settings().set_enable_media_stream(False)
    view.connect("permission-request", answer)
    window = Gtk.Window()
    window.set_default_size(WIDTH, HEIGHT)
    window.add(view)
    window.show_all()
    return view


def answer(_view: WebKit2.WebView, request: WebKit2.PermissionRequest) -> bool:
    if isinstance(request, WebKit2.GeolocationPermissionRequest):
        request.allow()
    else:
        request.deny()
    return True


if __name__ == "__main__":
    main(sys.argv[1], *map(float, sys.argv[2:]))
