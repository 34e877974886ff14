"""The desk opened, served and guarded."""
