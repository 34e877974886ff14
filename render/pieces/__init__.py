"""Pieces made: a picture or a sound carried out, proved and put into the store, here or elsewhere."""
