"""The desk: what an editor, an operator and a county office do, in the browser of an office PC.

It calls what the commands call, and knows nothing that a command does not.
"""
