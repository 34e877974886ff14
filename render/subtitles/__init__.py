"""What a person does with subtitle files: check, convert, move and set them."""
