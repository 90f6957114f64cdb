"""From plans and expressions to Python text: only here is anything spelled, and no earlier stage asks how."""
