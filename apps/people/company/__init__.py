"""The enterprise as a customer of the platform: its papers, its state, who looks on, closing."""
