"""What the files of a county say: venues, programmes, calendar, people, rules. Reads and checks; plans nothing."""
