"""What the files ask for, judged: obligations, standards, and what contradicts itself. Reads its own two files."""
