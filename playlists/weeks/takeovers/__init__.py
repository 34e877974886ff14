"""The command schedule takeover: one lesson at many venues for some hours."""
