"""The commands review comment and review settle."""
