"""What a person begins with: an empty workspace and the sample county."""
