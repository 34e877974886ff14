"""What a lesson shows, as its file says it (`clip_file.py`) and as it is found in its folder (`lesson_paths.py`)."""
