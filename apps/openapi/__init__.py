"""What other systems of an enterprise may ask and are told: keys, the versioned interface, webhooks."""
