"""Person records: sought persons, persons found alive, living persons without identity."""
