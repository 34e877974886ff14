"""Subtitle files moved to where somebody speaks, and the command for it."""
