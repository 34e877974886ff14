"""What is to be made, as pure data: orders, timelines, chunks, captions, filter graphs, keys."""
