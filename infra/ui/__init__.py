"""What people see: design tokens, base templates, components and small scripts that every page is composed of."""
