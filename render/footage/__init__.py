"""Drawn footage: videos drawn of what is none (photos, animations, cards), one for each canvas and rate."""
