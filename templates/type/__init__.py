"""Type: the shipped fonts, phrases, line breaking, what can be printed."""
