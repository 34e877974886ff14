"""播放.html: the player for PCs that have nothing but a browser, and what is on now for any phone."""
