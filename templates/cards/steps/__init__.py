"""Step cards: what a lesson says in words, page after page."""
