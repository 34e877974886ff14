"""What is sent to chat groups: a town's week, a correction."""
