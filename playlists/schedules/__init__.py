"""Planned weeks as records: kept, numbered, remembered, compared."""
