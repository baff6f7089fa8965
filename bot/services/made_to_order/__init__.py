"""What is made to order: a form, its review, its order, and the work on it from stage to stage."""
