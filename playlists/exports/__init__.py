"""Weeks and months for office programs: tables of venues by days, calendars of venues and of lecturers."""
