"""What is said of a written text, and how: who says it, how numbers and names are read, which sounds that has."""
