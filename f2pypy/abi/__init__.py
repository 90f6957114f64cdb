"""What a compiler does with names, hidden arguments, results and descriptors."""
