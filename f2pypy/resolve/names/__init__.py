"""Which declaration a name means: scopes, use association, named constants."""
