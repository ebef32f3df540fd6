"""What browsers refused on our pages: reports against the content security policy."""
