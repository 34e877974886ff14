"""Emergency notices made for screens, at once."""
