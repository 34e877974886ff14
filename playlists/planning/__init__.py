"""A venue's week planned from what the files say. Pure: no clock, no chance, no files."""
