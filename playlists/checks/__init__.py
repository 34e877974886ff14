"""Rules that a schedule must keep, one small function each."""
