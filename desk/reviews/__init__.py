"""What is reviewed, as the desk shows it."""
