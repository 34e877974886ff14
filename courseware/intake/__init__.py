"""A spreadsheet of lessons and a folder of raw files become lessons' folders."""
