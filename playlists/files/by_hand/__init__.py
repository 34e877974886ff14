"""What the office changes by hand in edits.toml, beside single showings."""
