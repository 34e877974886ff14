"""Who goes where: lecturers to lectures, batches to rooms, solved to proven optimality."""
