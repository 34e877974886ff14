"""The profiles with names of their own. A further one is a module with a PROFILE, imported here, and a line."""

from __future__ import annotations

from courseware.lessons.profiles import station_tv, station_tv_720, wechat
from courseware.lessons.profiles.fixed import FixedProfile

PROFILES: dict[str, FixedProfile] = {
    "station-tv": station_tv.PROFILE,
    "station-tv-720": station_tv_720.PROFILE,
    "wechat": wechat.PROFILE,
}
SIZED = "led-<W>x<H>"  # every other name tells the size
