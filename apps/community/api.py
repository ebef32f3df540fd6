"""Front door of community. Nobody needs anything of it yet."""

__all__: list[str] = []
