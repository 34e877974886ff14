"""A lesson out of something that is no video: a text, and whatever there is a reader for."""
