"""Pages of complaints: of complainants on every site, and of the desk."""
