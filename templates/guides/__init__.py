"""What people who work with the toolkit read: the three guides as pages, and a sheet of each to print."""
