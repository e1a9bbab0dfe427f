"""Several workers behind nginx: what the docs say of deploying, started and put under load."""
