"""What speech sounds like and where it is in a recording: sounds, activity, a synthetic voice to compare with."""
