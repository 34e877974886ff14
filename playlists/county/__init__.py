"""All that a county's files say, read once for whoever plans, checks or looks on; and its planned weeks."""
