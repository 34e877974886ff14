"""Emergency notices: sent to venues, kept in a ledger, withdrawn."""
