"""What an enterprise owes: subscriptions (trial at sign-up)."""
