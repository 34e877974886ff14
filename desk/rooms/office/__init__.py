"""What the county office does besides weeks: reviews as a whole, columns, notices, reports, takeovers."""
