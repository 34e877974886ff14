"""Playlists and USB folders."""
