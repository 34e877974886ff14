"""Televisions of before, which do not read 1080 lines."""

from courseware.lessons.profiles.fixed import FixedProfile

PROFILE = FixedProfile(1280, 720, "站点旧电视", usual=True)
