"""What is told of a picture or sound only when it is certain: shape, soundness, speech and its subtitles."""
