"""What the screens say they have shown: logs read, proved, kept, and held against the plan."""
