"""What a command says and the options that commands share."""
