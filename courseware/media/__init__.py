"""What a source is: its packets, pictures, sound tracks and clock, read by looking into the file."""
