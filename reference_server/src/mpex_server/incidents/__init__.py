"""Incidents: public facts on events in which people died or went missing; they speak of no person."""
