"""What is known of a profile that has a name of its own, instead of one that tells its size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FixedProfile:
    """A kind of screen that is always of one size, encoded and sounding as for television.

    Attributes:
        width, height: in pixels; both even.
        label: in Chinese, as yuanjiao.toml and the docs explain it.
        most_kbps: that its players read; None for as much as their H.264 level allows.
        usual: whether a station or centre whose screen has this size plays it when venues.csv names no profile.
    """

    width: int
    height: int
    label: str
    most_kbps: int | None = None
    usual: bool = False
