"""The columns: articles that people write, numbered, made into pages, reviewed and published."""
