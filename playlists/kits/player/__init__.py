"""The player for PCs: what lies on sticks (scripts and settings), and the command that looks at it."""
