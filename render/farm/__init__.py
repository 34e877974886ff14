"""Several machines: pieces made by other computers, on Dask's engine, through a shared store."""
