"""What keeps files whole: locks, handwork kept, outputs held against inputs, sealed records, state, chains."""
