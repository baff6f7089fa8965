"""What people see in a browser: one page, its words, and the files it needs."""
