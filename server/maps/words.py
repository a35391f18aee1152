"""What the frames of map tiles are called."""

from flask_babel import lazy_gettext

from server.maps.models import Frame

FRAME_WORDS = {
    Frame.GCJ02.value: lazy_gettext("GCJ-02（高德、腾讯等国内底图）"),
    Frame.WGS84.value: lazy_gettext("WGS-84（天地图、OpenStreetMap 等）"),
}
