"""Pages and reports: what they show, as HTML, PDF and PNG."""
