"""The checks, one module for each chapter of the standard."""
