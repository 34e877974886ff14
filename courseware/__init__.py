"""The nouns: workspace, lesson, series, cue, media facts, rendition. Imports nothing of ours."""
