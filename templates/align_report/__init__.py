"""How an alignment is shown: a page to listen to and check, and the command that makes it."""
