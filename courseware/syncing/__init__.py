"""Subtitles that are too early, too late or drift, moved to where somebody speaks. Knows no words, only sound."""
