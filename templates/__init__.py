"""How things look: fonts, series looks, cards, idents, pages, the sample county, the translations."""
