"""The side of the office: the link to the farm, and its hands."""
