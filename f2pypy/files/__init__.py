"""Files in and out: what their names say, and the two places where f2pypy touches the disk."""
