"""A lesson's sound: what is mended of it, how loud it is, and the graph that makes it."""
