"""Pages of the review on the desk."""
