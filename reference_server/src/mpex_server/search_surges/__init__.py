"""Search surges: larger search budgets for a time, because of an incident; logged and published."""
