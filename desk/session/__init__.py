"""What a running desk knows, and a request as the rooms see it."""
