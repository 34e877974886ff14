"""Music: where its beats are."""
