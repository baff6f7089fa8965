"""How each notice reads: `registry` is their shape, and every other module registers writers."""
