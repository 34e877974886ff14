"""The side of a computer that is lent: the worker, its cabinet, its hours."""
