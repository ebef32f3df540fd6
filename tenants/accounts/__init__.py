"""Who may sign in: one credential model, in `public` for the platform's people and in each schema for an enterprise's."""
