"""Televisions of today."""

from courseware.lessons.profiles.fixed import FixedProfile

PROFILE = FixedProfile(1920, 1080, "站点电视", usual=True)
