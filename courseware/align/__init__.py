"""From a script and a recording to timed cues, by the sound itself; nothing is downloaded."""
