"""Quality checks of what is finished: what is seen and heard, judged, reported. Repairs nothing."""
