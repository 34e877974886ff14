"""Subtitles edited at the desk: their file, what is wrong with them, the sound and the video beside them."""
