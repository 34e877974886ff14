"""Lessons at the desk: the shelf, their fields, their pictures, and what was dropped to become one."""
