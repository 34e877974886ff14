"""How a quality report is shown: a page to print and to hand on."""
