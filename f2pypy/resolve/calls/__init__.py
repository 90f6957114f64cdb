"""What happens at the call of a library routine."""
