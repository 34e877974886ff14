"""Covers: a picture of each lesson, with its title, for WeChat."""
