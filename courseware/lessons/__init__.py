"""What a lesson is and where it lies: lesson.toml, series, settings, the workspace, finished renditions."""
