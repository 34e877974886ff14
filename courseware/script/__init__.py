"""What a script says and which of it is spoken."""
