"""People who run the platform, their second factor and their desks."""
