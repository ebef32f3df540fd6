"""From sign-up to the first completion: what is done, the one next action, and sample data to try things with."""
