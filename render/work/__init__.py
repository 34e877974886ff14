"""What carries jobs out: ffmpeg, the store, threads, the workshop, and the proof of what was made."""
