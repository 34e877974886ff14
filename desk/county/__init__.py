"""The county at the desk: places, weeks and their changes, drives, and a glance at all of it."""
