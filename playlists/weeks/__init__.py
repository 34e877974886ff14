"""The commands about weeks: plan them, look at them, change them by hand."""
