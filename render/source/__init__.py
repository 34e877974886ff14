"""What is known of a source and what there is to do for a lesson."""
