"""The command review: what may be shown, and which weeks hold what may not."""
