"""What is in the library: its routines, objects and warnings."""
