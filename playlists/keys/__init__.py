"""The command key."""
