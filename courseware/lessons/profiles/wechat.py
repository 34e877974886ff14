"""Telephones, which load it over the air."""

from courseware.lessons.profiles.fixed import FixedProfile

PROFILE = FixedProfile(1280, 720, "微信公众号", most_kbps=4000)
