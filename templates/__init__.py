"""How things look: type, cards, pages, the sample county, the translations."""
