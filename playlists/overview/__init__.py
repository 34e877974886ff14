"""The workspace as a whole: what is wrong with it, and how far it has come."""
