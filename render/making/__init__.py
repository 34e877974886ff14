"""Makes renditions: batches, execution, finishing, and the commands for it."""
