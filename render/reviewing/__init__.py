"""What a reviewer looks at: a lesson's finished videos with all that is known of them."""
