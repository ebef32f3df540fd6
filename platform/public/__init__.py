"""The platform layer above all enterprises; named after PostgreSQL's `public` schema, where its rows live."""
