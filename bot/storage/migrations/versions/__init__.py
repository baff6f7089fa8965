"""One file a step, numbered. Expand first, contract a release later; there is no way back."""
