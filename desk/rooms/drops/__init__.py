"""Files dropped onto a page: what they would become is shown before anything is taken."""
