"""Everything that is drawn: cards, idents, notices, slogans, marks."""
