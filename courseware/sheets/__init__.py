"""Spreadsheets as rows of cells: read from .xlsx and .csv, written as .csv."""
