"""What the office reports upwards: the command report and its tables."""
