"""Large files come in: in parts, resumable, checked for what they really are before anybody uses them."""
