"""Units, positions, special-operation certificates: how an enterprise's people are ordered."""
