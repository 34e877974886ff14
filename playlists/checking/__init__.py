"""Schedules checked against every rule and obligation, without the planner."""
