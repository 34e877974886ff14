"""A lesson's narration: what is heard in place of its videos' own sound, and how long its clips are shown for it."""
