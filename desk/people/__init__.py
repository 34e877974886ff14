"""Who works at the desk: roles, users, logins, and who did what."""
