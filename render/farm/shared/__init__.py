"""What the computers of a farm share: contents by hash, tasks and answers."""
