"""Worker lists as Excel files: reading them safely, checking each row, writing them."""
