"""When a venue is open on a day, and why not; what is held there on it. Answered here for all who ask."""
