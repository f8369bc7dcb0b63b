"""Match decisions: hypotheses that two things concern one person; they never identify."""
