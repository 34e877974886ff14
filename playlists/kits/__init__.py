"""What a player gets on a stick: its plan, signed and checked."""
